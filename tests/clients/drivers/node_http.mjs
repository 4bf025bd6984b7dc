// @ts-check
// Asks with node:http, which leaves content codings alone.

import http from "node:http";
import https from "node:https";
import { once } from "node:events";
import { content, main } from "./each.mjs";

await main(process.versions.node, async (job, signal, seen) => {
  if (job.http2) return { outcome: "unable" };
  const { request } = job.url.startsWith("https:") ? https : http;
  const asked = request(job.url, { method: job.method, agent: false, signal, rejectUnauthorized: false });
  /** @type {number[]} */
  const interims = [];
  asked.on("information", (head) => {
    interims.push(head.statusCode);
    seen.interims = interims;
  });
  // The request says what was wrong; the response, if it has begun, only that it was cut off.
  /** @type {Error | undefined} */
  let reason;
  asked.on("error", (error) => (reason ??= error));
  // An upgrade that nobody listens for ends like this: with no response, and no error either.
  const closed = once(asked, "close", { signal }).then(() => {
    throw reason ?? Object.assign(new Error("closed, without a response or an error"), { code: "close" });
  });
  // It comes after every response too, and then means nothing.
  closed.catch(() => {});
  asked.end();
  try {
    /** @type {[http.IncomingMessage]} */
    const [response] = /** @type {any} */ (await Promise.race([once(asked, "response", { signal }), closed]));
    Object.assign(seen, { status: response.statusCode, reason: response.statusMessage, coded: response.headers["content-encoding"] !== undefined });
    const read = await content(response);
    // After a reset the response ends as if it were whole; only the request tells.
    if (reason) throw reason;
    return read;
  } catch (error) {
    throw reason ?? error;
  } finally {
    asked.destroy();
  }
});
