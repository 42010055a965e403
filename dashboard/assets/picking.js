// The box in a table's head ticks every row; how many are ticked stands on the button.
for (const form of document.querySelectorAll("form.picking")) {
  const all = form.querySelector("input.all");
  const boxes = [...form.querySelectorAll("input[name=pick]")];
  const button = form.querySelector(".act button");
  if (!all || !button) continue;
  const word = button.textContent;
  const tell = () => {
    const count = boxes.filter((each) => each.checked).length;
    button.textContent = count ? `${word}（${count}）` : word;
    all.checked = count === boxes.length && count > 0;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const each of boxes) each.checked = all.checked;
    tell();
  });
  for (const each of boxes) each.addEventListener("change", tell);
  tell();
}
