// @ts-check
// What the two drivers of Chromium share: a browser, and for each URL a context, so a connection, of its own.

import { createRequire } from "node:module";
import { LIMIT_MS, main } from "./each.mjs";

/** How long a context and a page may take to open; that does not count as waiting for an answer. */
const OPEN_MS = 30_000;

const { chromium } = createRequire(process.env.CLIENTS_NODE_MODULES + "/")("playwright-core");

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").CDPSession} CDPSession
 * @param {(page: Page, devtools: CDPSession, job: import("./each.mjs").Job, signal: AbortSignal) => Promise<import("./each.mjs").Answer>} ask
 */
export async function drive(ask) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const open = async (/** @type {import("./each.mjs").Job} */ job) => {
      if (job.http2 && !job.url.startsWith("https:")) return { outcome: "unable" };
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      try {
        const page = await context.newPage();
        const devtools = await context.newCDPSession(page);
        await devtools.send("Network.enable");
        return await ask(page, devtools, job, AbortSignal.timeout(LIMIT_MS));
      } finally {
        await context.close();
      }
    };
    await main(browser.version(), open, OPEN_MS + LIMIT_MS);
  } finally {
    await browser.close();
  }
}
