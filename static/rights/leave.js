// The calculator's answer takes the place of the page without a new entry in the history of the tab, so nothing is left
// there once the page is left. A refusal (422) is shown in the same way. Without scripts the form is sent as usual.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", () => document.querySelector("[data-focus]")?.focus());
