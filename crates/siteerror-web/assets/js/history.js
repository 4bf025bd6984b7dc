// @ts-check
// Keeps what was sent from the request builder, in this browser only. Without storage there is simply no list.

const form = document.querySelector("[data-builder]");
const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-history]"));
const list = part?.querySelector("[data-list]");
const KEY = "playground";
const MOST = 20;

/** @typedef {{ link: string, label: string }} Entry */

/** @returns {Entry[]} */
function kept() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    const isEntry = (/** @type {any} */ one) => typeof one?.link === "string" && one.link.startsWith("/playground?") && typeof one.label === "string";
    return Array.isArray(entries) ? entries.filter(isEntry).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {Entry[]} entries */
function show(entries) {
  if (!part || !list) return;
  part.hidden = entries.length === 0;
  list.replaceChildren(
    ...entries.map(({ link, label }) => {
      const item = document.createElement("li");
      const anchor = document.createElement("a");
      anchor.href = link;
      const code = document.createElement("code");
      code.textContent = label;
      anchor.append(code);
      item.append(anchor);
      return item;
    }),
  );
}

form?.addEventListener("playground:played", (event) => {
  const { composed, seen } = /** @type {CustomEvent} */ (event).detail;
  const entry = { link: composed.link, label: `${composed.request.method} ${composed.request.target} → ${seen.status ?? "no response"}` };
  const entries = [entry, ...kept().filter((one) => one.link !== entry.link)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // Then the list holds for this page.
  }
  show(entries);
});

part?.querySelector("[data-clear]")?.addEventListener("click", () => {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
  show([]);
});

show(kept());
