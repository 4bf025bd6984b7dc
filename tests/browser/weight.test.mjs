// @ts-check
// Pages are light: sizes as they travel.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { startServer } from "./server.mjs";

/** What fits into the first round trip of a new connection: ten segments. */
const FIRST_VIEW = 14 * 1024;
const ALL = 50 * 1024;

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => (server = await startServer()));
after(() => server.stop());

/**
 * Bytes of the content as coded, and its text where it was not.
 * @param {string} path
 * @param {string} coding
 * @returns {Promise<Buffer>}
 */
function load(path, coding) {
  return new Promise((resolve, reject) => {
    const asked = request(server.base + path, { headers: { accept: "text/html", "accept-encoding": coding } }, (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve(Buffer.concat(parts)));
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("a code page's first view fits 14 KB, and everything 50 KB", async () => {
  const codes = JSON.parse((await load("/api/v1/codes", "identity")).toString());
  let heaviest = { path: "", first: 0, all: 0 };
  for (const path of ["/", "/4xx", ...codes.map((/** @type {any} */ code) => code.url)]) {
    const html = (await load(path, "identity")).toString();
    const parts = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
    const css = parts.find((part) => part.endsWith(".css"));
    assert.ok(css, `${path} has a style sheet`);
    const first = (await load(path, "br")).length + (await load(css, "br")).length;
    let all = first;
    for (const part of new Set(parts)) if (part !== css) all += (await load(part, "br")).length;
    if (first > heaviest.first) heaviest = { path, first, all };
    assert.ok(first <= FIRST_VIEW, `${path}: HTML and CSS are ${first} bytes`);
    assert.ok(all <= ALL, `${path}: everything is ${all} bytes`);
  }
  console.log(`heaviest: ${heaviest.path}, HTML and CSS ${heaviest.first} bytes, with scripts and icon ${heaviest.all} bytes (brotli)`);
});
