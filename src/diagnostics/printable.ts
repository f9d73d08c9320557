/** Text that cannot move the cursor, colour the terminal or turn the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same of several lines. JSON stays JSON, and stands for the same. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
