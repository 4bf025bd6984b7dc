// @ts-check
// Asks with fetch() of a page of the same origin in Chromium. Scripts are told one sentence for every error; the kind is the one that the developer tools show.

import { LIMIT_MS } from "./each.mjs";
import { drive } from "./chromium.mjs";

const BLANK = "/a-blank-page-of-this-origin";

await drive(async (page, devtools, job) => {
  const blank = new URL(BLANK, job.url).href;
  // Answered here and not by the server, whose pages may be sandboxed or missing.
  await page.route(blank, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>blank</title>" }));
  await page.goto(blank);
  await page.unroute(blank);
  const asked = new URL(job.url).href;
  /** @type {string | undefined} */
  let id;
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url === asked) id ??= requestId;
  });
  // Other requests can fail too: that for an icon, when its page is left.
  /** @type {Promise<string>} */
  const devtoolsSay = new Promise((resolve) => {
    devtools.on("Network.loadingFailed", ({ requestId, errorText }) => requestId === id && resolve(errorText));
  });
  const answer = await page.evaluate(inPage, { url: job.url, method: job.method, limit: LIMIT_MS });
  if (answer.outcome === "error") {
    // The event and the rejected promise come on two ways, in either order.
    answer.error_kind = await Promise.race([devtoolsSay, page.waitForTimeout(LIMIT_MS).then(() => answer.error_kind)]);
  }
  return answer;
});

/**
 * Runs in the page, so it can use nothing from outside of itself.
 * @param {{ url: string, method: string, limit: number }} job
 * @returns {Promise<Record<string, unknown>>}
 */
async function inPage({ url, method, limit }) {
  /** @type {Record<string, unknown>} */
  const seen = {};
  const signal = AbortSignal.timeout(limit);
  try {
    const response = await fetch(url, { method, cache: "no-store", redirect: "manual", signal });
    Object.assign(seen, { status: response.status, reason: response.statusText });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const content_sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { outcome: "response", ...seen, content_bytes: bytes.length, content_sha256 };
  } catch (error) {
    if (signal.aborted) return { outcome: "timeout" };
    const { name, message } = /** @type {Error} */ (error);
    return { outcome: "error", ...seen, error_kind: name, error_text: `${name}: ${message}` };
  }
}
