// Somebody is called to the counter while answering: what is ticked is kept without a press.
// Every form with data-keep, the address that keeps its answers.

for (const form of document.querySelectorAll("form[data-keep]")) {
  let changed = false;
  form.addEventListener("change", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !changed) return;
    changed = false;
    // keepalive: the request goes out although the page is being left.
    fetch(form.dataset.keep, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" });
  });
}
