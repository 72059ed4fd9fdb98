// The list of a day: one tap for each child. A tap without a connection is kept on this device and sent once, with how
// long ago it was made. What is kept holds no name: only the address of the row, what was tapped, and when.
const roll = document.querySelector("[data-roll]");
const BEGIN = "roll-";
const RETRY_MS = 10000;

if (roll) {
  // One queue for all classes of a teacher on one day.
  const key = BEGIN + roll.dataset.roll;
  const today = key.slice(0, BEGIN.length + "2026-07-06".length);
  const told = roll.querySelector("[data-roll-told]");
  let memory = []; // What could not be written because the storage is off or full.
  let busy = false;

  const storage = (work) => {
    try {
      return work(localStorage);
    } catch {
      return null;
    }
  };
  const read = () => [...(JSON.parse(storage((kept) => kept.getItem(key)) || "[]")), ...memory];
  const write = (taps) => {
    memory = [];
    const isWritten = storage((kept) => {
      if (taps.length) kept.setItem(key, JSON.stringify(taps));
      else kept.removeItem(key);
      return true;
    });
    if (!isWritten) {
      storage((kept) => kept.removeItem(key));
      memory = taps;
    }
  };
  const isSame = (one, other) => one.url === other.url && one.at === other.at;
  const remove = (tap) => write(read().filter((kept) => !isSame(kept, tap)));
  // Taps of earlier days are no longer accepted.
  storage((kept) => Object.keys(kept)
    .filter((name) => name.startsWith(BEGIN) && !name.startsWith(today))
    .forEach((name) => kept.removeItem(name)));

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
    headers: {
      Accept: "application/json",
      "X-CSRFToken": roll.querySelector("[data-token] [name=csrfmiddlewaretoken]").value,
    },
    body: new URLSearchParams({ to: tap.to, age: Math.max(Date.now() - tap.at, 0) }),
    redirect: "manual",
  });

  const refresh = () => htmx.ajax("GET", location.href, { target: "#roll", select: "#roll", swap: "outerHTML" });

  const flush = async () => {
    if (busy) return;
    busy = true;
    let sent = 0;
    let refusal = "";
    let isSignedOut = false;
    try {
      for (const tap of read()) {
        const answer = await send(tap);
        if (answer.status === 200 || answer.status === 422 || answer.status === 404) {
          if (answer.status === 422) refusal = (await answer.json()).message;
          remove(tap);
          sent += 1;
        } else if (answer.type === "opaqueredirect" || answer.status === 403) {
          isSignedOut = true;
          break;
        }
        // Another answer is an error of the server: this tap is sent again later, and the others go on.
      }
    } catch {
      // No connection: the taps stay and are sent later.
    } finally {
      busy = false;
    }
    mark();
    if (isSignedOut) show(roll.dataset.signIn, true);
    if (sent) {
      await refresh();
      mark();
    }
    if (refusal) show(refusal, true);
  };

  roll.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-tap]")) return;
    event.preventDefault();
    const url = form.getAttribute("action");
    // The same tap twice is one; the opposite tap replaces one that was not sent yet.
    write([...read().filter((kept) => kept.url !== url), { url, to: form.elements.to.value, at: Date.now() }]);
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
