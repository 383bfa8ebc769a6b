// The one script of the pages that one needs in a hurry: leaving, and searching without a trace.

// Leaving. The page is replaced, not followed: Back must not return here.

let leaving = false;
let shifts = 0;
let waiting;

function leave(link) {
  if (leaving) return;
  leaving = true;
  const cover = document.createElement("div");
  cover.className = "leaving";
  cover.setAttribute("role", "alert");
  cover.textContent = link.closest("[data-leaving]").dataset.leaving;
  document.body.classList.add("is-leaving");
  document.body.append(cover);
  document.dispatchEvent(new Event("leaving")); // for a page that has something to clear
  location.replace(link.href);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-leaving] a");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  leave(link);
});

// Shift pressed three times, within five seconds and with nothing else between.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") shifts = 0;
});
document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") return;
  const exit = document.querySelector("[data-leaving]");
  if (!exit) return;
  shifts += 1;
  clearTimeout(waiting);
  waiting = setTimeout(() => say(exit, 0), 5000);
  if (shifts >= 3) leave(exit.querySelector("a"));
  else say(exit, shifts);
});

function say(exit, count) {
  shifts = count;
  if (count) exit.dataset.pressed = count;
  else delete exit.dataset.pressed;
  exit.querySelector("[role=status]").textContent = count ? exit.dataset[`shift${count}`] : "";
}

// Searching. The answer takes the place of the form on the same page, so that the history holds
// neither; without this script the browser sends the form by itself.

function start(root) {
  for (const form of root.querySelectorAll("form[data-use-location]")) {
    if (navigator.geolocation && window.isSecureContext) form.hidden = false;
  }
  for (const button of root.querySelectorAll("[data-map-of-answer]")) button.hidden = false;
  offerVoice();
  const errors = root.querySelector("[data-errors], .govuk-error-summary");
  if (errors) errors.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-search]");
  if (!form) return;
  event.preventDefault();
  if (form.matches("[data-use-location]")) locate(form);
  else send(form, event.submitter);
});

function locate(form) {
  const status = form.querySelector("[data-location-status]");
  status.textContent = status.dataset.looking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      // Four decimals are ten metres: enough to walk by, and no more than is needed.
      form.elements.latitude.value = coords.latitude.toFixed(4);
      form.elements.longitude.value = coords.longitude.toFixed(4);
      form.elements.accuracy.value = Math.ceil(coords.accuracy);
      send(form);
    },
    () => {
      status.textContent = status.dataset.failed;
      document.getElementById("id_location").focus();
    },
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
  );
}

// The map of an answer, in place. It is fetched when it is asked for; where somebody is goes to the
// server only as the rounded view that the map asks for.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-map-of-answer]");
  if (!button) return;
  button.disabled = true;
  try {
    const part = await fetch(button.dataset.mapOfAnswer);
    if (!part.ok) throw new Error(String(part.status));
    const made = new DOMParser().parseFromString(await part.text(), "text/html");
    made.querySelector("[data-map]").dataset.you = button.dataset.you;
    button.after(...made.body.children);
    const { begin } = await import("./map.js");
    begin();
    button.hidden = true;
  } catch {
    button.disabled = false;
  }
});

async function send(form, button) {
  const asked = new FormData(form, button);
  try {
    const body = new URLSearchParams(asked);
    const response = await fetch(form.action, { method: "POST", body, redirect: "error" });
    show(await response.text());
  } catch {
    form.submit(); // the browser then says itself what is wrong
  }
}

// The nearest place said aloud, by a voice of the device itself: others would send the words away.

function ownVoice() {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  const language = document.documentElement.lang.slice(0, 2);
  return voices.find((voice) => voice.localService && voice.lang.startsWith(language));
}

function offerVoice() {
  const button = document.querySelector("[data-say-aloud]");
  if (button) button.hidden = !ownVoice();
}

window.speechSynthesis?.addEventListener?.("voiceschanged", offerVoice);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-say-aloud]")) return;
  const said = new SpeechSynthesisUtterance(document.querySelector("[data-spoken]").textContent);
  said.voice = ownVoice();
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
});

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) throw new Error("no page");
  document.title = page.title;
  document.querySelector(".line55")?.remove();
  const line55 = page.querySelector(".line55");
  if (line55) document.querySelector("header").after(line55);
  document.querySelector("main").replaceWith(main);
  document.body.className = page.body.className;
  // A fragment of the page before, such as that of the words to show, would open them at once.
  history.replaceState(null, "", location.pathname);
  scrollTo(0, 0);
  start(main);
  if (!main.contains(document.activeElement)) {
    (main.querySelector("#answer") ?? main).focus({ preventScroll: true });
  }
}

start(document);

// An answer that the browser sent for by itself becomes the plain address, so that going back or
// forward to it, or loading it again, gives the form and never asks to send again.
if (document.querySelector("form[data-search]")) {
  history.replaceState(null, "", location.pathname + location.hash);
}

// Somebody who comes back after a while finds the form, not where they looked.
const KEPT_MINUTES = 10;
const shown = Date.now();
addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-use-location]")) form.reset();
  if (event.persisted && Date.now() - shown > KEPT_MINUTES * 60000) location.reload();
});

// A place's page: its card on paper, and its address for somebody else. Without this the browser's
// own menu prints the card, and the words to send stand on the page.

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.querySelector("button").addEventListener("click", () => window.print());
  const share = document.querySelector("[data-share]");
  share.hidden = !(navigator.share || navigator.clipboard);
  share.querySelector("button").addEventListener("click", async () => {
    const text = document.querySelector("[data-share-text]").textContent;
    const said = share.querySelector("[data-share-done]");
    try {
      if (navigator.share) await navigator.share({ text });
      else {
        await navigator.clipboard.writeText(text);
        said.setAttribute("role", "status");
        said.textContent = said.dataset.shareDone;
      }
    } catch {
      document.querySelector("details").open = true; // closed again, or refused by the browser
    }
  });
}
