// What every page does when scripts run; every page works without.
import { keepDrafts } from "./drafts.js";
import { countCharacters } from "./counting.js";
import { openDialogs } from "./dialogs.js";
import { walkRows } from "./keys.js";
import { fillSamples } from "./samples.js";
import { sendOnce } from "./once.js";

function start(root) {
  keepDrafts(root);
  countCharacters(root);
  openDialogs(root);
  walkRows(root);
  fillSamples(root);
  sendOnce(root);
}

start(document);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && start(event.detail.elt));
