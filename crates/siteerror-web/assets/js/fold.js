// @ts-check
// On a phone the longer parts of a page begin folded, so that the first answers are near. A link into a part opens it.

const parts = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("[data-fold]"));
const toc = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-toc]"));

function unfold() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  const part = target?.closest("details");
  if (part && !part.open) {
    part.open = true;
    part.scrollIntoView();
  }
}

if (matchMedia("(max-width: 40rem)").matches) {
  for (const part of parts) part.open = false;
  if (toc) toc.open = false;
}
unfold();
addEventListener("hashchange", unfold);
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
