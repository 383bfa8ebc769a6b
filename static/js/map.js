// The public map: places of the view, clusters of them, wards and districts, and rings around where
// somebody is. The list beside it has the same places and works without this.

import { addButtons, config, fetched, hasTiles, openMap, picture } from "./maps.js";

/** Starts the map that stands on the page; once for each frame. */
export function begin() {
  const frame = document.querySelector("[data-map]");
  const here = frame.querySelector("[data-map-here]");
  const start = document.querySelector("[data-map-start]");
  const button = document.querySelector("[data-show-map]");
  const status = document.querySelector("[data-map-status]");
  const words = frame.dataset;
  const DOORS = { open: "open", closed: "shut", not_confirmed: "unsure" };
  const LABELS = 5;
  const WIDE = "(min-width: 60rem)";
  let map = null;
  let L = null;
  let drawing = null;
  let you = null; // where somebody is, if they said so; it never leaves the device
  let wanted = null; // the place to open as soon as it is drawn
  let shown = new Map(); // what is drawn now, by slug or by the place of a cluster
  let layers = {};
  let asked = {}; // the views asked for last, so that an unchanged one is not asked for again

  if (start) {
    start.hidden = false;
    button.addEventListener("click", () => (frame.hidden ? show() : hide()));
  }
  for (const item of document.querySelectorAll("[data-at]")) addListButton(item);

  if (location.hash.startsWith("#place-")) {
    const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (item?.dataset.at) goTo(item);
  } else if (!start || ("opens" in start.dataset && matchMedia(WIDE).matches && !hasTiles())) show();

  async function show() {
    frame.hidden = false;
    say("hide", true);
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
    say("show", false);
    status.textContent = "";
  }

  function say(what, isOpen) {
    if (!button) return;
    button.textContent = words[what];
    button.setAttribute("aria-expanded", String(isOpen));
  }

  async function draw() {
    map ??= await openMap(here);
    L = window.L;
    map.createPane("outlines").style.zIndex = 250;
    layers = {
      outlines: L.layerGroup().addTo(map), names: L.layerGroup().addTo(map),
      rings: L.layerGroup().addTo(map), places: L.layerGroup().addTo(map),
    };
    addButtons(map, [[picture("here"), config().words.here, locate]]);
    // Leaflet listens for Escape only while the map itself has the focus, not a popup in it.
    frame.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
    if (words.you) drawYou(JSON.parse(words.you));
    else if (words.extent) map.fitBounds(boundsOf(words.extent.split(",").map(Number)), { maxZoom: 15, animate: false });
    await fill();
    map.on("moveend", () => fill().catch(() => {}));
  }

  function boundsOf([west, south, east, north]) {
    return L.latLngBounds([[south, west], [north, east]]).pad(0.15);
  }

  /** The view as the server will round it, so that the address says no more than it needs. */
  function view() {
    const box = map.getBounds();
    const zoom = Math.round(map.getZoom());
    const step = Math.max(360 / 2 ** zoom, 0.02);
    const down = (degrees) => (Math.floor(degrees / step) * step).toFixed(4);
    const up = (degrees) => (Math.ceil(degrees / step) * step).toFixed(4);
    return `zoom=${zoom}&box=${down(box.getWest())},${down(box.getSouth())},${up(box.getEast())},${up(box.getNorth())}`;
  }

  async function fill() {
    const now = view();
    await Promise.all([
      asked.places === now ? null : fetched(`${words.places}?${now}`).then((found) => {
        asked.places = now;
        drawPlaces(found.features);
      }),
      asked.outlines === now ? null : fetched(`${words.areas}?${now}`).then((found) => {
        asked.outlines = now;
        drawOutlines(found.features);
      }),
    ]);
    label();
  }

  function drawOutlines(features) {
    layers.outlines.clearLayers();
    layers.names.clearLayers();
    const fillOpacity = hasTiles() ? 0 : 1;
    for (const kind of ["district", "ward"]) {
      const found = features.filter(({ properties }) => properties.kind === kind);
      found.forEach((feature, index) => {
        layers.outlines.addLayer(L.geoJSON(feature, {
          pane: "outlines", interactive: false,
          className: `map-area map-area--${kind}${kind === "ward" && index % 2 ? " map-area--second" : ""}`,
          style: { weight: kind === "ward" ? 1.5 : 2, fillOpacity },
        }));
      });
    }
    // Above the wards' grounds, which would cover it.
    layers.outlines.eachLayer((layer) => {
      const isDistrict = layer.getLayers()[0]?.feature.properties.kind === "district";
      if (isDistrict && features.some(({ properties }) => properties.kind === "ward")) {
        layers.outlines.addLayer(L.geoJSON(layer.toGeoJSON(), {
          pane: "outlines", interactive: false, className: "map-area map-area--edge", style: { weight: 2, fill: false },
        }));
      }
    });
    for (const { properties: { name, kind, middle } } of features) {
      if (kind !== "ward" || map.getZoom() < 12) continue;
      layers.names.addLayer(L.marker([middle[1], middle[0]], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "map-ward", html: text("span", name), iconSize: [0, 0] }),
      }));
    }
  }

  function drawPlaces(features) {
    const before = shown;
    shown = new Map();
    const titles = new Set();
    for (const feature of features) {
      const key = feature.id ?? `${feature.geometry.coordinates}:${feature.properties.count}`;
      const kept = before.get(key);
      before.delete(key);
      // An open popup and the focus stay where they are.
      shown.set(key, kept ?? (feature.id ? marker(feature, titles) : cluster(feature)));
      if (!kept) layers.places.addLayer(shown.get(key));
      else titles.add(kept.options.title);
    }
    for (const gone of before.values()) layers.places.removeLayer(gone);
    if (wanted && shown.has(wanted)) {
      shown.get(wanted).openPopup();
      wanted = null;
    }
  }

  function marker({ id, geometry, properties }, titles) {
    const { name, town, state, hours, exact } = properties;
    const [longitude, latitude] = geometry.coordinates;
    // The name begins with what its label shows, for those who speak what they see.
    let title = `${name}: ${hours}, ${town}`;
    for (let number = 2; titles.has(title); number += 1) title = `${name}: ${hours}, ${town} (${number})`;
    titles.add(title);
    const face = document.createElement("span");
    face.className = "map-face";
    face.append(picture(DOORS[state]));
    const made = L.marker([latitude, longitude], {
      title, alt: title, riseOnHover: true,
      icon: L.divIcon({
        className: `map-marker map-marker--${state}${exact ? "" : " map-marker--rough"}`,
        html: face, iconSize: [36, 36], popupAnchor: [0, -16],
      }),
    });
    made.place = { name, hours };
    made.on("add", () => made.getElement().setAttribute("aria-label", title));
    made.bindPopup(() => popup(id, properties), { maxWidth: 240, autoPanPadding: [56, 12] });
    made.on("popupopen", ({ popup: opened }) => {
      const close = opened.getElement().querySelector(".leaflet-popup-close-button");
      close?.setAttribute("aria-label", words.close);
      opened.getElement().querySelector("a.govuk-link").focus();
    });
    made.on("popupclose", () => made.getElement()?.focus());
    return made;
  }

  function popup(slug, { name, kind, town, hours, exact, schemes }) {
    const box = document.createElement("div");
    box.append(text("strong", name), text("p", [kind, town].filter(Boolean).join(", ")), text("p", hours));
    if (!exact) box.append(text("p", words.rough));
    if (schemes.length) {
      const badges = text("ul", "");
      badges.className = "badges";
      for (const scheme of schemes) badges.append(text("li", scheme));
      box.append(badges);
    }
    const link = text("a", words.more);
    link.className = "govuk-link";
    link.href = words.venuePage.replace("SLUG", encodeURIComponent(slug));
    box.append(link);
    return box;
  }

  function cluster({ geometry, properties: { count, open } }) {
    const [longitude, latitude] = geometry.coordinates;
    const title = words.cluster.replace("{count}", count).replace("{open}", open);
    const made = L.marker([latitude, longitude], {
      title, alt: title,
      icon: L.divIcon({
        className: `map-cluster${open ? " map-cluster--open" : ""}`, html: text("span", count), iconSize: [44, 44],
      }),
    });
    made.on("add", () => made.getElement().setAttribute("aria-label", title));
    made.on("click", () => map.setView(made.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()), { animate: false }));
    return made;
  }

  /** The names of the nearest five stand beside their doors; one that would lie on another is left out. */
  function label() {
    for (const each of here.querySelectorAll(".map-label")) each.remove();
    const from = you ?? map.getCenter();
    const singles = [...shown.values()].filter((each) => each.place && map.getBounds().contains(each.getLatLng()));
    singles.sort((one, other) => from.distanceTo(one.getLatLng()) - from.distanceTo(other.getLatLng()));
    const doors = ".map-marker, .map-cluster, .map-button, .map-you";
    const taken = [...here.querySelectorAll(doors)].map((each) => each.getBoundingClientRect());
    const edge = here.getBoundingClientRect();
    for (const each of singles.slice(0, LABELS)) {
      const made = text("span", "");
      made.className = "map-label";
      made.setAttribute("aria-hidden", "true"); // the marker's own name says it
      made.append(text("b", each.place.name), ` ${each.place.hours}`);
      each.getElement().append(made);
      for (const side of ["map-label--after", "map-label--before"]) {
        made.className = `map-label ${side}`;
        const box = made.getBoundingClientRect();
        const fits = box.left >= edge.left && box.right <= edge.right && !taken.some((other) => overlap(box, other));
        if (fits) {
          taken.push(box);
          break;
        }
        if (side === "map-label--before") made.remove();
      }
    }
    for (const name of here.querySelectorAll(".map-ward span")) {
      name.hidden = false;
      const box = name.getBoundingClientRect();
      name.hidden = taken.some((other) => overlap(box, other));
    }
  }

  function overlap(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  function locate() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => drawYou({ latitude: coords.latitude, longitude: coords.longitude }),
      () => { status.textContent = config().words.notHere; },
      { timeout: 10000, maximumAge: 60000 },
    );
  }

  function drawYou({ latitude, longitude, rough }) {
    you = L.latLng(latitude, longitude);
    if (rough) { // the middle of a town, which nobody walks from
      map.setView(you, 14, { animate: false });
      return;
    }
    layers.rings.clearLayers();
    const rings = JSON.parse(words.rings);
    for (const [minutes, metres] of rings) {
      layers.rings.addLayer(L.circle(you, { radius: metres, interactive: false, className: "map-ring", fill: false }));
      const below = L.latLng(you.lat - (metres / 111_320), you.lng);
      layers.rings.addLayer(L.marker(below, {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "map-ring-name", html: text("span", words.minutes.replace("{minutes}", minutes)), iconSize: [0, 0] }),
      }));
    }
    const face = document.createElement("span");
    face.append(picture("you"));
    layers.rings.addLayer(L.marker(you, {
      title: words.youName, alt: words.youName, keyboard: false, interactive: false,
      icon: L.divIcon({ className: "map-you", html: face, iconSize: [28, 28] }),
    }));
    // Jumps, never flies.
    map.fitBounds(you.toBounds(2 * rings[rings.length - 1][1] + 200), { animate: false });
  }

  function addListButton(item) {
    const go = text("button", words.onMapShort);
    go.type = "button";
    go.className = "app-button-link";
    go.setAttribute("aria-label", words.onMap.replace("{name}", item.querySelector("a").textContent));
    go.addEventListener("click", () => goTo(item));
    item.querySelector("div").append(go);
  }

  async function goTo(item) {
    const slug = item.id.slice("place-".length);
    await show();
    if (!map) return;
    frame.scrollIntoView({ block: "nearest" });
    wanted = slug;
    map.setView(item.dataset.at.split(",").map(Number), Math.max(map.getZoom(), 17), { animate: false });
    if (shown.has(slug)) {
      shown.get(slug).openPopup();
      wanted = null;
    }
  }

  function text(tag, said) {
    return Object.assign(document.createElement(tag), { textContent: said });
  }
}

// An answer starts its own when it is asked for (public.js).
if (!document.querySelector("[data-map-of-answer]")) begin();
