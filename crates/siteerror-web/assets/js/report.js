// @ts-check
// Shows the report card of a sequence in the page.

const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-report]"));
const card = /** @type {HTMLElement | null} */ (document.querySelector("[data-card]"));

link?.addEventListener("click", async (event) => {
  const text = card?.querySelector("pre");
  if (!card || !text || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href, { headers: { accept: "text/plain" }, cache: "no-store" });
    text.textContent = response.ok ? await response.text() : "Nobody has asked for this sequence yet: send it, or point your own client at it.";
  } catch {
    text.textContent = "The server did not answer.";
  }
  card.hidden = false;
  text.focus();
});
