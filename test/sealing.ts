import { createHash } from "node:crypto";
import { readSafetensors, writeSafetensors } from "../src/runtime/safetensors/index.js";

type Content = ReturnType<typeof readSafetensors>;

/** A checkpoint with these contents whose digest fits, as somebody writes it who knows how: by another SHA-256 than ours. */
export function sealed({ tensors, metadata }: Content): Uint8Array {
  const blank = "0".repeat(64);
  const bytes = writeSafetensors(tensors, { ...metadata, sha256: blank });
  const digest = createHash("sha256").update(bytes).digest("hex");
  const text = Buffer.from(bytes).toString("latin1").replace(`"sha256":"${blank}"`, `"sha256":"${digest}"`);
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** A checkpoint after somebody has changed what is in it. */
export function resealed(bytes: Uint8Array, change: (content: Content) => Partial<Content>): Uint8Array {
  const content = readSafetensors(bytes);
  return sealed({ ...content, ...change(content) });
}
