// A value in clear is blanked after its time, and at once when the page is left or put aside. The answer is stored
// nowhere, and its Refresh header leads away without this script as well.
for (const value of document.querySelectorAll("[data-reveal]")) {
  const hide = () => {
    value.textContent = value.dataset.gone;
    value.classList.add("quiet");
  };
  setTimeout(hide, Number(value.dataset.reveal) * 1000);
  window.addEventListener("pagehide", hide);
}
