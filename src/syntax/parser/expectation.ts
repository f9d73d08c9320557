import { tokenLabel, type IParserErrorMessageProvider } from "chevrotain";

/** Chevrotain's messages are cut down to what would have fitted; `src/syntax/failures` makes the sentence around it. */
export const expectation: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
};
