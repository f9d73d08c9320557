/** The words of a text: names, keywords and numbers alike. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g));
}
