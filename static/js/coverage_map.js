// The map of coverage: areas shaded by the share covered, venues, reaches and people's points, for
// any hour of the week. The tables on the page say the same; the map is drawn when asked for.

import { fetched, hasTiles, openMap } from "./maps.js";

const frame = document.querySelector("[data-coverage]");
const button = document.querySelector(`[aria-controls="${frame.id}"]`);
const words = frame.dataset;
const hour = document.querySelector("[data-hour]");
const said = document.querySelector("[data-hour-said]");
const STEPS = 5; // of the legend, and one more for all
const SIGNS = ["–", "✓", "?"]; // closed, open, hours not confirmed
const STATES = ["closed", "open", "not_confirmed"];
let week = null;
let map = null;
const layers = {};

button.hidden = false;
button.addEventListener("click", async () => {
  frame.hidden = !frame.hidden;
  button.setAttribute("aria-expanded", String(!frame.hidden));
  button.textContent = frame.hidden ? words.showMap : words.hideMap;
  if (frame.hidden) return;
  try {
    week ??= await fetched(words.week);
    if (!map) await draw();
    map.invalidateSize();
    show();
  } catch {
    frame.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.textContent = words.showMap;
    said.textContent = words.failed;
  }
});

let hasMoved = false; // until the slider is moved, hours may be left aside as the page was asked
if (hour) {
  document.querySelector("[data-hour-row]").hidden = false;
  hour.addEventListener("input", async () => {
    hasMoved = true;
    week ??= await fetched(words.week);
    show();
  });
}

for (const box of document.querySelectorAll("[data-layer]")) {
  box.addEventListener("change", () => {
    if (!map) return;
    if (box.checked) layers[box.dataset.layer].addTo(map);
    else layers[box.dataset.layer].remove();
    show();
  });
}

function now() {
  return hour && (hasMoved || !("aside" in words)) ? Number(hour.value) : -1;
}

/** What the page says of the hour that the slider stands at: words, map and the table's cells. */
function show() {
  const at = now();
  const open = at >= 0 ? week.covered[at] : week.covered_by_any;
  const cells = document.querySelectorAll(".coverage-week td");
  for (const [index, cell] of cells.entries()) cell.classList.toggle("coverage-now", index === at);
  if (hasMoved) {
    for (const each of document.querySelectorAll("[data-as-asked]")) each.hidden = true;
    for (const each of document.querySelectorAll("[data-as-moved]")) each.hidden = false;
    said.textContent = words.said
      .replace("{when}", at >= 0 ? week.labels[at] : words.anyHour)
      .replace("{share}", inWords(week.people ? open / week.people : null))
      .replace("{covered}", open.toLocaleString("en-GB"))
      .replace("{people}", week.people.toLocaleString("en-GB"));
    hour?.setAttribute("aria-valuetext", said.textContent);
  }
  for (const row of hasMoved ? document.querySelectorAll("[data-area]") : []) {
    const area = week.areas.features.find((each) => each.id === row.dataset.area);
    if (!area) continue;
    const covered = coveredOf(area, at);
    row.querySelector("[data-nearest]").textContent = "";
    row.querySelector("[data-covered]").textContent = covered.toLocaleString("en-GB");
    row.querySelector("[data-left]").textContent = (area.properties.people - covered).toLocaleString("en-GB");
    row.querySelector("[data-share]").textContent = inWords(shareOf(area, at));
  }
  if (!map) return;
  layers.areas.eachLayer((layer) => {
    const share_ = shareOf(layer.feature, at);
    layer.getElement()?.setAttribute("class", `leaflet-interactive ${shade(share_)}`);
    layer.setTooltipContent(areaWords(layer.feature, at));
  });
  const isCovered = (point) => (at >= 0 ? point.covered[at] === "1" : point.ever);
  for (const { point, dot } of layers.points) {
    dot.getElement()?.setAttribute("class", `coverage-people coverage-people--${isCovered(point) ? "covered" : "left"}`);
  }
  layers.small.eachLayer((layer) => {
    layer.getElement()?.setAttribute("class", shade(isCovered(layer.feature.properties) ? 1 : 0));
  });
  for (const { feature, marker } of layers.marked) {
    const state = at >= 0 ? Number(feature.properties.states[at]) : 1;
    const icon = marker.getElement();
    if (!icon) continue;
    for (const name of STATES) icon.classList.toggle(`map-marker--${name}`, name === STATES[state]);
    icon.textContent = SIGNS[state];
    const title = `${feature.properties.name}: ${words[`state${state}`]}`;
    icon.title = title;
    icon.setAttribute("aria-label", title);
  }
  layers.reaches.clearLayers();
  for (const { feature, marker } of layers.marked) {
    if (at >= 0 && feature.properties.states[at] !== "1") continue; // a reach is an open venue's
    layers.reaches.addLayer(window.L.circle(marker.getLatLng(), {
      radius: week.metres, className: "coverage-reach", interactive: false,
    }));
  }
}

function coveredOf(area, at) {
  return at >= 0 ? area.properties.covered[at] : area.properties.covered_by_any;
}

function shareOf(area, at) {
  const { people } = area.properties;
  return people ? coveredOf(area, at) / people : null;
}

/** A share (0 to 1) as the tables say it: never 0 or 100 % where that would be wrong. */
function inWords(share) {
  if (share === null) return "–";
  if (share > 0 && share < 0.01) return words.under;
  if (share > 0.99 && share < 1) return words.over;
  return words.percent.replace("{share}", Math.round(share * 100));
}

function shade(share) {
  if (share === null) return "coverage-shade-none";
  return `coverage-shade-${Math.floor(share * STEPS)}`;
}

function areaWords(area, at) {
  const share = shareOf(area, at);
  const box = document.createElement("span");
  box.textContent = words.area
    .replace("{name}", area.properties.name)
    .replace("{share}", inWords(share))
    .replace("{people}", area.properties.people.toLocaleString("en-GB"));
  return box;
}

async function draw() {
  map = await openMap(frame, { scrollWheelZoom: false, zoomSnap: 0.25 });
  const L = window.L;
  layers.areas = L.geoJSON(week.areas, {
    style: { weight: 1.5, fillOpacity: hasTiles() ? 0.6 : 1 },
    onEachFeature: (feature, layer) => layer.bindTooltip("", { sticky: true }),
  }).addTo(map);
  layers.reaches = L.layerGroup();
  layers.points = [];
  const small = (week.points ?? []).flatMap((point) => {
    const [longitude, latitude] = point.at;
    const dot = L.circleMarker([latitude, longitude], {
      radius: Math.max(3, Math.min(8, Math.sqrt(point.people) / 8)), className: "coverage-people", interactive: false,
    });
    layers.points.push({ point, dot });
    return [dot];
  });
  layers.people = L.layerGroup(small);
  layers.small = L.geoJSON((week.points ?? []).filter(({ outline }) => outline).map((point) => ({
    type: "Feature", geometry: point.outline, properties: point,
  })), { style: { weight: 1, fillOpacity: hasTiles() ? 0.6 : 1 }, interactive: false });
  layers.others = L.layerGroup((week.other_places?.features ?? []).map((feature) => marker(L, feature, "coverage-other")));
  layers.marked = [];
  layers.venues = L.layerGroup(week.venues.features.map((feature) => {
    const made = marker(L, feature, "");
    layers.marked.push({ feature, marker: made });
    return made;
  })).addTo(map);
  layers.picks = L.layerGroup((week.picks?.features ?? []).map((feature) => marker(L, feature, "coverage-pick"))).addTo(map);
  for (const box of document.querySelectorAll("[data-layer]")) {
    if (box.checked) layers[box.dataset.layer].addTo(map);
    else layers[box.dataset.layer].remove();
  }
  const hasOutlines = layers.small.getLayers().length > 0;
  for (const box of document.querySelectorAll('[data-layer="small"]')) box.parentElement.hidden = !hasOutlines;
  const around = layers.areas.getBounds();
  if (around.isValid()) map.fitBounds(around.pad(0.02));
}

function marker(L, feature, kind) {
  const [longitude, latitude] = feature.geometry.coordinates;
  const { name, sign } = feature.properties;
  return L.marker([latitude, longitude], {
    title: name, alt: name, keyboard: false,
    icon: L.divIcon({ className: `map-marker ${kind}`, html: "", iconSize: [26, 26] }),
  }).on("add", ({ target }) => { if (sign) target.getElement().textContent = sign; });
}
