// Minus and plus beside each number of a return. Without this the numbers are typed.

/** A button that adds `step` to the box, never below its least nor above its most. */
function button(box, words, sign, step) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary app-stepper__button";
  made.textContent = sign;
  made.setAttribute("aria-label", words);
  made.addEventListener("click", () => {
    const now = Number.parseInt(box.value, 10) || 0;
    box.value = Math.min(Number(box.max), Math.max(Number(box.min), now + step));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return made;
}

for (const row of document.querySelectorAll("[data-stepper]")) {
  const box = row.querySelector("input");
  box.before(button(box, row.dataset.fewer, "−", -1));
  box.after(button(box, row.dataset.more, "+", 1));
}
