// Leaves a page at once: its content disappears, the server forgets what was open, and another page takes its place in
// the history. Pressing Escape twice within two seconds does the same; Shift would be the habit elsewhere, but
// here it switches the input method. Without this script the button submits its form, which also forgets.
const WITHIN = 2000;
const LONGEST_WAIT = 1500;
const form = document.querySelector("form[data-leave]");

const leave = () => {
  const body = new FormData(form);
  const away = () => location.replace(form.dataset.leave);
  document.title = "…";
  document.body.hidden = true;
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).then(away, away);
  setTimeout(away, LONGEST_WAIT);
};

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.isComposing) return;
    presses = event.key === "Escape" ? [...presses, event.timeStamp].slice(-2) : [];
    if (presses.length === 2 && event.timeStamp - presses[0] < WITHIN) leave();
  });

  // Back must ask the server, which may have forgotten what the page showed.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
