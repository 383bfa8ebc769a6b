// The map beside the list. Leaflet, its parts and the data are fetched when it is asked for.

const start = document.querySelector("[data-map-start]");
const frame = document.querySelector("[data-map]");
const words = document.querySelector("[data-map-words]").dataset;
const status = document.querySelector("[data-map-status]");
const button = document.querySelector("[data-show-map]");
const markers = new Map();
let drawing = null;
let map = null;
let clusters = null;

start.hidden = false;
button.addEventListener("click", () => (frame.hidden ? show() : hide()));
if (location.hash.startsWith("#place-")) {
  show().then(() => open(decodeURIComponent(location.hash.slice("#place-".length))));
}

async function show() {
  frame.hidden = false;
  button.textContent = words.hide;
  button.setAttribute("aria-expanded", "true");
  if (!drawing) {
    status.textContent = words.loading;
    drawing = draw();
  }
  try {
    await drawing;
    status.textContent = words.ready;
    map.invalidateSize();
  } catch {
    drawing = null;
    hide();
    status.textContent = words.failed;
  }
}

function hide() {
  frame.hidden = true;
  button.textContent = words.show;
  button.setAttribute("aria-expanded", "false");
  status.textContent = "";
}

async function draw() {
  const { dataset } = frame;
  const [places, areas] = await Promise.all([
    fetched(dataset.places), fetched(dataset.areas),
    loaded("link", { rel: "stylesheet", href: dataset.leafletCss }),
    loaded("link", { rel: "stylesheet", href: dataset.clusterCss }),
    loaded("script", { src: dataset.leaflet }).then(
      () => loaded("script", { src: dataset.cluster })),
  ]);
  const L = window.L;
  map?.remove();
  map = L.map(frame, {
    zoomControl: false, maxZoom: 19, attributionControl: Boolean(dataset.tiles),
  });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  addMoves(L);
  if (dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(dataset.tiles, {
      attribution: dataset.tilesAttribution, maxZoom: 19, referrerPolicy: "origin",
    }).addTo(map);
  }
  const outlines = L.geoJSON(areas, {
    interactive: false, className: "map-area", style: { weight: 2, fillOpacity: dataset.tiles ? 0 : 1 },
  }).addTo(map);
  clusters = L.markerClusterGroup({
    showCoverageOnHover: false, maxClusterRadius: 50, iconCreateFunction: (group) => clusterIcon(L, group),
  });
  // Leaflet listens for Escape only while the map itself has the focus, not a popup in it.
  frame.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
  const titles = new Set();
  clusters.addLayers(places.features.map((place) => marker(L, place, titles)));
  map.addLayer(clusters);
  clusters.on("animationend", nameClusters);
  map.on("moveend layeradd", nameClusters);
  const around = clusters.getBounds().isValid() ? clusters.getBounds() : outlines.getBounds();
  if (around.isValid()) map.fitBounds(around.pad(0.1), { maxZoom: 16 });
  else map.setView([54, -2.5], 6);
  nameClusters();
  addListButtons();
}

function marker(L, place, titles) {
  const { name, town, kind, state, hours, exact, schemes } = place.properties;
  const [longitude, latitude] = place.geometry.coordinates;
  let title = `${name}, ${town}: ${hours}`;
  for (let number = 2; titles.has(title); number += 1) title = `${name} (${number}), ${town}: ${hours}`;
  titles.add(title);
  const door = { open: "open", closed: "shut", not_confirmed: "unsure" }[state];
  const made = L.marker([latitude, longitude], {
    title, alt: title, riseOnHover: true,
    icon: L.divIcon({
      className: `map-marker map-marker--${state}${exact ? "" : " map-marker--rough"}`,
      html: `<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-${door}"/></svg>`,
      iconSize: [36, 36], popupAnchor: [0, -16],
    }),
  });
  made.on("add", () => made.getElement().setAttribute("aria-label", title));
  made.bindPopup(() => popup(place.id, { name, kind, town, hours, exact, schemes }), {
    maxWidth: 220, autoPanPaddingTopLeft: [56, 8],
  });
  made.on("popupopen", ({ popup: shown }) => {
    const close = shown.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", words.close);
    shown.getElement().querySelector("a.govuk-link").focus();
  });
  made.on("popupclose", () => made.getElement()?.focus());
  markers.set(place.id, made);
  return made;
}

function popup(slug, { name, kind, town, hours, exact, schemes }) {
  const box = document.createElement("div");
  const add = (tag, text) => box.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
  add("strong", name);
  add("p", [kind, town].filter(Boolean).join(", "));
  add("p", hours);
  if (!exact) add("p", words.rough);
  if (schemes.length) {
    const badges = add("ul", "");
    badges.className = "badges";
    for (const scheme of schemes) badges.append(Object.assign(document.createElement("li"), { textContent: scheme }));
  }
  const link = add("a", words.more);
  link.className = "govuk-link";
  link.href = frame.dataset.venuePage.replace("SLUG", encodeURIComponent(slug));
  return box;
}

function clusterIcon(L, group) {
  return L.divIcon({ className: "map-cluster", html: String(group.getChildCount()), iconSize: [44, 44] });
}

/** Clusters come and go while one zooms; each says how many places it stands for. */
function nameClusters() {
  for (const icon of frame.querySelectorAll(".map-cluster")) {
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", words.cluster.replace("{count}", icon.textContent));
  }
}

/** Buttons that move the map, for those who cannot drag. */
function addMoves(L) {
  const Moves = L.Control.extend({
    options: { position: "topleft" },
    onAdd() {
      const bar = L.DomUtil.create("div", "leaflet-bar map-moves");
      const steps = [["north", "↑", 0, -100], ["west", "←", -100, 0], ["east", "→", 100, 0], ["south", "↓", 0, 100]];
      for (const [name, sign, x, y] of steps) {
        const step = L.DomUtil.create("button", "map-move", bar);
        step.type = "button";
        step.textContent = sign;
        step.title = words[name];
        step.setAttribute("aria-label", words[name]);
        step.addEventListener("click", () => map.panBy([x, y]));
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  map.addControl(new Moves());
}

function addListButtons() {
  for (const item of document.querySelectorAll("[data-place]")) {
    const slug = item.dataset.place;
    if (!markers.has(slug) || item.querySelector("button")) continue;
    const go = document.createElement("button");
    go.type = "button";
    go.className = "app-button-link";
    go.textContent = words.onMapShort;
    go.setAttribute("aria-label", words.onMap.replace("{name}", item.querySelector("a").textContent));
    go.addEventListener("click", () => {
      if (frame.hidden) show();
      frame.scrollIntoView({ block: "nearest" });
      open(slug);
    });
    const box = item.querySelector("div");
    if (!box.querySelector(".badges")) box.append(document.createElement("br"));
    box.append(go);
  }
}

function open(slug) {
  const found = markers.get(slug);
  if (found) clusters.zoomToShowLayer(found, () => found.openPopup());
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function loaded(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}
