// The map on the decision screen: the place and its neighbours. Drawn only when it is asked for.
// The list beside the map says the same.

import { openMap } from "./maps.js";

async function draw(frame) {
  const places = JSON.parse(document.getElementById(frame.dataset.places).textContent);
  const map = await openMap(frame, { scrollWheelZoom: false });
  const L = window.L;
  const layer = L.geoJSON(places, {
    pointToLayer: (feature, position) =>
      L.circleMarker(position, {
        radius: feature.properties.this ? 11 : 7,
        color: "#ffffff",
        weight: 2,
        fillOpacity: 1,
        fillColor: feature.properties.this ? "#a3161c" : "#0b5c62",
      }),
    onEachFeature: (feature, marker) => {
      const label = document.createElement("span");
      label.textContent = feature.properties.name;
      marker.bindTooltip(label, { permanent: Boolean(feature.properties.this) });
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [30, 30], maxZoom: 16 });
}

for (const frame of document.querySelectorAll("[data-places]")) {
  const button = document.querySelector(`[aria-controls="${frame.id}"]`);
  button.hidden = false;
  button.addEventListener("click", () => {
    const first = frame.hidden && !frame.hasChildNodes();
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    if (first) draw(frame);
  });
}
