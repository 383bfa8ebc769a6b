// The pin of /portal/…/point/: a map that writes the two numbers of the form and nothing else.
// Metres are worked out from three places the page knows both ways; within a few kilometres that
// is right to less than a metre.

import { openMap } from "./maps.js";

const METRES = 1000;
const LINE_EVERY = 100;
const LINES = 10;
const STEP = 5;
const FAR = 2000;

const wrapper = document.querySelector("[data-pin-map]");
const form = document.querySelector("[data-pin-form]");

if (wrapper && form) {
  const data = JSON.parse(document.getElementById("pin-map-data").textContent);
  wrapper.hidden = false;
  drawMap(wrapper.querySelector("[data-pin-map-here]"), data);
}

async function drawMap(element, data) {
  const boxes = { east: form.elements.easting, north: form.elements.northing };
  const map = await openMap(element, { maxZoom: 20 });
  const L = window.L;
  const here = toLatLng(data, [0, 0]);
  map.setView(here, 17);
  drawLines(map, data);
  drawAround(map, data);
  if (data.postcode) {
    L.circleMarker([data.postcode[1], data.postcode[0]], {
      radius: 6, color: "#505a5f", interactive: false,
    }).addTo(map);
  }
  const icon = L.divIcon({ className: "app-pin", iconSize: [28, 28], iconAnchor: [14, 28] });
  const marker = L.marker(here, { draggable: true, icon, alt: form.dataset.pinLabel });
  marker.addTo(map);
  marker.getElement().setAttribute("aria-label", form.dataset.pinLabel);

  const write = () => {
    const [east, north] = toMetres(data, marker.getLatLng());
    boxes.east.value = (data.origin.grid[0] + east).toFixed(1);
    boxes.north.value = (data.origin.grid[1] + north).toFixed(1);
  };
  marker.on("dragend", write);
  offerWhereIStand(map, data, marker, write);
  marker.getElement().addEventListener("keydown", (event) => {
    const way = {
      ArrowUp: [0, STEP], ArrowDown: [0, -STEP], ArrowRight: [STEP, 0], ArrowLeft: [-STEP, 0],
    }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const [east, north] = toMetres(data, marker.getLatLng());
    marker.setLatLng(toLatLng(data, [east + way[0], north + way[1]]));
    write();
  });
}

/** The edges of districts and wards, and places that the public can find already. */
function drawAround(map, data) {
  const L = window.L;
  L.geoJSON(data.outlines, {
    interactive: false,
    style: ({ properties }) => ({
      className: "app-pin-edge", weight: 2, dashArray: properties.kind === "ward" ? "6 6" : null,
    }),
  }).addTo(map);
  for (const { name, degrees } of data.near) {
    L.circleMarker([degrees[1], degrees[0]], { className: "app-pin-near", radius: 8, weight: 2 })
      .bindTooltip(labelled(name))
      .addTo(map);
  }
}

/** As an element: Leaflet reads a text as HTML. */
function labelled(text) {
  const label = document.createElement("span");
  label.textContent = text;
  return label;
}

/** A button that asks the device where it is; nothing is asked before it is pressed. */
function offerWhereIStand(map, data, marker, write) {
  const button = wrapper.querySelector("[data-pin-here]");
  const status = wrapper.querySelector("[data-pin-status]");
  if (!navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = button.dataset;
    status.textContent = words.looking;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const place = window.L.latLng(coords.latitude, coords.longitude);
      const [east, north] = toMetres(data, place);
      if (Math.hypot(east, north) > FAR) {
        status.textContent = words.far;
        return;
      }
      marker.setLatLng(place);
      map.panTo(place);
      write();
      status.textContent = words.found.replace("%m", Math.ceil(coords.accuracy));
    }, () => { status.textContent = words.failed; }, { enableHighAccuracy: true, timeout: 15000 });
  });
}

/** Lines of the national grid, 100 metres apart: a scale and a north without any map tiles. */
function drawLines(map, data) {
  const L = window.L;
  const style = { color: "#b1b4b6", weight: 1, interactive: false };
  const [east, north] = data.origin.grid;
  const end = LINES * LINE_EVERY;
  for (let number = -LINES; number <= LINES; number += 1) {
    const x = number * LINE_EVERY - (east % LINE_EVERY);
    const y = number * LINE_EVERY - (north % LINE_EVERY);
    L.polyline([toLatLng(data, [x, -end]), toLatLng(data, [x, end])], style).addTo(map);
    L.polyline([toLatLng(data, [-end, y]), toLatLng(data, [end, y])], style).addTo(map);
  }
}

function vectors(data) {
  const [x, y] = data.origin.degrees;
  const of = (place) => [
    (place.degrees[0] - x) / METRES, (place.degrees[1] - y) / METRES,
  ];
  return { x, y, east: of(data.east), north: of(data.north) };
}

function toLatLng(data, [east, north]) {
  const v = vectors(data);
  return window.L.latLng(
    v.y + east * v.east[1] + north * v.north[1],
    v.x + east * v.east[0] + north * v.north[0],
  );
}

function toMetres(data, place) {
  const v = vectors(data);
  const x = place.lng - v.x;
  const y = place.lat - v.y;
  const area = v.east[0] * v.north[1] - v.north[0] * v.east[1];
  return [
    (x * v.north[1] - v.north[0] * y) / area,
    (v.east[0] * y - x * v.east[1]) / area,
  ];
}
