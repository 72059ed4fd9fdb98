// Lists: Back loads a page again from its address, so its scroll position is put back here; and when htmx gets no
// answer that it can show, the link is followed as if there were no script, so that the error page is seen.
const place = () => `scroll:${location.pathname}${location.search}`;

window.addEventListener("pagehide", () => {
  try {
    sessionStorage.setItem(place(), String(Math.round(window.scrollY)));
  } catch {
    // Then the page starts at its top.
  }
});

const visit = performance.getEntriesByType("navigation")[0];
if (visit && visit.type !== "navigate") {
  try {
    const top = Number(sessionStorage.getItem(place()));
    if (top) window.scrollTo({ top, behavior: "instant" });
  } catch {
    // Nothing was kept.
  }
}

// The address of a filtered list: without filters that are not in use, with the order and page size it has now.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("form.filter-bar")) return;
  const sent = event.detail.formData;
  for (const [key, value] of [...sent.entries()]) {
    if (value === "") sent.delete(key);
  }
  const now = new URLSearchParams(location.search);
  for (const key of ["sort", "per_page", "find"]) {
    sent.delete(key);
    if (now.get(key)) sent.set(key, now.get(key));
  }
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const link = event.detail.elt?.closest?.("a[href]");
    if (link) location.assign(link.href);
    else if (event.detail.elt?.matches?.("form[method=get]")) event.detail.elt.submit();
  });
}
