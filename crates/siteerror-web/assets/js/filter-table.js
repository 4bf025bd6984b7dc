// @ts-check
// Dims the cells of the periodic table that do not fit what is typed. Nothing moves.

const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-filter]"));
const status = document.querySelector("[data-filter-status]");
const cells = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#table .cell")]);

/**
 * @param {HTMLElement} cell
 * @param {string[]} words
 */
function fits(cell, words) {
  const number = cell.querySelector(".cell__num")?.textContent ?? "";
  const text = cell.dataset.words ?? "";
  return words.every((word) => (/^[1-5]xx$/.test(word) ? number[0] === word[0] : /^\d+$/.test(word) ? number.startsWith(word) : (` ${text}`.includes(` ${word}`) || text.includes(`-${word}`))));
}

function filter() {
  const words = (field?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const cell of cells) {
    const fit = fits(cell, words);
    count += Number(fit);
    cell.classList.toggle("cell--dim", !fit);
  }
  if (status) {
    const found = count === 1 ? "1 code fits." : `${count} codes fit.`;
    status.textContent = words.length === 0 ? "" : count === 0 ? "None in the table fits; Enter searches the words of the pages." : found;
  }
}

field?.addEventListener("input", filter);
// The browser may have put an earlier text back.
if (field?.value) filter();
