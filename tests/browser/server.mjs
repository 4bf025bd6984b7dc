// @ts-check
// Starts the release binary on a free port, and a browser.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const BINARY = fileURLToPath(new URL("../../target/release/siteerror", import.meta.url));

/** A port for what is checked; test files run side by side, so each process has another. */
export const CHECKED = 20000 + (process.pid % 20000);

/** @returns {Promise<{ base: string, stop: () => Promise<void> }>} */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "siteerror-"));
  /** @param {string[]} args */
  const start = async (...args) => {
    const child = spawn(BINARY, [...args, "--log", "warn"], { cwd: folder, env: {}, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(child.stdout, "data");
    const base = String(line).match(/http:\/\/\S+/)?.[0];
    if (!base) throw new Error(`no address in the start line: ${line}`);
    return { child, base };
  };
  // What is checked: a playground of its own, since a server does not check itself.
  const checked = await start("playground", "--listen", `0.0.0.0:${CHECKED}`);
  const site = await start("serve", "--listen", "127.0.0.1:0", "--check-allow-range", "127.0.0.0/8", "--check-ports", `${CHECKED}`);
  return {
    base: site.base,
    async stop() {
      for (const { child } of [site, checked]) {
        child.kill("SIGTERM");
        const [code] = await once(child, "exit");
        if (code !== 0) throw new Error(`the server ended with ${code}`);
      }
      rmSync(folder, { recursive: true });
    },
  };
}

export function startBrowser() {
  return chromium.launch({
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
}

/** One address of every kind of page. */
export const KINDS = [
  "/",
  "/1xx",
  "/3xx",
  "/5xx",
  "/codes",
  "/codes?class=4xx&cacheable=yes",
  "/codes?field=nothing",
  "/103",
  "/200",
  "/206",
  "/304",
  "/404",
  "/418",
  "/501",
  "/search",
  "/search?q=too+many",
  "/search?q=xyzzyplugh",
  "/477",
  "/799",
  "/4o4",
  "/nothing/here",
  "/codes?class=9xx",
  "/problems",
  "/check",
  `/check?url=http://127.0.0.1:${CHECKED}/redirect/2&probes=on`,
  `/check?url=http://127.0.0.2:${CHECKED}/interim/103/503`,
  `/check?url=http://127.0.0.3:${CHECKED}/status/404&also_method=HEAD`,
  `/check?url=http://127.0.0.4:${CHECKED}/fault/length-too-long&version=1.1`,
  "/check?url=http://10.0.0.1/",
  "/check?url=example.com",
  "/playground",
  "/playground?code=503&header=Retry-After:+2&body=back+soon&interim=103@0&field=X-A:+b&run=1",
  "/playground?fault=length-too-long&run=1",
  "/playground?seq=503*2,200",
  "/playground?path=/get&method=a+b",
  "/rules",
  "/rules?q=etag&severity=warn",
  "/rules/405-without-allow",
  "/rules/redirect-chain-long",
  "/rules/http2-101",
  "/lint",
  "/lint?example=405-without-allow",
  "/play/",
  "/play/faults",
  "/play/faults/reset-in-content",
  "/play/interims",
  "/play/interims/unasked-100",
  "/play/causes",
  "/play/cause/412",
  "/play/vendors",
  "/play/limits",
  "/play/tls",
  "/play/lab/pages",
  "/play/explain/404",
  "/play/nothing-here",
];

/** What the linter is given for a page with findings of every severity. */
export const PASTED = "HTTP/1.1 405 Method Not Allowed\r\nETag: abc\r\nSet-Cookie: a=b\r\nContent-Length: 6\r\n\r\nhello\n";
