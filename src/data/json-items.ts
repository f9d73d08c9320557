import { problem } from "./problem.js";
import type { Limits } from "./file.js";

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [91, 93, 123, 125];
const [NEWLINE, RETURN, BLANK, TAB] = [10, 13, 32, 9];

/** An item of the file's list, or an object on a line of its own, both counted from 1. */
export type RecordPlace = { readonly item: number } | { readonly line: number };

/** The text of one record, and where it stands. */
export interface RecordText {
  readonly bytes: Buffer;
  readonly place: RecordPlace;
}

export function placeText(place: RecordPlace): string {
  return "item" in place ? `item ${place.item}` : `line ${place.line}`;
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB || byte === NEWLINE || byte === RETURN;
}

/** The non-empty lines of a file. */
export function* linesOf(path: string, bytes: Buffer, limits: Limits): Generator<RecordText> {
  let line = 1;
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== NEWLINE && bytes[i] !== RETURN) continue;
    const record = { bytes: bytes.subarray(start, i), place: { line } };
    if (!record.bytes.every(isBlank)) yield checked(path, record, limits);
    if (bytes[i] === RETURN && bytes[i + 1] === NEWLINE) i++;
    start = i + 1;
    line++;
  }
}

/** The items of a list, each by itself, so that a large file is no large tree; undefined where the text is no list. */
export function itemsOf(file: ListFile): Generator<RecordText> | undefined {
  let begin = 0;
  while (isBlank(file.bytes[begin])) begin++;
  return file.bytes[begin] === OPEN_LIST ? items(file, begin) : undefined;
}

export interface ListFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly limits: Limits;
  /** What to throw where the list does not end as one. */
  readonly broken: () => Error;
}

function* items({ path, bytes, limits, broken }: ListFile, begin: number): Generator<RecordText> {
  let [depth, start, item, at] = [1, begin + 1, 0, begin + 1];
  for (; at < bytes.length && depth > 0; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === OPEN_LIST || byte === OPEN) depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE) depth--;
    if (depth > 0 && !(depth === 1 && byte === COMMA)) continue;
    const text = bytes.subarray(start, at);
    start = at + 1;
    // An empty list has no items; a comma promises one.
    if (depth === 0 && item === 0 && text.every(isBlank)) continue;
    yield checked(path, { bytes: text, place: { item: ++item } }, limits);
  }
  if (depth > 0 || bytes[at - 1] !== CLOSE_LIST || !bytes.subarray(at).every(isBlank)) throw broken();
}

function endOfText(bytes: Buffer, quote: number): number {
  let at = quote + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function checked(path: string, record: RecordText, { line: most }: Limits): RecordText {
  if (record.bytes.length > most)
    throw problem("NN7023", { path, place: placeText(record.place), what: "an object", most });
  return record;
}
