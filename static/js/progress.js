// Keeps a page of work under way up to date. Without this, the page has a link to look again.

const EVERY = 2000; // milliseconds
const page = document.querySelector("[data-progress='under-way']");

async function look() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    return true;
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html")
    .querySelector("[data-progress]");
  if (!next) {
    return false;
  }
  if (next.dataset.progress !== "under-way") {
    window.location.reload(); // the whole page: its buttons are others now
    return false;
  }
  const now = page.querySelector("[data-progress-now]");
  const said = next.querySelector("[data-progress-now]").textContent.trim().replace(/\s+/g, " ");
  if (now.textContent !== said) {
    now.textContent = said;
  }
  return true;
}

async function keepLooking() {
  let goOn = true;
  try {
    goOn = await look();
  } catch {
    // No network for a moment: look again.
  }
  if (goOn) {
    setTimeout(keepLooking, EVERY);
  }
}

if (page) {
  setTimeout(keepLooking, EVERY);
}
