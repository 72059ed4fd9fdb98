// One phone is counted once in half an hour. The time of the last press stays on the phone and is sent nowhere.
const form = document.querySelector("form[data-visit]");
const done = document.querySelector("[data-visit-done]");

function recent(key, minutes) {
  try {
    return Date.now() - Number(localStorage.getItem(key) || 0) < minutes * 60_000;
  } catch {
    return false; // storage is switched off
  }
}

if (form) {
  const key = `room-${form.dataset.visit}`;
  if (recent(key, Number(form.dataset.wait))) {
    form.hidden = true;
    done.hidden = false;
  }
  form.addEventListener("submit", (event) => {
    if (recent(key, Number(form.dataset.wait))) {
      event.preventDefault();
      form.hidden = true;
      done.hidden = false;
      return;
    }
    try {
      localStorage.setItem(key, String(Date.now()));
    } catch {
      // The token of the page still counts only once.
    }
  });
}
