import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { span, type Source } from "../source/index.js";

const limits = { characters: 16_000_000, tokens: 2_000_000, brackets: 128 };

const code = (character: string): number => character.charCodeAt(0);
const newline = code("\n");
const carriageReturn = code("\r");
const quote = code('"');
const backslash = code("\\");
const slash = code("/");
const star = code("*");
const openers = asciiTable("([{");
const closers = asciiTable(")]}");
const words = asciiTable("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

/** For each ASCII code whether it is one of these: every character of a text is asked about. */
function asciiTable(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[code(character)] = 1;
  return table;
}

/** What would cost too much to parse, or cannot be a spec at all: one pass over the text, before anything else. */
export function checkBounds(source: Source): Diagnostic | undefined {
  const { text } = source;
  if (text.length > limits.characters) {
    const limit = `${limits.characters.toLocaleString("en")} characters`;
    return diagnostic("NN1018", span(source, 0, 0), { limit });
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) return diagnostic("NN1019", span(source, nul, nul + 1), {});
  return checkNesting(source);
}

function checkNesting(source: Source): Diagnostic | undefined {
  const { text } = source;
  let depth = 0;
  let tokens = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const word = words[c] === 1;
    if (c > 32 && !(word && inWord)) tokens++;
    inWord = word;
    if (c === quote) i = endOfString(text, i);
    else if (c === slash && text.charCodeAt(i + 1) === slash) i = endOfLine(text, i);
    else if (c === slash && text.charCodeAt(i + 1) === star) i = endOfComment(text, i);
    else if (openers[c] === 1) depth++;
    else if (closers[c] === 1) depth = Math.max(0, depth - 1);
    if (depth > limits.brackets)
      return diagnostic("NN1020", span(source, i, i + 1), { limit: limits.brackets });
    if (tokens > limits.tokens) {
      const limit = `${limits.tokens.toLocaleString("en")} words and signs`;
      return diagnostic("NN1018", span(source, i, i + 1), { limit });
    }
  }
  return undefined;
}

/** The last offset of the string that begins here, or of its line. */
function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i;
    if (c === newline || c === carriageReturn) return i;
    if (c === backslash && text.charCodeAt(i + 1) !== newline) i++;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === newline || c === carriageReturn) return i;
  }
  return text.length;
}

function endOfComment(text: string, from: number): number {
  const end = text.indexOf("*/", from + 2);
  return end === -1 ? text.length : end + 1;
}
