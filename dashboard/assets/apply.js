// The recommendation form online: saved while one types, counted as the printed limits count (white space is free).
const form = document.querySelector("form.filling");
const told = document.querySelector(".autosaved");

function count(field) {
  const shown = document.getElementById(`c-${field.id.slice(2)}`);
  const limit = Number(field.dataset.limit);
  const used = [...field.value.replace(/\s/gu, "")].length;
  shown.textContent = `${used}/${limit}`;
  shown.classList.toggle("full", used > limit);
}

for (const field of document.querySelectorAll("[data-limit]")) {
  field.addEventListener("input", () => count(field));
  count(field);
}

if (form) {
  let waiting = 0;
  let busy = false;
  let dirty = false;

  async function save() {
    if (busy || !dirty) return;
    busy = true;
    dirty = false;
    const data = new FormData(form);
    data.delete("once");
    data.set("autosave", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") throw new Error("signed out");
      const said = await answer.json();
      told.textContent = said.says || said.detail;
      told.classList.toggle("bad", !answer.ok);
      if (answer.ok) {
        form.elements.version.value = said.version;
        if (!dirty) localStorage.removeItem(`linxuan draft ${form.dataset.draft}`);
      }
    } catch {
      told.textContent = told.dataset.offline;
      told.classList.add("bad");
      dirty = true;
    } finally {
      busy = false;
    }
  }

  function soon() {
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 1500);
  }

  form.addEventListener("input", soon);
  // Whatever was typed, or brought back from the browser, before this script ran.
  if ([...form.elements].some((each) => each.matches("input:not([type]), textarea") && each.value !== each.defaultValue)) soon();
  form.addEventListener("submit", () => clearTimeout(waiting));
  document.addEventListener("visibilitychange", () => document.hidden && save());
}
