// One click fills in a sample account or its code; only a rehearsed installation has any.
export function fillSamples(root) {
  for (const button of root.querySelectorAll("button.sample")) {
    button.addEventListener("click", () => {
      for (const name of ["login", "password", "code"]) {
        const field = document.getElementById(`f-${name}`);
        if (field && button.dataset[name]) field.value = button.dataset[name];
      }
      document.querySelector("main form button:not([type=button])")?.focus();
    });
  }
}
