// A place's page: its card on paper, and its address for somebody else. Without this the browser's
// own menu prints the card, and the words to send stand on the page.

const print = document.querySelector("[data-print]");
const share = document.querySelector("[data-share]");
const text = document.querySelector("[data-share-text]").textContent;

print.hidden = false;
print.querySelector("button").addEventListener("click", () => window.print());

if (navigator.share || navigator.clipboard) {
  share.hidden = false;
  share.querySelector("button").addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share({ text });
      else {
        await navigator.clipboard.writeText(text);
        const said = share.querySelector("[data-share-done]");
        said.setAttribute("role", "status");
        said.textContent = said.dataset.shareDone;
      }
    } catch {
      document.querySelector("details").open = true; // closed again, or refused by the browser
    }
  });
}
