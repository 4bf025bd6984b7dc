// @ts-check
// The HTML of every page is valid, says the Nu Html Checker.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { KINDS, PASTED, startServer } from "./server.mjs";

const JAR = fileURLToPath(new URL("node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => (server = await startServer()));
after(() => server.stop());

/**
 * @param {Record<string, string>} pages
 * @returns {string[]}
 */
function complaints(pages) {
  const folder = mkdtempSync(join(tmpdir(), "siteerror-html-"));
  const names = Object.keys(pages).map((path, index) => ({ path, file: join(folder, `${index}.html`) }));
  for (const { path, file } of names) writeFileSync(file, pages[path]);
  const { stdout, error } = spawnSync("java", ["-jar", JAR, "--format", "json", "--stdout", ...names.map(({ file }) => file)], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  rmSync(folder, { recursive: true });
  if (error) throw error;
  const found = JSON.parse(stdout).messages;
  return found.map((/** @type {any} */ one) => {
    const path = names.find(({ file }) => one.url?.endsWith(file))?.path;
    return `${path}:${one.lastLine}: ${one.type} ${one.message} ${one.extract ?? ""}`;
  });
}

test("every page is valid HTML", async () => {
  const codes = await (await fetch(`${server.base}/api/v1/codes`)).json();
  const paths = [...new Set([...KINDS, "/2xx", "/4xx", ...codes.map((/** @type {any} */ code) => code.url)])];
  assert.ok(paths.length > 80);
  /** @type {Record<string, string>} */
  const pages = {};
  for (const path of paths) pages[path] = await (await fetch(server.base + path, { headers: { accept: "text/html" } })).text();
  for (const response of [PASTED, "hello"]) {
    const answer = await fetch(`${server.base}/lint`, { method: "POST", headers: { accept: "text/html" }, body: new URLSearchParams({ response }) });
    pages[`/lint with ${response.length}`] = await answer.text();
  }
  assert.deepEqual(complaints(pages), []);
});

test("the checker does find faults", () => {
  assert.notDeepEqual(complaints({ "/bad": "<!doctype html><html lang=en><title>x</title><p><div></p>" }), []);
});
