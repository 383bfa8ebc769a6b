// While a trainer writes a section, what learners will see stands below it.
// Every text area with data-preview, the address that turns its text into clean HTML.

const WAIT = 400; // milliseconds after the last key
const timers = new WeakMap();

function frameOf(area) {
  const row = area.closest(".form-row");
  let frame = row.querySelector("[data-preview-of]");
  if (!frame) {
    frame = document.createElement("div");
    frame.className = "app-preview";
    frame.dataset.previewOf = area.name;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "Preview");
    row.append(frame);
  }
  return frame;
}

async function show(area) {
  const form = new FormData();
  form.append("body", area.value);
  form.append("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
  const answer = await fetch(area.dataset.preview, { method: "POST", body: form });
  if (!answer.ok) return;
  // The server has cleaned it; a document of its own keeps it from running anything all the same.
  const clean = new DOMParser().parseFromString(await answer.text(), "text/html");
  frameOf(area).replaceChildren(...clean.body.childNodes);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset.preview) return;
  clearTimeout(timers.get(area));
  timers.set(area, setTimeout(() => show(area), WAIT));
});
