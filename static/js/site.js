// Starts the components that gain from JavaScript. Every page works without.
import {
  createAll, Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink,
} from "../build/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink]) {
  createAll(component);
}
