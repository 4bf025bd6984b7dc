// @ts-check
// Light or dark: as the system says, until somebody presses the switch. The choice is kept in this browser only.

const root = document.documentElement;
const KEY = "theme";

/** @returns {string | null} */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const choice = kept();
if (choice === "light" || choice === "dark") root.dataset.theme = choice;

function ready() {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-theme-switch]"));
  if (!button) return;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const tell = () => button.setAttribute("aria-pressed", String(dark()));
  button.hidden = false;
  tell();
  button.addEventListener("click", () => {
    const wanted = dark() ? "light" : "dark";
    try {
      // Back at what the system says, the system decides again.
      if (wanted === (system.matches ? "dark" : "light")) {
        delete root.dataset.theme;
        localStorage.removeItem(KEY);
      } else {
        root.dataset.theme = wanted;
        localStorage.setItem(KEY, wanted);
      }
    } catch {
      // Without storage the choice holds for this page.
    }
    tell();
  });
  system.addEventListener("change", tell);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
