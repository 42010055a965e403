// Counts characters as one types, in a field that has a limit.
export function countCharacters(root) {
  for (const field of root.querySelectorAll("[data-count]")) {
    const shown = document.getElementById(field.dataset.count);
    const most = Number(field.getAttribute("maxlength"));
    const tell = () => {
      const count = [...field.value].length;
      shown.textContent = `${count}/${most}`;
      shown.classList.toggle("full", count >= most);
    };
    field.addEventListener("input", tell);
    tell();
  }
}
