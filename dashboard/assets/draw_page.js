// The verify page: reads a certificate in this browser and says what linxuan draw verify says of it.
const place = document.getElementById("verify");
const verdict = place.querySelector("[data-verdict]");
const LARGEST = 256 * 1024 * 1024;

/** The first key that stands twice in one object: two readers might see two certificates. JSON.parse does not mind. */
export function twice(text) {
  const open = [];
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":" && open.at(-1)) {
      const key = JSON.parse(last);
      if (open.at(-1).has(key)) return key;
      open.at(-1).add(key);
    }
    last = token;
  }
  return null;
}

function show({ proved, faults }) {
  const good = !faults.length && proved.length > 0;
  verdict.querySelector("h2").textContent = good ? "结论：证书属实。" : "结论：证书不能采信。（M24-7.3c）";
  verdict.querySelector("h2").className = good ? "good" : "bad";
  const line = (says, tone) => Object.assign(document.createElement("li"), { textContent: says, className: tone });
  verdict.querySelector("ul").replaceChildren(
    ...proved.map((each) => line(`属实：${each}`, "")), ...faults.map((each) => line(`不符：${each}`, "bad")),
  );
  verdict.dataset.says = good ? "good" : "bad";
  verdict.hidden = false;
}

async function read(blob) {
  if (blob.size > LARGEST) return show({ proved: [], faults: ["文件超过256MB，不是抽取证书。"] });
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await blob.arrayBuffer());
    JSON.parse(text);
  } catch {
    return show({ proved: [], faults: ["文件不是JSON格式的抽取证书，可能不完整。"] });
  }
  const doubled = twice(text);
  if (doubled !== null) return show({ proved: [], faults: [`文件中“${doubled}”写了两次，不能作为抽取证书核验。`] });
  const { check } = await import(place.dataset.module);
  return show(await check(text));
}

if (!globalThis.crypto?.subtle) place.querySelector("[data-insecure]").hidden = false;
else {
  const choose = place.querySelector("[data-choose]");
  choose.hidden = false;
  choose.querySelector("input").addEventListener("change", async ({ target }) => {
    verdict.hidden = true;
    if (target.files.length) {
      await read(target.files[0]);
      verdict.focus();
    }
  });
  if (place.dataset.certificate) {
    const answer = await fetch(place.dataset.certificate);
    await read(await answer.blob());
  }
}
