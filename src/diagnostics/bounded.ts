/** A name or pattern that is longer than this is shown in part. */
const LONGEST_QUOTE = 200;
/** A message or hint that is longer than this ends early. */
const LONGEST = 1_000;

/** A message without the rest of what is far too long to be read: names, patterns and lists have no bound of their own. */
export function bounded(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text;
  const short = text.replace(/`[^`]*`/g, (quote) =>
    quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE / 2)}…\`` : quote,
  );
  if (short.length <= LONGEST) return short;
  const blank = short.lastIndexOf(" ", LONGEST);
  return `${short.slice(0, blank > 0 ? blank : LONGEST)} …`;
}

/** The first of a list of names, and how many more there are. */
export function someOf(names: readonly string[], most = 8): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
