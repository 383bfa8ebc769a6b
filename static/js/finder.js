// The finder's pages: the device's position on request, and a Back that never asks to send again.

// An answer came by POST. As an entry of the history it becomes the plain address, so that going
// back or forward to it, or loading it again, gives the form.
history.replaceState(null, "", location.pathname + location.hash);

// Without JavaScript a further search opens a tab of its own, for the same reason.
for (const form of document.querySelectorAll("[data-own-tab]")) form.removeAttribute("target");
for (const words of document.querySelectorAll("[data-own-tab-words]")) words.remove();

for (const form of document.querySelectorAll("form[data-use-location]")) {
  if (navigator.geolocation && window.isSecureContext) offer(form);
}

function offer(form) {
  const status = form.querySelector("[data-location-status]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = status.dataset.looking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // Four decimals are ten metres: enough to walk by, and no more than is needed.
        form.elements.latitude.value = coords.latitude.toFixed(4);
        form.elements.longitude.value = coords.longitude.toFixed(4);
        form.submit();
      },
      () => {
        status.textContent = status.dataset.failed;
        document.getElementById("id_location").focus();
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
}

// A position that was given once must not wait in the form when somebody comes back to it.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-use-location]")) form.reset();
});
