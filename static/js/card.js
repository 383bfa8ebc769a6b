// The card to carry. What somebody writes here is on the page and on paper, nowhere else: nothing is
// sent, stored or put into an address, and it is gone when the page is left. Without this script the
// page has blank cards to fill in by pen.

const make = document.querySelector("[data-carry-make]");
const fields = [...make.querySelectorAll("[data-carry-field]")];
const ticks = Object.fromEntries(
  [...make.querySelectorAll("[data-carry-tick]")].map((tick) => [tick.dataset.carryTick, tick]),
);
const status = make.querySelector("[data-carry-status]");
const SIZES = { small: [1.4, 0.62], large: [1, 0.75] }; // 14 to 6.2 point, and 16 to 12

const text = (field) => field.value.trim();
const isEmpty = () => !fields.some(text);

function draw() {
  const which = ticks.large.checked ? "large" : "small";
  for (const strip of make.querySelectorAll("[data-carry]")) {
    strip.hidden = strip.dataset.carry !== which;
  }
  for (const words of make.querySelectorAll("[data-carry-how]")) {
    words.hidden = words.dataset.carryHow !== which;
  }
  for (const symbol of make.querySelectorAll("[data-carry-symbol]")) {
    symbol.toggleAttribute("hidden", !ticks.symbols.checked);
  }
  for (const field of fields) {
    for (const out of make.querySelectorAll(`[data-carry-out="${field.dataset.carryField}"]`)) {
      out.textContent = text(field);
    }
  }
  for (const part of make.querySelectorAll("[data-carry-part]")) {
    part.hidden = ![...part.querySelectorAll("[data-carry-out]")].some((out) => out.textContent);
  }
  const words = fit(make.querySelector(`[data-carry="${which}"]`), SIZES[which])
    ? "" : status.dataset.tooMuch;
  if (status.textContent !== words) status.textContent = words;
  prints();
}

/** Make the letters as large as lets every face hold its words; false if even the least do not. */
function fit(strip, [most, least]) {
  const faces = [...strip.querySelectorAll(".carry__face")];
  const holds = (face) => face.scrollHeight <= face.clientHeight;
  for (let size = most; size > least; size -= 0.04) {
    strip.style.setProperty("--fit", size);
    if (faces.every(holds)) return true;
  }
  strip.style.setProperty("--fit", least);
  return faces.every(holds);
}

/** The browser's own menu prints the card if there is one, and otherwise all the blanks. */
function prints(what = isEmpty() ? "" : "card") {
  if (what) document.documentElement.dataset.prints = what;
  else delete document.documentElement.dataset.prints;
}

function clear() {
  for (const field of fields) field.value = "";
  for (const tick of Object.values(ticks)) tick.checked = false;
  draw();
}

make.addEventListener("input", draw);
make.querySelector("[data-carry-clear]").addEventListener("click", () => {
  clear();
  status.textContent = status.dataset.cleared;
  fields[0].focus();
});
for (const button of document.querySelectorAll("[data-carry-print]")) {
  button.addEventListener("click", () => {
    prints(button.dataset.carryPrint);
    window.print();
  });
}
addEventListener("afterprint", () => prints());
addEventListener("resize", draw);

// Gone before the page is: on every way out, and whatever the browser kept of it on the way back.
document.addEventListener("leaving", clear);
addEventListener("pagehide", clear);
addEventListener("pageshow", clear);

make.hidden = false;
for (const each of document.querySelectorAll("[data-carry-with]")) each.hidden = false;
document.querySelector("[data-carry-without]").hidden = true;
clear();
