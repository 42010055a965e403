// Score sheets: the sum of a row as one types, no marks for an abstention, how many cases are decided.
const sheet = document.querySelector("table.sheet");

function reckon(row) {
  const marks = [...row.querySelectorAll("input[data-mark]")];
  const vote = row.querySelector("select");
  const abstains = vote.value === "abstain";
  for (const each of marks) each.disabled = abstains;
  const filled = marks.filter((each) => each.value !== "");
  const sum = filled.reduce((total, each) => total + Number(each.value), 0);
  row.querySelector("output").textContent = abstains || !filled.length ? "–" : String(sum);
  return vote.value !== "" && (abstains || filled.length === marks.length);
}

function reckonAll() {
  const rows = [...sheet.querySelectorAll("tbody tr")];
  const done = rows.map(reckon).filter(Boolean).length;
  document.querySelector("[data-done]").textContent = `${done} / ${rows.length}`;
}

if (sheet) {
  sheet.addEventListener("input", reckonAll);
  reckonAll();
}
