// @ts-check
// The loop of every driver in JavaScript: URLs as JSON lines in, what the caller of the client gets as JSON lines out.

import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

export const LIMIT_MS = 5000;

/**
 * @typedef {{ name: string, url: string, method: string, http2?: boolean }} Job
 * @typedef {Record<string, unknown>} Answer
 */

/**
 * Reads content to its end, keeping its size and digest only.
 * @param {AsyncIterable<Uint8Array>} parts
 */
export async function content(parts) {
  let content_bytes = 0;
  const hash = createHash("sha256");
  for await (const part of parts) {
    content_bytes += part.byteLength;
    hash.update(part);
  }
  return { content_bytes, content_sha256: hash.digest("hex") };
}

/**
 * The code, else the class, of the innermost cause, and its words.
 * @param {any} error
 */
export function failed(error) {
  let inner = error;
  for (let depth = 0; depth < 8 && inner.cause instanceof Error; depth += 1) inner = inner.cause;
  return { outcome: "error", error_kind: String(inner.code ?? inner.name), error_text: String(inner.message) };
}

/**
 * @param {string} version
 * @param {(job: Job, signal: AbortSignal, seen: Answer) => Promise<Answer>} ask fills `seen` before it reads the content
 * @param {number} limitMs more than LIMIT_MS for a driver that has to prepare something for each URL, and keeps the limit itself
 */
export async function main(version, ask, limitMs = LIMIT_MS) {
  if (process.argv[2] === "--version") {
    console.log(version);
    return;
  }
  for await (const line of createInterface({ input: process.stdin })) {
    /** @type {Job} */
    const job = JSON.parse(line);
    /** @type {Answer} */
    const seen = {};
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    /** @type {Answer} */
    let answer;
    try {
      const added = await ask(job, limit.signal, seen);
      answer = { outcome: "response", ...seen, ...added };
    } catch (error) {
      answer = limit.signal.aborted ? { outcome: "timeout" } : { ...seen, ...failed(error) };
    } finally {
      clearTimeout(timer);
    }
    console.log(JSON.stringify({ name: job.name, ...answer }));
  }
}
