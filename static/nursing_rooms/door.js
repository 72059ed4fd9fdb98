// One phone is counted once in half an hour. The time of the last press stays on the phone, is sent nowhere, and is
// deleted when the half hour is over.
const page = document.querySelector("[data-door]");
const form = page?.querySelector("form[data-visit]");
const BEGIN = "door-";

function storage(work) {
  try {
    return work(localStorage);
  } catch {
    return null; // Storage is switched off: the token of the page still counts only once.
  }
}

function isRecent(kept, key, wait) {
  return Date.now() - Number(kept.getItem(key) || 0) < wait;
}

function forget(kept, wait) {
  for (const key of Object.keys(kept).filter((name) => name.startsWith(BEGIN))) {
    if (!isRecent(kept, key, wait)) kept.removeItem(key);
  }
}

if (page) {
  const key = BEGIN + page.dataset.door;
  const wait = Number(page.dataset.wait) * 60_000;
  const isCounted = () => storage((kept) => isRecent(kept, key, wait)) === true;
  const hide = () => {
    form.hidden = true;
    page.querySelector("[data-visit-done]").hidden = false;
  };
  storage((kept) => forget(kept, wait));
  if (page.dataset.said === "late") storage((kept) => kept.removeItem(key));
  if (form) {
    if (isCounted()) hide();
    form.addEventListener("submit", (event) => {
      if (isCounted()) {
        event.preventDefault();
        hide();
        return;
      }
      storage((kept) => kept.setItem(key, String(Date.now())));
    });
  }
}
