// @ts-check
// Shows a check while it runs: reads the events that the server sends, then goes to the page that has all of it. Without this the form does the same at once.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-check]"));
const list = form?.querySelector("[data-live]");
const status = form?.querySelector("[data-status]");

/**
 * @param {string} name
 * @param {any} data
 * @returns {string | undefined}
 */
function words(name, data) {
  switch (name) {
    case "hop":
      return `${data.hop + 1}. ${data.url}`;
    case "dns":
      return `name looked up: ${data.addresses} ${data.addresses === 1 ? "address" : "addresses"}`;
    case "connected":
      return data.reused ? "the connection is used again" : "connected";
    case "tls":
      return `TLS ${data.version}${data.alpn ? `, ${data.alpn}` : ""}`;
    case "interim":
      return `${data.status}, and more is to come`;
    case "head":
      return `${data.status ?? "an answer without a status"}`;
  }
}

/** @param {string} text */
function* events(text) {
  for (const block of text.split("\n\n")) {
    const name = block.match(/^event: (.*)$/m)?.[1];
    const data = block.match(/^data: (.*)$/m)?.[1];
    if (name && data) yield { name, data: JSON.parse(data) };
  }
}

/** @type {AbortController | undefined} */
let running;

/** @param {SubmitEvent} submitted */
async function watch(submitted) {
  if (!form || !list || !status) return;
  const query = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (typeof value === "string" && value) query.append(key, value);
  const page = `/check?${query}`;
  // Two checks beside each other are one page; there is nothing to watch one by one.
  if (query.has("also_method") || query.has("also_agent")) return;
  submitted.preventDefault();
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  list.replaceChildren();
  /** @type {HTMLElement} */ (list).hidden = false;
  status.textContent = "Checking…";
  try {
    const answer = await fetch(`/api/v1/check/events?${query}`, { signal });
    const type = answer.headers.get("content-type") ?? "";
    if (!answer.ok || !answer.body || !type.startsWith("text/event-stream")) return location.assign(page);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const end = text.lastIndexOf("\n\n");
      if (end < 0) continue;
      for (const { name, data } of events(text.slice(0, end))) {
        if (name === "busy") {
          status.textContent = `${data.detail}; try again in ${data.retry_after_s} s.`;
          return;
        }
        const said = words(name, data);
        if (said) {
          const item = document.createElement("li");
          item.textContent = name === "hop" ? said : `   ${said}`;
          list.append(item);
        }
      }
      text = text.slice(end + 2);
    }
    location.assign(page);
  } catch {
    if (!signal.aborted) location.assign(page);
  }
}

form?.addEventListener("submit", watch);
// Coming back by the history shows the form as it was, without what was going on.
addEventListener("pageshow", (shown) => {
  if (!shown.persisted || !list || !status) return;
  /** @type {HTMLElement} */ (list).hidden = true;
  status.textContent = "";
});
