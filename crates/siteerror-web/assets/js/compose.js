// @ts-check
// Follows the form of the request builder: asks the server what comes of it, and shows the request, the commands and the link.

/**
 * @typedef {object} Composed
 * @property {string} link
 * @property {{ method: string, url: string, target: string, fields: [string, string][], content: string }} request
 * @property {{ id: string, label: string, text: string }[]} commands
 * @property {string | null} report
 * @property {{ text: string, link: string | null, label: string | null } | null} explanation
 */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-builder]"));
const PAUSE = 200;

/** @param {string} selector */
const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

/**
 * @param {string} selector
 * @param {string} text
 */
function write(selector, text) {
  for (const element of all(selector)) element.textContent = text;
}

/** @param {Composed} composed */
function show(composed) {
  write("[data-method]", composed.request.method);
  write("[data-target]", composed.request.target);
  for (const command of composed.commands) write(`#command-${command.id}`, command.text);
  for (const link of all("[data-link]")) link.setAttribute("href", composed.link);
  for (const link of all("[data-report]")) {
    link.hidden = composed.report === null;
    if (composed.report !== null) link.setAttribute("href", composed.report);
  }
  const { text = "", link = null, label = null } = composed.explanation ?? {};
  for (const element of all("[data-explained-text]")) {
    const parts = text.split("`").map((words, index) => {
      if (index % 2 === 0) return words;
      const code = document.createElement("code");
      code.textContent = words;
      return code;
    });
    element.replaceChildren(...parts);
  }
  for (const more of all("[data-explained-link]")) {
    more.hidden = link === null;
    more.textContent = label;
    if (link !== null) more.setAttribute("href", link);
  }
  const id = new URL(composed.link, location.href).searchParams.get("id");
  const field = /** @type {HTMLInputElement | null} */ (form?.querySelector('[name="id"]'));
  // A sequence without a name was given one.
  if (id && field && field.value === "") field.value = id;
  history.replaceState(null, "", composed.link);
}

/** What the form holds, without what is empty. */
function query() {
  const parameters = new URLSearchParams();
  if (form) {
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value !== "") parameters.append(name, value);
    }
  }
  return parameters;
}

/** @type {AbortController | null} */
let running = null;

/** @returns {Promise<Composed | null>} */
async function compose() {
  running?.abort();
  const mine = (running = new AbortController());
  try {
    const response = await fetch(`${form?.action}.json?${query()}`, { signal: mine.signal });
    const answer = await response.json();
    if (!response.ok) {
      write("[data-status]", `${answer.detail}. ${answer.hint ?? ""}`);
      return null;
    }
    write("[data-status]", "");
    show(answer);
    return answer;
  } catch (error) {
    if (!mine.signal.aborted) write("[data-status]", `The server did not answer: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

if (form) {
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(compose, PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const composed = await compose();
    if (composed) form.dispatchEvent(new CustomEvent("playground:send", { detail: composed }));
  });
  // The browser may have put earlier values back.
  compose();
}
