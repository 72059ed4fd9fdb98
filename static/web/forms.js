// Forms: a second click does not submit again, the error summary gets the focus, and a resend button counts down. The
// server itself also refuses repeated submissions and early resends. Once the reader has left a page that was the
// response to a form, Back loads it with GET: else the browser would ask there whether to submit the form again.
const answersForm = document.documentElement.hasAttribute("data-posted");
const openAnew = () => answersForm && history.replaceState(history.state, "", location.href);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  openAnew();
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button?.dataset.busy) {
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest('a[href]:not([href^="#"])')) openAnew();
});

// The browser may restore a page in the state in which it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-busy");
    }
  }
});

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("button[data-countdown]")) {
  let left = Number(button.dataset.countdown);
  const words = button.textContent;
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${words.trim()} (${left} s)` : words;
    if (left > 0) {
      left -= 1;
      setTimeout(tick, 1000);
    }
  };
  tick();
}
