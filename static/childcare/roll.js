// The list of a day: one tap for each child. A tap without a connection is kept on this device and sent once, with the
// time at which it was made. What is kept holds no name: only the address of the row, what was tapped, and when.
const roll = document.querySelector("[data-roll]");
const BEGIN = "roll-";
const RETRY_MS = 10000;

if (roll) {
  const key = BEGIN + roll.dataset.roll;
  const told = roll.querySelector("[data-roll-told]");
  let memory = [];
  let busy = false;

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      return memory; // Storage is switched off: what is kept lives as long as the page.
    }
  };
  const write = (taps) => {
    memory = taps;
    try {
      if (taps.length) localStorage.setItem(key, JSON.stringify(taps));
      else localStorage.removeItem(key);
    } catch {
      // As above.
    }
  };
  // Taps of other days are no longer accepted.
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(BEGIN) && name !== key) localStorage.removeItem(name);
    }
  } catch {
    // As above.
  }

  const show = (words, isWrong) => {
    told.textContent = words;
    told.classList.toggle("is-wrong", Boolean(isWrong));
  };
  const mark = () => {
    const taps = read();
    for (const form of roll.querySelectorAll("form[data-tap]")) {
      const kept = taps.some((tap) => tap.url === form.getAttribute("action"));
      form.closest("li").classList.toggle("is-kept", kept);
    }
    show(taps.length ? roll.dataset.kept.replace("{n}", taps.length) : "");
  };

  const send = (tap) => fetch(tap.url, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": roll.querySelector("[name=csrfmiddlewaretoken]").value },
    body: new URLSearchParams({ to: tap.to, at: tap.at }),
    redirect: "manual",
  });

  const refresh = () => htmx.ajax("GET", location.href, { target: "#roll", select: "#roll", swap: "outerHTML" });

  const flush = async () => {
    if (busy) return;
    busy = true;
    let sent = 0;
    let refusal = "";
    try {
      for (let taps = read(); taps.length; taps = read()) {
        const answer = await send(taps[0]);
        if (answer.status === 200 || answer.status === 422 || answer.status === 404) {
          if (answer.status === 422) refusal = (await answer.json()).message;
          write(read().slice(1));
          sent += 1;
        } else if (answer.type === "opaqueredirect" || answer.status === 403) {
          show(roll.dataset.signIn, true);
          return;
        } else {
          break;
        }
      }
    } catch {
      // No connection: the taps stay and are sent later.
    } finally {
      busy = false;
    }
    mark();
    if (sent && !read().length) {
      await refresh();
      if (refusal) show(refusal, true);
    }
  };

  roll.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-tap]")) return;
    event.preventDefault();
    const url = form.getAttribute("action");
    const tap = { url, to: form.elements.to.value, at: Date.now() };
    // The same tap twice is one; the opposite tap replaces one that was not sent yet.
    write([...read().filter((kept) => kept.url !== url), tap]);
    mark();
    flush();
  });
  window.addEventListener("online", flush);
  setInterval(() => read().length && flush(), RETRY_MS);
  window.addEventListener("beforeunload", (event) => {
    if (read().length) event.preventDefault();
  });
  mark();
  flush();
}
