// How every map of ours begins. Leaflet and django-leaflet's part of it are in the page's
// <template data-map-parts> ({% map_parts %}) and are fetched when the first map is opened. Which
// tiles lie under a map, and how far it goes, is LEAFLET_CONFIG's to say and nobody else's.

let parts = null;

/** A map in `frame`, with buttons of our own size. `options` are Leaflet's. */
export async function openMap(frame, options = {}) {
  await (parts ??= fetchParts());
  const { djoptions, words } = config();
  const map = window.L.Map.djangoMap(frame, {
    djoptions, globals: false, zoomControl: false, attributionControl: djoptions.layers.length > 0, ...options,
  });
  addButtons(map, [
    ["+", words.zoomIn, () => map.zoomIn()],
    ["−", words.zoomOut, () => map.zoomOut()],
  ]);
  return map;
}

export function config() {
  return JSON.parse(document.getElementById("map-config").textContent);
}

/** Whether tiles of somebody else's lie under the map. */
export function hasTiles() {
  return config().djoptions.layers.length > 0;
}

/** Buttons of 44 pixels at the top right: [sign or element, words, what it does] each. */
export function addButtons(map, buttons) {
  const L = window.L;
  const Buttons = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const bar = L.DomUtil.create("div", "map-buttons");
      for (const [sign, words, press] of buttons) {
        const button = L.DomUtil.create("button", "map-button", bar);
        button.type = "button";
        button.title = words;
        button.setAttribute("aria-label", words);
        button.append(sign);
        button.addEventListener("click", press);
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  map.addControl(new Buttons());
}

/** A picture of the page's sprite. */
export function picture(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function fetchParts() {
  try {
    const found = document.querySelector("template[data-map-parts]").content.children;
    const sheets = [...found].filter((each) => each.tagName === "LINK").map(load);
    // One after the other: each part builds on the one before.
    for (const each of found) if (each.tagName === "SCRIPT") await load(each);
    await Promise.all(sheets);
  } catch (error) {
    parts = null; // so that the next press tries again
    throw error;
  }
}

function load(part) {
  // Made anew: a script that was parsed inside a template does not run.
  const made = document.createElement(part.tagName);
  for (const { name, value } of part.attributes) made.setAttribute(name, value);
  made.textContent = part.textContent;
  const isData = part.tagName === "SCRIPT" && !part.hasAttribute("src");
  const place = part.tagName === "LINK" ? document.head : document.body;
  if (isData) {
    place.append(made);
    return undefined;
  }
  return new Promise((resolve, reject) => {
    made.onload = resolve;
    made.onerror = reject;
    // Before our own sheets, so that these have the last word.
    if (part.tagName === "LINK") document.querySelector("link[rel=stylesheet]").before(made);
    else place.append(made);
  });
}
