// Lists: Back loads a page again from its URL, so its scroll position is restored here. When htmx gets no response
// that it can show, the link is followed as if there were no JavaScript, so that the reader sees the error page.
const place = () => `scroll:${location.pathname}${location.search}`;

window.addEventListener("pagehide", () => {
  try {
    sessionStorage.setItem(place(), String(Math.round(window.scrollY)));
  } catch {
    // Without storage, the page starts at its top.
  }
});

const visit = performance.getEntriesByType("navigation")[0];
if (visit && visit.type !== "navigate") {
  try {
    const top = Number(sessionStorage.getItem(place()));
    if (top) window.scrollTo({ top, behavior: "instant" });
  } catch {
    // Without storage, there is no position to restore.
  }
}

// The URL of a filtered list: without empty filters, and with the current order, page size, columns and search.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("form.filter-bar")) return;
  const sent = event.detail.formData;
  for (const [key, value] of [...sent.entries()]) {
    if (value === "") sent.delete(key);
  }
  const now = new URLSearchParams(location.search);
  for (const key of ["sort", "per_page", "columns", "find"]) {
    sent.delete(key);
    for (const value of now.getAll(key)) sent.append(key, value);
  }
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const link = event.detail.elt?.closest?.("a[href]");
    if (link) location.assign(link.href);
    else if (event.detail.elt?.matches?.("form[method=get]")) event.detail.elt.submit();
  });
}

// "/" moves the focus to the first filter, as on most sites with lists.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector(".filter-bar input:not([type=hidden]), .filter-bar select");
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// Bulk actions: the bar appears once a row is ticked and shows the number. Without JavaScript it is always shown below.
const boxes = () => [...document.querySelectorAll('input[form="bulk"][name="pk"]')];

function countTicked() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const ticked = boxes().filter((box) => box.checked).length;
  bar.classList.toggle("is-idle", ticked === 0);
  bar.querySelector("[data-bulk-count]").textContent = ticked ? String(ticked) : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches('input[form="bulk"]')) countTicked();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-bulk-all]")) return;
  const all = boxes();
  const ticking = all.some((box) => !box.checked);
  for (const box of all) box.checked = ticking;
  countTicked();
});

document.addEventListener("htmx:afterSwap", countTicked);
window.addEventListener("pageshow", countTicked);
