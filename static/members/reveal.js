// An unmasked value is hidden after its time, and at once when the page is left or put in the background. The response
// is not stored anywhere, and its Refresh header leaves the page even without this script.
for (const value of document.querySelectorAll("[data-reveal]")) {
  const hide = () => {
    value.textContent = value.dataset.gone;
    value.classList.add("quiet");
  };
  setTimeout(hide, Number(value.dataset.reveal) * 1000);
  window.addEventListener("pagehide", hide);
}
