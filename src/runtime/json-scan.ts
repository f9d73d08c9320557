/** How many keys stand in a JSON text, and how deep its brackets are. */
export interface JsonScan {
  /** As many as colons outside its strings: a parsed object has those that are repeated once. */
  readonly keys: number;
  readonly depth: number;
}

const [QUOTE, COLON, BACKSLASH] = [34, 58, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [91, 93, 123, 125];

/** Looks at each byte once, and makes nothing of it. */
export function scanJson(bytes: Uint8Array): JsonScan {
  const { length } = bytes;
  let [keys, open, depth] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    switch (bytes[i]) {
      case COLON:
        keys++;
        break;
      case OPEN_LIST:
      case OPEN:
        if (++open > depth) depth = open;
        break;
      case CLOSE_LIST:
      case CLOSE:
        open--;
        break;
      case QUOTE:
        while (++i < length && bytes[i] !== QUOTE) if (bytes[i] === BACKSLASH) i++;
    }
  }
  return { keys, depth };
}
