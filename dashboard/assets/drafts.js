// What is typed into a form with data-draft stays in this browser until the form has gone through.
const PREFIX = "linxuan draft ";
const FLAG = "linxuan sent";

function fields(form) {
  return [...form.elements].filter(
    (each) => each.name && !["csrf", "once"].includes(each.name) && !["hidden", "password", "file", "submit", "button"].includes(each.type),
  );
}

function read(form) {
  return fields(form).map((each) => [each.name, each.value, ["checkbox", "radio"].includes(each.type) ? each.checked : null]);
}

function write(form, kept) {
  for (const [name, value, checked] of kept) {
    for (const each of fields(form)) {
      if (each.name !== name) continue;
      if (checked === null) each.value = value;
      else if (each.value === value) each.checked = checked;
      each.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function settle() {
  const sent = sessionStorage.getItem(FLAG);
  sessionStorage.removeItem(FLAG);
  if (sent && document.querySelector(".flash.good")) localStorage.removeItem(sent);
}

export function keepDrafts(root) {
  if (root === document) settle();
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "null");
      if (kept) write(form, kept);
    } catch {
      localStorage.removeItem(key);
    }
    form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(read(form))));
    form.addEventListener("submit", () => sessionStorage.setItem(FLAG, key));
  }
}
