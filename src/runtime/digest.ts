import { sha256 } from "@noble/hashes/sha2";
import { InputError } from "./errors.js";
import { hexOf, latin1, utf8 } from "./host.js";

/** Under this key a checkpoint's header has the digest of the file, as 64 hexadecimal digits. */
export const digestKey = "sha256";

/** What stands for the digest while it is computed: a file cannot hold the digest of itself. */
export const noDigest = "0".repeat(64);

/** Puts a file's SHA-256 in the place of `noDigest` in its header. */
export async function seal(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const at = placeOfDigest(bytes, noDigest);
  if (at === undefined) throw new Error("a checkpoint without a place for its digest");
  const digest = await hexDigest(bytes);
  bytes.set(utf8(digest), at);
  return bytes;
}

/** Refuses a file that is another one than was sealed: a flipped bit, a part that is missing or was changed by hand. */
export async function refuseBroken(bytes: Uint8Array, digest: string): Promise<void> {
  const at = placeOfDigest(bytes, digest);
  if (at !== undefined) {
    const blank = new Uint8Array(bytes);
    blank.set(utf8(noDigest), at);
    if ((await hexDigest(blank)) === digest) return;
  }
  throw new InputError(
    "the checkpoint is damaged, or was changed by hand: its contents do not fit the digest in its header. Take another copy of it.",
  );
}

/** Where in the header a digest stands. */
function placeOfDigest(bytes: Uint8Array, digest: string): number | undefined {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  // Bytes and characters are counted alike: one character each.
  const header = latin1(bytes.subarray(8, 8 + length));
  const before = `"${digestKey}":"`;
  const at = header.indexOf(`${before}${digest}"`);
  return at === -1 ? undefined : 8 + at + before.length;
}

/** Pages without https, and bare contexts, have no WebCrypto. */
async function hexDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  const digest = subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : sha256(bytes);
  return Array.from(digest, hexOf).join("");
}
