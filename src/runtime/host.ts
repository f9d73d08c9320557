// What bare contexts (`node:vm`, and test runners that make them) lack of other hosts. A host's own is taken where there is one.

/** A text as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (typeof TextEncoder !== "undefined") return new TextEncoder().encode(text);
  // Half a pair has no bytes of its own, and becomes what an encoder makes of it.
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  return bytesOfLatin1(escaped.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))));
}

/** The text that stands in UTF-8; throws where it is none. */
export function textOfUtf8(bytes: Uint8Array): string {
  if (typeof TextDecoder !== "undefined")
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  return decodeURIComponent(latin1(bytes).replace(/[^]/g, (c) => `%${hexOf(c.charCodeAt(0))}`));
}

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  if (typeof TextDecoder !== "undefined") return new TextDecoder("latin1").decode(bytes);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function bytesOfLatin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** Milliseconds from some moment. */
export function now(): number {
  return typeof performance === "undefined" ? Date.now() : performance.now();
}

/** Calls a function when all else that waits has had its turn; soon, where the host has no timers. */
export function later(run: () => void): void {
  if (typeof setTimeout === "undefined") void Promise.resolve().then(run);
  else setTimeout(run, 0);
}
