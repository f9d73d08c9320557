import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFileAtomic } from "../../src/data/atomic.js";
import { temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();

test("writes and replaces, and leaves nothing else behind", () => {
  const path = join(folder, "model.safetensors");
  writeFileAtomic(path, Uint8Array.of(1, 2, 3));
  writeFileAtomic(path, "text");
  expect(readFileSync(path, "utf8")).toBe("text");
  expect(readdirSync(folder)).toEqual(["model.safetensors"]);
});

test("follows a link", () => {
  const inner = join(folder, "inner");
  mkdirSync(inner);
  writeFileSync(join(inner, "real"), "old");
  symlinkSync(join(inner, "real"), join(folder, "link"));
  writeFileAtomic(join(folder, "link"), "new");
  expect(readFileSync(join(inner, "real"), "utf8")).toBe("new");
});

test("fails without a trace", () => {
  const occupied = join(folder, "occupied");
  mkdirSync(join(occupied, "full"), { recursive: true });
  const before = readdirSync(folder).toSorted();
  expect(() => writeFileAtomic(occupied, "x")).toThrow();
  expect(() => writeFileAtomic(join(folder, "no", "such", "folder"), "x")).toThrow();
  expect(readdirSync(folder).toSorted()).toEqual(before);
});

test("keeps the permissions of what it replaces", () => {
  const path = join(folder, "private.csv");
  writeFileSync(path, "old", { mode: 0o600 });
  writeFileAtomic(path, "new");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("writes into a pipe, and puts no file in its place", async () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = spawn("cat", [path], { stdio: ["ignore", "pipe", "ignore"] });
  const read = reader.stdout.toArray();
  writeFileAtomic(path, "through");
  expect(Buffer.concat(await read).toString()).toBe("through");
  expect(statSync(path).isFIFO()).toBe(true);
});
