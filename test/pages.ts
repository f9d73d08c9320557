import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

export const hasBrowser = browserPath !== undefined;
/** What a test's name says of it where it cannot run. */
export const whereSkipped = hasBrowser ? "" : " (skipped: there is no Chromium here)";

/** A server of scripts and pages, and of an empty page at every other path, for a headless Chromium. */
export interface Pages {
  /** What an expression gives in the page at a path. */
  readonly evaluate: <T>(path: string, expression: string) => Promise<T>;
  readonly close: () => void;
}

/** The headers without which a page has no threads. */
export const isolated: readonly (readonly [string, string])[] = [
  ["cross-origin-embedder-policy", "require-corp"],
  ["cross-origin-opener-policy", "same-origin"],
];

/** How a browser is started here. */
export function launching(more: readonly string[] = []) {
  return {
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  };
}

export async function servePages(
  fileAt: (path: string) => string | Uint8Array | undefined,
  headersAt: (path: string) => typeof isolated = () => [],
): Promise<Pages> {
  const server = createServer(({ url = "" }, response) => {
    const file = fileAt(url);
    for (const [name, value] of headersAt(url)) response.setHeader(name, value);
    const isScript = file !== undefined && !/\.html(\?|$)/.test(url);
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(file ?? "<!doctype html><title>nnspec</title>");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const evaluate = async <T>(path: string, expression: string): Promise<T> => {
    const browser = await chromium.launch(launching());
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0);
      await page.goto(`http://127.0.0.1:${port}${path}`);
      return await page.evaluate<T>(expression);
    } finally {
      await browser.close();
    }
  };
  return { evaluate, close: () => void server.close() };
}

/** What an expression gives in a page of the extension that lies in a folder. */
export async function evaluateInExtension<T>(folder: string, page: string, expression: string): Promise<T> {
  const load = [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`];
  const context = await chromium.launchPersistentContext("", {
    ...launching(load),
    ignoreDefaultArgs: ["--disable-extensions"],
  });
  try {
    const opened = await context.newPage();
    opened.setDefaultTimeout(0);
    await opened.goto(`chrome-extension://${extensionId(folder)}/${page}`);
    return await opened.evaluate<T>(expression);
  } finally {
    await context.close();
  }
}

/** The name that the browser gives an extension without a key: the first half of its path's SHA-256, in letters from a to p. */
function extensionId(folder: string): string {
  const digest = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return digest.replace(/./g, (digit) => String.fromCharCode(97 + parseInt(digit, 16)));
}
