// @ts-check
// Sends the composed request by fetch, reads the server's own transcript of it, and shows both side by side.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-builder]"));
const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
/** Bytes of content that are shown. */
const MOST = 64 * 1024;
const PATIENCE = 30_000;

/**
 * What fetch tells.
 * @typedef {object} Seen
 * @property {number} [status]
 * @property {string} [statusText]
 * @property {[string, string][]} [headers]
 * @property {boolean} [redirected]
 * @property {string} [url]
 * @property {string} [body]
 * @property {number} [bytes]
 * @property {string} [error]
 * @property {number} head_ms
 * @property {number} end_ms
 * @property {boolean} left_content
 */

/**
 * What the server saw: the first exchange of its trace.
 * @typedef {object} Exchange
 * @property {string} version
 * @property {boolean} complete
 * @property {{ at_ms: number, kind: string, text: string, base64?: string }[]} events
 */

/** A name that nobody guesses. */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `t-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {number} ms */
const time = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/**
 * @param {string} url
 * @param {{ method: string, fields: [string, string][], content: string }} request
 * @returns {Promise<Seen>}
 */
async function ask(url, request) {
  const takesContent = request.method !== "GET" && request.method !== "HEAD";
  /** @type {Seen} */
  const seen = { head_ms: 0, end_ms: 0, left_content: request.content !== "" && !takesContent };
  const began = performance.now();
  const since = () => performance.now() - began;
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: request.fields,
      body: request.content !== "" && takesContent ? request.content : undefined,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    seen.head_ms = since();
    seen.status = response.status;
    seen.statusText = response.statusText;
    seen.headers = [...response.headers];
    seen.redirected = response.redirected;
    seen.url = response.url;
    seen.body = "";
    seen.bytes = 0;
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      if (seen.bytes < MOST) seen.body += decoder.decode(value.subarray(0, MOST - seen.bytes), { stream: true });
      seen.bytes += value.length;
    }
  } catch (error) {
    seen.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  seen.end_ms = since();
  return seen;
}

/**
 * @param {string} name
 * @param {boolean} failed the browser may learn of an end before the server has noted it
 * @returns {Promise<Exchange | null>}
 */
async function transcript(name, failed) {
  /** @type {Exchange | null} */
  let exchange = null;
  for (let tries = 0; tries < (failed ? 5 : 1) && !exchange?.complete; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    try {
      const response = await fetch(`${form?.dataset.play}/trace/${name}`, { headers: { accept: "application/json" }, cache: "no-store" });
      exchange = response.ok ? ((await response.json()).exchanges[0] ?? null) : null;
    } catch {
      return exchange;
    }
  }
  return exchange;
}

/**
 * Text of bytes that are characters of one byte each.
 * @param {string} binary
 */
function decode(binary) {
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
}

/**
 * Bytes with when they passed; a status line stands out.
 * @param {string} at
 * @param {string} text
 */
function piece(at, text) {
  const span = document.createElement("span");
  span.className = "piece";
  span.dataset.at = at;
  const [first, ...rest] = text.split("\n");
  if (/^(HTTP\/|[A-Z]+ \/|:status|:method)/.test(first)) {
    const line = document.createElement("span");
    line.className = "wire__status";
    line.textContent = first;
    span.append(line, ["", ...rest].join("\n"));
  } else {
    span.textContent = text;
  }
  return span;
}

/** @param {Seen} seen */
function told(seen) {
  const lines = [];
  if (seen.status !== undefined) {
    const fields = (seen.headers ?? []).map(([name, value]) => `${name}: ${value}`);
    lines.push(piece(`after ${time(seen.head_ms)}`, [`status ${seen.status}, statusText "${seen.statusText}"`, ...fields].join("\n")));
    const more = (seen.bytes ?? 0) > MOST ? `\n(${seen.bytes} bytes in all)` : "";
    if (seen.bytes) lines.push(piece(`after ${time(seen.end_ms)}`, `${seen.body}${more}`));
  }
  if (seen.error !== undefined) lines.push(piece(`after ${time(seen.end_ms)}`, seen.error));
  return lines;
}

/** @param {Exchange | null} exchange */
function passed(exchange) {
  if (!exchange) return [piece("", "Nothing of it reached the server.")];
  /** @type {Record<string, string>} */
  const who = { received: "the browser sent", sent: "the server sent", note: "noted", ended: "the end" };
  /** @type {{ at_ms: number, kind: string, text: string, last_ms: number }[]} */
  const shown = [];
  for (const { at_ms, kind, text, base64 } of exchange.events) {
    const last = shown.at(-1);
    const bytes = base64 ? atob(base64) : "";
    // What passes in one go may be recorded in several steps.
    if (last && base64 && last.kind === kind && at_ms - last.last_ms < 1) {
      last.text += bytes;
      last.last_ms = at_ms;
    } else {
      shown.push({ at_ms, kind, text: base64 ? bytes : text, last_ms: at_ms });
    }
  }
  return shown.map(({ at_ms, kind, text }) => piece(`after ${time(at_ms)}, ${who[kind] ?? kind}`, kind === "sent" || kind === "received" ? decode(text) : text));
}

/**
 * @param {Seen} seen
 * @returns {[string, string]} what stands out, and the rest of the sentence
 */
function verdict(seen) {
  if (seen.status === undefined) return ["No response", `, says fetch after ${time(seen.end_ms)}, and not why.`];
  const broke = seen.error === undefined ? "." : ", and then the content broke off.";
  return [`${seen.status} ${seen.statusText}`.trim(), ` is what fetch saw after ${time(seen.head_ms)}${broke}`];
}

/**
 * @param {string} selector
 * @param {(Node | string)[]} content
 */
const fill = (selector, content) => part?.querySelector(selector)?.replaceChildren(...content);

form?.addEventListener("playground:send", async (event) => {
  const composed = /** @type {CustomEvent} */ (event).detail;
  const status = document.querySelector("[data-status]");
  const button = /** @type {HTMLButtonElement | null} */ (form.querySelector("[name=run]"));
  if (!part || button?.disabled) return;
  if (button) button.disabled = true;
  if (status) status.textContent = "Waiting for the answer…";
  const name = fresh();
  const { target } = composed.request;
  const url = `${target}${target.includes("?") ? "&" : "?"}trace=${name}`;
  const seen = await ask(url, composed.request);
  const exchange = await transcript(name, seen.error !== undefined);
  if (button) button.disabled = false;
  if (status) status.textContent = "";
  document.querySelector("[data-played]")?.remove();
  const [strong, rest] = verdict(seen);
  const bold = document.createElement("b");
  bold.textContent = strong;
  part.className = part.className.replace(/ ?hue--\d/, "") + ` hue--${Math.min(Math.floor((seen.status ?? 500) / 100), 5)}`;
  fill("[data-verdict]", [bold, rest]);
  const last = exchange?.events.findLast((one) => one.kind === "sent");
  fill("[data-timing]", [
    `By the browser’s clock ${seen.status === undefined ? "" : `the head came after ${time(seen.head_ms)} and `}it was over after ${time(seen.end_ms)}`,
    last ? `; by the server’s, its last byte left ${time(last.at_ms)} after the first of the request.` : ".",
  ]);
  fill("[data-seen]", told(seen));
  fill("[data-wire]", passed(exchange));
  part.hidden = false;
  form.dispatchEvent(new CustomEvent("playground:played", { detail: { composed, seen, exchange, url } }));
  const heading = /** @type {HTMLElement | null} */ (part.querySelector("[data-verdict]"));
  heading?.focus();
});
