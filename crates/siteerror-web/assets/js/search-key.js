// @ts-check
// "/" and Ctrl-K (or Cmd-K) go to the search field, Escape leaves it.

const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-search]"));

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

/** @type {Element | null} */
let before = null;

if (field) {
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (slash || k) {
      event.preventDefault();
      if (document.activeElement !== field) before = document.activeElement;
      field.focus();
      field.select();
    } else if (event.key === "Escape" && event.target === field && field.value === "") {
      if (before instanceof HTMLElement && before !== document.body) before.focus();
      else field.blur();
    }
  });
}
