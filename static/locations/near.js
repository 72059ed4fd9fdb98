// "Near me": asks the device for its position and submits it in the body of a POST request. If there is none, the reader
// is told why and taken to the choice of a city or district. Without JavaScript the button is not shown.
// Four decimals are about ten metres: enough for the nearest rows, and no more is sent.
const DECIMALS = 4;
const WAIT = 8000;
const REFUSED = 1;

const position = (options) =>
  new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed, options));

// Where the answer is "refused" the browser may mean this site or the whole device: only the first can be asked.
async function reason(error) {
  if (error.code !== REFUSED) return "weak";
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    return state === "denied" ? "refused" : "off";
  } catch {
    return "refused";
  }
}

// Browsers inside other apps fail once and answer the second time; elsewhere a refusal is final.
async function twice() {
  try {
    return await position({ timeout: WAIT, maximumAge: 60000 });
  } catch (error) {
    if (error.code === REFUSED && !/MicroMessenger/i.test(navigator.userAgent)) throw error;
    return position({ timeout: WAIT, maximumAge: 600000, enableHighAccuracy: true });
  }
}

function say(form, word) {
  const line = form.querySelector(".near-said");
  line.textContent = word ? line.dataset[word] : "";
}

function choose(form, word) {
  say(form, word);
  document.getElementById(form.dataset.choose)?.focus();
}

async function ask(form) {
  if (!navigator.geolocation || !window.isSecureContext) return choose(form, "off");
  say(form, "asking");
  try {
    const { longitude, latitude } = (await twice()).coords;
    if (!Number.isFinite(longitude) || !Number.isFinite(latitude) || (longitude === 0 && latitude === 0)) {
      return choose(form, "weak");
    }
    form.elements.longitude.value = longitude.toFixed(DECIMALS);
    form.elements.latitude.value = latitude.toFixed(DECIMALS);
  } catch (error) {
    return choose(form, await reason(error));
  }
  say(form, "");
  return form.requestSubmit();
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-near] button")?.form;
  if (!form || form.dataset.asking) return;
  form.dataset.asking = "1";
  ask(form).finally(() => delete form.dataset.asking);
});

function show() {
  for (const form of document.querySelectorAll("form[data-near][hidden]")) form.hidden = false;
}
document.addEventListener("htmx:afterSettle", show);
show();
