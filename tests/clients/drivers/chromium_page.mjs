// @ts-check
// Opens each URL in Chromium as a person would. A page that is shown is a response, though the developer tools may call it failed: then it is `partial`,
// with as much as came through to the page.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { LIMIT_MS } from "./each.mjs";
import { drive } from "./chromium.mjs";

/** Codes after which a browser stays where it is. */
const NOTHING_TO_SHOW = new Set([204, 205]);

await drive(async (page, devtools, job, signal) => {
  if (job.method !== "GET") return { outcome: "unable" };
  /** @type {import("./each.mjs").Answer} */
  const seen = {};
  /** @type {string | undefined} */
  let id;
  let bytes = 0;
  /** @type {(end: string) => void} */
  let settle = () => {};
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => (settle = resolve));
  devtools.on("Network.requestWillBeSent", ({ requestId, type }) => {
    if (type === "Document") id ??= requestId;
  });
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    if (requestId === id) Object.assign(seen, { status: response.status, reason: response.statusText });
  });
  devtools.on("Network.dataReceived", ({ requestId, dataLength }) => {
    if (requestId === id) bytes += dataLength;
  });
  devtools.on("Network.loadingFinished", ({ requestId }) => requestId === id && settle(""));
  devtools.on("Network.loadingFailed", ({ requestId, errorText }) => requestId === id && settle(errorText));
  signal.addEventListener("abort", () => settle("net::ERR_TIMED_OUT"));

  const download = page.waitForEvent("download", { timeout: LIMIT_MS }).catch(() => undefined);
  const shown = page.goto(job.url, { waitUntil: "commit", timeout: LIMIT_MS }).then(
    () => true,
    () => false,
  );
  const [end, isShown] = await Promise.all([ended, shown]);
  if (signal.aborted) return { outcome: "timeout" };
  if (isShown || NOTHING_TO_SHOW.has(Number(seen.status))) {
    return { outcome: "response", ...seen, content_bytes: bytes, ...(isShown && end ? { error_kind: end, partial: true } : {}) };
  }
  // What is not for a page is saved; its navigation counts as given up.
  const saved = end === "net::ERR_ABORTED" && seen.status ? await download : undefined;
  if (!saved) return { outcome: "error", error_kind: end, error_text: end };
  const failure = await saved.failure();
  if (failure) return { outcome: "error", ...seen, error_kind: `download: ${failure}`, error_text: failure };
  const file = readFileSync(await saved.path());
  return { outcome: "response", ...seen, content_bytes: file.length, content_sha256: createHash("sha256").update(file).digest("hex") };
});
