// The form of an objection: the puzzle instead of the question, the person's fields only where wanted, files checked early.
const place = document.querySelector("[data-robots]");
const form = place.closest("form");

function passed(number) {
  form.elements.proof.value = String(number);
  place.hidden = true;
  form.querySelector("[data-solved]").hidden = false;
}

if (globalThis.crypto?.subtle && globalThis.Worker) {
  const worker = new Worker(place.dataset.worker);
  worker.onmessage = ({ data }) => passed(data);
  worker.postMessage({ token: place.dataset.robots, bits: Number(place.dataset.bits) });
}

const person = form.querySelector("[data-named]");
const wanted = () => {
  person.hidden = form.elements.manner.value !== "named";
  form.elements.namedItem("name").required = !person.hidden;
};
form.addEventListener("change", wanted);
wanted();

const files = form.elements.evidence;
const hint = document.getElementById("h-evidence");
files.addEventListener("change", () => {
  const most = Number(files.dataset.most);
  const largest = Number(files.dataset.largest) * 1024 * 1024;
  const wrong = files.files.length > most || [...files.files].some((file) => file.size > largest);
  files.setCustomValidity(wrong ? hint.textContent.trim() : "");
  files.reportValidity();
});
