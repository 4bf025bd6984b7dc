// @ts-check
// Says what fetch hid: compares what it told with what the server recorded.

const form = document.querySelector("[data-builder]");

/**
 * A response as it left: its status line and its fields.
 * @typedef {{ status: number, reason: string, fields: [string, string][], at_ms: number, is_http2: boolean }} Head
 */

/**
 * Bytes as characters of one byte each.
 * @param {{ kind: string, base64?: string }[]} events
 * @param {string} kind
 */
function bytes(events, kind) {
  return events
    .filter((event) => event.kind === kind && event.base64)
    .map((event) => atob(event.base64 ?? ""))
    .join("");
}

/**
 * @param {string} head
 * @returns {[string, string][]}
 */
function fields(head) {
  const lines = head.split(/\r?\n/).filter((line) => line.indexOf(":") > 0);
  return lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]);
}

/**
 * The heads of all responses, interim ones first.
 * @param {{ at_ms: number, kind: string, text: string, base64?: string }[]} events
 * @returns {Head[]}
 */
function heads(events) {
  /** @type {Head[]} */
  const found = [];
  for (const event of events) {
    // HTTP/2 compresses its fields, so the server tells them in words.
    const words = event.kind === "note" ? event.text.match(/^:status: (\d{3})\n([^]*)/) : null;
    if (words) found.push({ status: Number(words[1]), reason: "", fields: fields(words[2]), at_ms: event.at_ms, is_http2: true });
  }
  let rest = bytes(events, "sent");
  while (/^HTTP\/1\.\d \d{3}/.test(rest)) {
    const end = rest.search(/\r?\n\r?\n/);
    const head = end < 0 ? rest : rest.slice(0, end);
    const [first, ...lines] = head.split(/\r?\n/);
    const [, status, reason] = first.match(/^HTTP\/1\.\d (\d{3}) ?(.*)/) ?? ["", "0", ""];
    const sent = events.find((event) => event.base64 && event.kind === "sent" && atob(event.base64).includes(first));
    found.push({ status: Number(status), reason, fields: fields(lines.join("\n")), at_ms: sent?.at_ms ?? 0, is_http2: false });
    if (Number(status) >= 200 || Number(status) === 101 || end < 0) break;
    rest = rest.slice(end).replace(/^\r?\n\r?\n/, "");
  }
  return found;
}

/**
 * Names in ticks, with commas between them.
 * @param {string[]} names
 */
const listed = (names) => names.map((name) => `\`${name}\``).join(", ");

/** @param {number} ms */
const time = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** @param {{ composed: any, seen: any, exchange: any, url: string }} played */
function hidden({ composed, seen, exchange, url }) {
  /** @type {string[]} */
  const said = [];
  if (seen.left_content) said.push("fetch refuses content with GET and HEAD, so this request went without it.");
  if (!exchange) {
    said.push("The browser refused to send this at all. A script may not use every method and every field; the commands above can.");
    return said;
  }
  const events = exchange.events;
  const found = heads(events);
  const interims = found.filter((head) => head.status < 200 && head.status !== 101);
  const last = found.find((head) => head.status >= 200 || head.status === 101);
  for (const head of interims) {
    const names = head.fields.map(([name]) => name.toLowerCase());
    said.push(`A \`${head.status}\` that left after ${time(head.at_ms)}${names.length > 0 ? `, with ${listed(names)}` : ""}. Interim responses never reach a script.`);
  }
  const timing = /** @type {any} */ (performance.getEntriesByName(new URL(url, location.href).href).at(-1));
  if (interims.length > 0 && timing?.firstInterimResponseStart > 0) {
    said.push(`Only the clock betrays it: \`firstInterimResponseStart\` of the resource timing says ${time(timing.firstInterimResponseStart - timing.startTime)}.`);
  }
  if (seen.error !== undefined) {
    const end = events.findLast((/** @type {any} */ event) => event.kind === "ended");
    said.push(`Why it failed. fetch says \`${seen.error}\` for every kind of trouble; by the server’s transcript ${end ? end.text : "it is not over yet"}.`);
  }
  if (seen.redirected) said.push(`The way there. fetch followed ${last ? `the \`${last.status}\`` : "a redirect"} by itself and shows only where it ended, \`${seen.url}\`.`);
  if (last && seen.status !== undefined && !seen.redirected) {
    if (last.is_http2) said.push("Nothing of a reason phrase: HTTP/2 has none, so `statusText` is empty.");
    else if (last.reason !== seen.statusText) said.push(`The reason phrase that was sent: \`${last.reason}\`.`);
    const names = last.fields.map(([name]) => name.toLowerCase());
    const told = new Set((seen.headers ?? []).map((/** @type {[string, string]} */ [name]) => name));
    const missing = [...new Set(names.filter((name) => !told.has(name)))];
    if (missing.length > 0) said.push(`Fields that were sent and that no script may read: ${listed(missing)}.`);
    const repeated = [...new Set(names.filter((name, index) => told.has(name) && names.indexOf(name) !== index))];
    if (repeated.length > 0) said.push(`That ${listed(repeated)} came in several lines: fetch joins them with commas.`);
    const coding = last.fields.find(([name]) => name.toLowerCase() === "content-encoding");
    if (coding) said.push(`The bytes as they travelled, coded with \`${coding[1]}\`: fetch gives the content decoded.`);
    const trailers = fields(bytes(events, "sent").match(/\r\n0\r\n((?:[^\r\n:]+:[^\r\n]*\r\n)+)\r\n$/)?.[1] ?? "").map(([name]) => name);
    if (trailers.length > 0) said.push(`The trailer fields ${listed(trailers)}: fetch has no place for them.`);
  }
  const [, ...lines] = bytes(events, "received").split(/\r?\n\r?\n/)[0].split(/\r?\n/);
  const arrived = new Map(fields(lines.join("\n")).map(([name, value]) => [name.toLowerCase(), value]));
  if (arrived.size > 0) {
    const wanted = /** @type {[string, string][]} */ (composed.request.fields);
    const refused = wanted.filter(([name, value]) => arrived.get(name.toLowerCase())?.includes(value) !== true).map(([name]) => name);
    if (refused.length > 0) said.push(`That the browser did not send ${listed(refused)} as you wrote it: scripts may not set it.`);
    const own = new Set(wanted.map(([name]) => name.toLowerCase()));
    const added = [...arrived.keys()].filter((name) => !own.has(name));
    if (added.length > 0) said.push(`What it added to your request: ${listed(added)}.`);
  }
  return said.length > 0 ? said : ["Nothing, this time."];
}

form?.addEventListener("playground:played", (event) => {
  const list = document.querySelector("[data-hidden]");
  list?.replaceChildren(
    ...hidden(/** @type {CustomEvent} */ (event).detail).map((text) => {
      const item = document.createElement("li");
      text.split("`").forEach((words, index) => {
        if (index % 2 === 0) return item.append(words);
        const code = document.createElement("code");
        code.textContent = words;
        item.append(code);
      });
      return item;
    }),
  );
});
