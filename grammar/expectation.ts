import { tokenLabel, type IParserErrorMessageProvider } from "chevrotain";

/** The parser's own messages name only what would have fitted; the words around it are made where the place is known. */
export const expectation: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
};
