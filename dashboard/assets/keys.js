// Keys in a table of rows: j and k walk, Enter opens, n leads to the next page. Not while somebody types.
function typing(target) {
  return target.closest("input, textarea, select, dialog[open]");
}

export function walkRows(root) {
  const table = root.querySelector("table[data-keys]");
  if (!table) return;
  const links = [...table.querySelectorAll("tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = links.indexOf(document.activeElement);
    if (event.key === "j") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "k") links[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "n") document.querySelector(".pages a[rel=next]")?.click();
  });
}
