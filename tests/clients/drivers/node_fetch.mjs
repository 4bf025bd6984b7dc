// @ts-check
// Asks with Node.js's own fetch(), which is undici.

import { content, main } from "./each.mjs";

process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
process.removeAllListeners("warning");
const DECODES = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

// The built-in fetch() shows its agent only under these symbols (the first in older versions), and only after it was used once. An agent a URL
// means a connection a URL.
await fetch("data:,").then((response) => response.text());
const { [Symbol.for("undici.globalDispatcher.1")]: older, [Symbol.for("undici.globalDispatcher.2")]: newer } = /** @type {any} */ (globalThis);
const Agent = (newer ?? older).constructor;

await main(`${process.versions.node} (undici ${process.versions.undici})`, async (job, signal, seen) => {
  if (job.http2 && !job.url.startsWith("https:")) return { outcome: "unable" };
  const dispatcher = new Agent();
  try {
    const options = { method: job.method, signal, redirect: "manual", dispatcher };
    const response = await fetch(job.url, /** @type {RequestInit} */ (options));
    const coding = response.headers.get("content-encoding")?.toLowerCase();
    Object.assign(seen, { status: response.status, reason: response.statusText, coded: coding !== undefined && !DECODES.has(coding) });
    return await content(/** @type {any} */ (response.body ?? []));
  } finally {
    await dispatcher.destroy();
  }
});
