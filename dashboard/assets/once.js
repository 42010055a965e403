// A second click while a form is on its way does nothing; the server would answer it alike anyway.
export function sendOnce(root) {
  for (const form of root.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }
  window.addEventListener("pageshow", () => root.querySelectorAll?.("form[data-sent]").forEach((form) => delete form.dataset.sent));
}
