// Starts the components that gain from JavaScript. Every page works without.
import {
  createAll, Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, Radios, SkipLink,
} from "../build/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

/** Leaves without a step in the history to come back to: Back must not return to this page. */
class ExitWithoutReturn extends ExitThisPage {
  static moduleName = "app-exit-this-page";

  exitPage() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    this.$overlay = document.createElement("div");
    this.$overlay.className = "govuk-exit-this-page-overlay";
    this.$overlay.setAttribute("role", "alert");
    document.body.append(this.$overlay);
    this.$overlay.textContent = this.i18n.t("activated");
    window.location.replace(this.$root.querySelector("a").href);
  }
}

for (const component of [
  Button, CharacterCount, Checkboxes, ErrorSummary, ExitWithoutReturn, Radios, SkipLink,
]) {
  createAll(component);
}
