// Items that could not be sent say so, and are sent again when there is a signal. Without this script, and without
// htmx, the button below saves the whole group.
const form = document.querySelector("form[data-unsent]");
const unsent = new Set();
const RETRY_MS = 15000;

const status = (element) => document.getElementById(element.dataset.score);
const scored = (event) => event.detail.elt?.closest?.("[data-score]");

const failed = (event) => {
  const element = scored(event);
  if (!element) return;
  unsent.add(element);
  const words = status(element);
  words.classList.add("is-wrong");
  words.textContent = form.dataset.unsent;
};

if (form) {
  // When a photo was taken; it may be sent much later. Caught before htmx sends the form.
  form.addEventListener("change", (event) => {
    const file = event.target.files?.[0];
    const taken = event.target.closest(".score-upload")?.querySelector("input[type=hidden]");
    if (taken) taken.value = file ? file.lastModified : "";
  }, true);
  // A refused answer is shown like a saved one.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const element = scored(event);
    if (element && (event.detail.successful || event.detail.xhr.status === 422)) unsent.delete(element);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) form.addEventListener(name, failed);

  const again = () => {
    for (const element of [...unsent]) {
      unsent.delete(element);
      if (element.isConnected) htmx.trigger(element, "retry");
    }
  };
  window.addEventListener("online", again);
  setInterval(again, RETRY_MS);

  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (unsent.size && !leaving) event.preventDefault();
  });
}
