// Maps: draws the pins that the page holds as JSON, on the tiles of the settings or on a plain grid. The list beside the
// map holds the same rows; without this script only the list is shown. Leaflet is loaded with the first map.
const LEAST_ZOOM = 4;
const CLOSE_ZOOM = 15;
const FIRST_ZOOM = 12;
let library;

function leaflet(url) {
  library ??= new Promise((ready, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => ready(window.L);
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

function ground(L, map, tiles) {
  if (tiles) {
    L.tileLayer(tiles.url, { subdomains: tiles.servers || "abc", maxZoom: tiles.most, minZoom: LEAST_ZOOM }).addTo(map);
    return;
  }
  const grid = L.gridLayer({ minZoom: LEAST_ZOOM });
  grid.createTile = () => {
    const tile = document.createElement("div");
    tile.className = "map-grid";
    return tile;
  };
  grid.addTo(map);
}

// Words are set as text: a name that somebody typed cannot become HTML.
function sheet(pins) {
  const list = document.createElement("ul");
  list.className = "map-sheet";
  for (const pin of pins) {
    const line = document.createElement("li");
    const words = pin.url ? document.createElement("a") : document.createElement("span");
    if (pin.url) words.href = pin.url;
    words.textContent = pin.label;
    line.append(words);
    list.append(line);
  }
  return list;
}

function open(L, map, pin) {
  const row = pin.key && document.getElementById(pin.key);
  if (row) {
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("a[href], button")?.focus({ preventScroll: true });
  }
  const several = pin.members.length > 0;
  if (!several && !pin.url && !pin.key) {
    map.setView(pin.at, Math.min(map.getZoom() + 2, map.getMaxZoom()));
    return;
  }
  L.popup({ offset: [0, -10] })
    .setLatLng(pin.at)
    .setContent(sheet(several ? pin.members : [pin]))
    .openOn(map);
}

function marker(L, map, pin) {
  const sign = document.createElement("span");
  sign.textContent = pin.sign;
  const icon = L.divIcon({ className: `map-pin tone-${pin.tone}`, html: sign, iconSize: [34, 34], iconAnchor: [17, 17] });
  // A pin must not move away under the finger that presses it; whoever comes to it by the keyboard sees it whole.
  const options = { icon, title: pin.label, alt: pin.label, keyboard: true, riseOnHover: true, autoPanOnFocus: false };
  const made = L.marker(pin.at, options);
  made.on("click", () => open(L, map, pin));
  made.on("keypress", (event) => {
    if (event.originalEvent.key === "Enter") open(L, map, pin);
  });
  made.on("add", () => {
    const element = made.getElement();
    element.setAttribute("aria-label", pin.label);
    element.addEventListener("focus", () => {
      if (element.matches(":focus-visible")) map.panInside(pin.at, { padding: [40, 40] });
    });
  });
  return made;
}

// Returns a function that draws pins in place of those before. A pin that stays keeps its element: the map also moves
// when somebody reaches a pin by the keyboard, who must not lose it.
function drawing(L, map) {
  let drawn = new Map();
  return (pins) => {
    const wanted = new Map(pins.map((pin) => [JSON.stringify(pin), pin]));
    for (const [key, made] of drawn) if (!wanted.has(key)) made.remove();
    drawn = new Map(
      [...wanted].map(([key, pin]) => [key, drawn.get(key) ?? marker(L, map, pin).addTo(map)]),
    );
  };
}

// Answers that come late, after the reader has moved on, are dropped.
function follow(map, url, draw) {
  let number = 0;
  let reading = false;
  map.on("popupopen", () => (reading = true));
  map.on("popupclose", () => (reading = false));
  map.on("moveend", async () => {
    // The map also moves to show the whole sheet of a pin.
    if (reading) return;
    const bounds = map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((one) => one.toFixed(5));
    const own = ++number;
    try {
      const address = new URL(url, location.href);
      address.searchParams.set("box", box.join(","));
      address.searchParams.set("zoom", String(map.getZoom()));
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || own !== number) return;
      const { pins } = await answer.json();
      if (own !== number) return;
      draw(pins);
    } catch {
      // The pins that are shown stay.
    }
  });
}

async function start(box) {
  const data = JSON.parse(box.querySelector("script[type='application/json']").textContent);
  const L = await leaflet(box.dataset.library);
  box.hidden = false;
  const map = L.map(box.querySelector(".map-ground"), {
    attributionControl: false,
    zoomControl: false,
    minZoom: LEAST_ZOOM,
    maxZoom: data.tiles?.most ?? 18,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({ zoomInTitle: data.words.in, zoomOutTitle: data.words.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const draw = drawing(L, map);
  draw(data.pins);
  const seen = data.pins.map((pin) => pin.at);
  if (data.here) {
    const icon = L.divIcon({ className: "map-here", iconSize: [18, 18], iconAnchor: [9, 9] });
    L.marker(data.here, { icon, title: data.words.here, alt: data.words.here, keyboard: false }).addTo(map);
    seen.push(data.here);
  }
  if (seen.length > 1) map.fitBounds(seen, { padding: [32, 32], maxZoom: CLOSE_ZOOM });
  else if (seen.length) map.setView(seen[0], FIRST_ZOOM);
  else box.hidden = true;
  ground(L, map, data.tiles);
  if (data.more) follow(map, data.more, draw);
}

function startAll() {
  for (const box of document.querySelectorAll("[data-map]:not([data-started])")) {
    box.dataset.started = "1";
    start(box).catch(() => {
      box.hidden = true;
    });
  }
}
document.addEventListener("htmx:afterSettle", startAll);
startAll();
