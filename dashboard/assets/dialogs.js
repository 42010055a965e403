// A question opens as a modal dialog; without script its link leads to it and the style sheet shows it.
export function openDialogs(root) {
  for (const opener of root.querySelectorAll("[data-open]")) {
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(opener.dataset.open).showModal();
    });
    opener.addEventListener("keydown", (event) => {
      if (event.key === " ") opener.click();
    });
  }
  for (const closer of root.querySelectorAll("[data-close]")) {
    closer.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(closer.dataset.close).close();
    });
  }
}
