// An own area, drawn corner by corner; what is drawn is written as GeoJSON into the form's box,
// which works without this.

import { openMap } from "./maps.js";

const form = document.querySelector("[data-draw-area]");

if (form) {
  form.querySelector("[data-draw-part]").hidden = false;
  start(form);
}

async function start(form) {
  const box = form.elements.geojson;
  const frame = form.querySelector("[data-draw-map]");
  const says = form.querySelector("[data-draw-says]");
  const map = await openMap(frame, { scrollWheelZoom: false });
  const L = window.L;
  const outlines = L.geoJSON(JSON.parse(document.getElementById("draw-outlines").textContent), {
    interactive: false,
    style: (feature) => ({
      color: "#4a5357", weight: feature.properties.kind === "ward" ? 1 : 3, fill: false,
    }),
  });
  if (outlines.getLayers().length) map.fitBounds(outlines.getBounds());
  outlines.addTo(map);
  const shape = L.polygon([], { color: "#6b2a5b", weight: 3, interactive: false }).addTo(map);
  const others = L.geoJSON(null, {
    interactive: false, style: { color: "#6b2a5b", weight: 3 },
  }).addTo(map);
  let corners = [];

  const show = () => {
    shape.setLatLngs(corners.map((corner) => corner.getLatLng()));
    says.textContent = corners.length ? `${corners.length} ${says.dataset.words}` : "";
  };
  const write = () => {
    show();
    if (corners.length < 3) {
      box.value = "";
      return;
    }
    const ring = corners.map((corner) => {
      const { lng, lat } = corner.getLatLng();
      return [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
    });
    box.value = JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  };
  const take = (corner) => {
    corners = corners.filter((other) => other !== corner);
    corner.remove();
    write();
  };
  const add = (place) => {
    // A small round handle; Leaflet's own pin would be fetched as a picture.
    const icon = L.divIcon({ className: "app-corner", iconSize: [24, 24] });
    const corner = L.marker(place, { draggable: true, icon, keyboard: false });
    corner.on("drag", show);
    corner.on("dragend", write);
    corner.on("click", () => take(corner));
    corner.addTo(map);
    corners.push(corner);
  };
  const clear = () => {
    corners.forEach((corner) => corner.remove());
    corners = [];
    others.clearLayers();
  };
  /** What stands in the box: one plain ring can be redrawn, anything else is only shown. */
  const read = () => {
    clear();
    let given;
    try {
      given = JSON.parse(box.value);
    } catch {
      show();
      return;
    }
    const rings = given.type === "Polygon" ? given.coordinates
      : given.type === "MultiPolygon" && given.coordinates.length === 1 ? given.coordinates[0]
        : [];
    try {
      if (rings.length === 1 && rings[0].length < 200) {
        rings[0].slice(0, -1).forEach(([x, y]) => add([y, x]));
      } else {
        others.addData(given);
      }
    } catch {
      clear(); // the server says in words what is wrong with it
    }
    show();
  };

  map.on("click", (event) => {
    if (others.getLayers().length) return;
    add(event.latlng);
    write();
  });
  box.addEventListener("change", read);
  form.querySelector("[data-draw-undo]").addEventListener("click", () => {
    if (corners.length) take(corners[corners.length - 1]);
  });
  form.querySelector("[data-draw-clear]").addEventListener("click", () => {
    clear();
    write();
  });
  read();
  const drawn = corners.length ? shape : others.getLayers().length ? others : null;
  if (drawn) map.fitBounds(drawn.getBounds(), { padding: [40, 40] });
}
