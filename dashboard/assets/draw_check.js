// Checks the certificate of a draw in the reader's own browser: no server, no library, only the browser's SHA-256.
// It says what `linxuan draw verify` says, sentence by sentence (states/draw/verification.py); a test compares them.
const FORMAT = "linxuan draw 1";
const KINDS = {
  format: "string", frame: "object", frame_sha256: "string", pool: "array", exclusions: "array",
  commitment: "string", committed_at: "string", digits: "string", source: "string", supervisor: "string",
  drawn_at: "string", secret: "string", seed: "string", tickets: "array", seats: "array", sha256: "string",
};
const RULES = ["of_field", "per_employer", "per_province", "size"];
const encoder = new TextEncoder();
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const kind = (value) => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const whole = (value) => Number.isSafeInteger(value);
const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

/** JSON with sorted keys and no spaces, as everything that is hashed is written. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (kind(value) !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort(byText).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const lines = (records) => records.map((one) => `${canonical(one)}\n`).sort(byText).join("");

/** What the text of a certificate proves: {proved: [sentences], faults: [sentences]}. Never throws. */
export async function check(text) {
  let certificate;
  try {
    certificate = JSON.parse(text);
  } catch {
    return { proved: [], faults: ["文件不是有效的JSON，请换用抽取证书原文件。"] };
  }
  const faults = [...malformed(certificate)];
  if (faults.length) return { proved: [], faults };
  const wrong = unsound(certificate);
  if (wrong) return { proved: [], faults: [`证书内容不成其为一次抽取：${wrong}`] };
  const proof = { proved: [], faults: [] };
  await fingerprint(certificate, proof);
  const built = await rebuilt(certificate);
  await hashes(certificate, built, proof);
  await commitment(certificate, proof);
  await draw(certificate, built, proof);
  if ("identities" in certificate) await identities(certificate, proof);
  return proof;
}

function* malformed(certificate) {
  if (kind(certificate) !== "object") {
    yield "不是抽取证书。";
    return;
  }
  for (const [key, wanted] of Object.entries(KINDS)) {
    if (!(key in certificate)) yield `证书缺少“${key}”。`;
    else if (kind(certificate[key]) !== wanted) yield `证书中“${key}”的写法不对。`;
  }
  for (const key of Object.keys(certificate)) {
    if (!(key in KINDS) && key !== "identities") yield `证书中有不应有的“${key}”。`;
  }
  if ("format" in certificate && certificate.format !== FORMAT) {
    yield `证书格式“${certificate.format}”不是“${FORMAT}”。`;
  }
}

const texts = (list) => Array.isArray(list) && list.every((one) => typeof one === "string");
const has = (record, keys) => kind(record) === "object" && texts(keys.map((key) => record[key]));

/** Why the certificate cannot be a draw at all; empty when it can. */
function unsound({ frame, pool, exclusions }) {
  const rules = frame.constraints;
  if (!has(frame, ["call", "occupation"]) || !texts(frame.standing) || kind(rules) !== "object") return "抽取条件的写法不对。";
  if (canonical(Object.keys(rules).sort(byText)) !== canonical(RULES)) return "抽取条件的写法不对。";
  if (![frame.round, frame.seats, ...Object.values(rules)].every(whole)) return "抽取条件中有不是整数的数。";
  const member = (one) => has(one, ["pseudonym", "employer", "province"]) && texts(one.fields);
  if (!pool.every(member)) return "专家库的写法不对。";
  if (!exclusions.every((one) => has(one, ["clause", "pseudonym", "rule"]))) return "排除名单的写法不对。";
  const names = new Set(pool.map((one) => one.pseudonym));
  if (names.size !== pool.length) return "专家库中有重复的专家，不能冻结。";
  if (![...names].every((name) => /^[0-9a-f]{32}$/.test(name))) return "专家代号写法不对，应为32位小写十六进制。";
  const strangers = new Set([...exclusions.map((one) => one.pseudonym), ...frame.standing].filter((one) => !names.has(one)));
  if (strangers.size) return `排除或在席名单中有${strangers.size}名专家不在冻结的专家库内。`;
  if (rules.size < 1 || rules.size % 2 === 0) return `专家组人数应为单数，现为${rules.size}人。`;
  if (rules.per_employer < 1 || rules.per_province < 0) return "同一单位、同一省份的人数上限不能小于1（省份填0表示不限）。";
  if (rules.of_field < 0 || rules.of_field > rules.size) return `本领域专家人数应在0至${rules.size}之间，现为${rules.of_field}。`;
  const wanted = rules.size - frame.standing.length;
  if (frame.seats < 1 || frame.seats !== wanted) return `本轮应抽${wanted}人，写成了${frame.seats}人。`;
  return "";
}

/** The frame as its parts say it is: what is claimed of them is compared with this. */
async function rebuilt({ frame, pool, exclusions }) {
  const frozen = pool
    .map(({ pseudonym, employer, province, fields }) => ({ pseudonym, employer, province, fields: [...fields].sort(byText) }))
    .sort((a, b) => byText(a.pseudonym, b.pseudonym));
  const out = exclusions.map(({ pseudonym, rule, clause }) => ({ pseudonym, rule, clause }));
  const { call, occupation, round, seats, constraints, standing } = frame;
  const record = {
    format: FORMAT, call, occupation, round, seats, constraints, standing: [...standing].sort(byText),
    pool_sha256: await sha256(lines(frozen)), exclusions_sha256: await sha256(lines(out)),
  };
  return { pool: frozen, record, sha256: await sha256(canonical(record)) };
}

async function fingerprint(certificate, proof) {
  const { sha256: claimed, identities: _, ...body } = certificate;
  say(proof, (await sha256(canonical(body))) === claimed,
    "证书自生成以来没有改动过一个字节。", "证书内容与其指纹（sha256）不符，证书被改动过。");
}

async function hashes({ frame, frame_sha256, pool, exclusions }, built, proof) {
  const frozen = frame.pool_sha256 === built.record.pool_sha256 && canonical(pool) === canonical(built.pool);
  say(proof, frozen, `冻结的专家库（${pool.length}人）与公布的哈希一致。`, "专家库与公布的哈希不一致。");
  say(proof, frame.exclusions_sha256 === built.record.exclusions_sha256,
    `排除名单（${exclusions.length}人）与公布的哈希一致，每人都注明了规则。`, "排除名单与公布的哈希不一致。");
  say(proof, canonical(frame) === canonical(built.record) && built.sha256 === frame_sha256,
    "批次、职业、轮次、席位和条件与抽取前公布的一致。", "抽取条件与公布的哈希不一致。");
}

async function commitment({ secret, commitment: published }, proof) {
  say(proof, /^[0-9a-f]{64}$/.test(secret) && (await sha256(`linxuan secret 1\n${secret}`)) === published,
    "办公室的密钥与抽取前公布的承诺一致，事后不能更换。", "密钥与抽取前公布的承诺不一致。");
}

async function draw(certificate, { pool, sha256: frozen }, proof) {
  const { frame, secret, digits, exclusions } = certificate;
  if (!/^[0-9]{6,40}$/.test(digits)) {
    proof.faults.push("按证书内容不能重现抽取：公开数字应为6至40位阿拉伯数字，不含空格和其他符号。（M24-7.3c）");
    return;
  }
  const seed = await sha256(`linxuan seed 1\n${secret}\n${digits}\n${frozen}`);
  const key = await crypto.subtle.importKey("raw", bytes(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const out = new Set([...exclusions.map((one) => one.pseudonym), ...frame.standing]);
  const eligible = pool.filter((one) => !out.has(one.pseudonym));
  const lots = await Promise.all(eligible.map(async (one) => ({
    candidate: one, ticket: hex(await crypto.subtle.sign("HMAC", key, encoder.encode(one.pseudonym))),
  })));
  lots.sort((a, b) => byText(a.ticket, b.ticket));
  const tickets = seat(frame, pool, lots);
  const seats = tickets.filter((one) => one.outcome === "seated").map((one) => one.pseudonym);
  const same = canonical(tickets) === canonical(certificate.tickets);
  if (seed !== certificate.seed) proof.faults.push("种子不是由密钥、公开数字和抽取条件算出的。");
  if (!same) proof.faults.push("签号或各人的结果与重新计算的不一致。");
  if (canonical(seats) !== canonical(certificate.seats)) proof.faults.push("入选名单与重新计算的不一致。");
  if (seed !== certificate.seed || !same) return;
  if (seats.length < frame.seats) {
    const field = eligible.filter((one) => one.fields.includes(frame.occupation)).length;
    proof.proved.push(`本轮抽取作废，没有人入选：${frame.occupation}可抽专家${tickets.length}人（本领域${field}人），`
      + `按公布的条件只能抽出${seats.length}人，不足${frame.seats}人；请扩大专家范围，或决定按件回避，并记录理由。（D-10）`);
    return;
  }
  proof.proved.push(`由密钥和公开数字“${digits}”重新计算${tickets.length}个签号，得到同样的${seats.length}名专家。`);
}

/** The lowest tickets sit, as far as the published constraints allow. */
function seat(frame, pool, lots) {
  const rules = frame.constraints;
  const taken = pool.filter((one) => frame.standing.includes(one.pseudonym));
  const count = (test) => taken.filter(test).length;
  const ofField = (one) => one.fields.includes(frame.occupation);
  let left = frame.seats;
  return lots.map(({ candidate, ticket }) => {
    let outcome = "seated";
    if (left === 0) outcome = "beyond";
    else if (count((one) => one.employer === candidate.employer) >= rules.per_employer) outcome = "same_employer";
    else if (rules.per_province && count((one) => one.province === candidate.province) >= rules.per_province) outcome = "same_province";
    else if (!ofField(candidate) && rules.of_field - count(ofField) >= left) outcome = "field_first";
    else {
      left -= 1;
      taken.push(candidate);
    }
    return { pseudonym: candidate.pseudonym, ticket, outcome };
  });
}

async function identities(certificate, proof) {
  const known = new Set(certificate.pool.map((one) => one.pseudonym));
  const opened = new Set();
  for (const one of Array.isArray(certificate.identities) ? certificate.identities : [null]) {
    const parts = one && ["nonce", "expert", "name", "uscc"].map((key) => one[key]);
    if (!parts || !texts([...parts, one.pseudonym, one.employer])) {
      proof.faults.push("密封部分的写法不对。");
      return;
    }
    const found = (await sha256(["linxuan expert 1", ...parts, ""].join("\n"))).slice(0, 32);
    if (found === one.pseudonym) opened.add(found);
    else opened.add(`${found}?`);
  }
  const same = opened.size === known.size && [...opened].every((name) => known.has(name));
  say(proof, same, "密封部分的每个姓名都能打开对应的代号。", "密封部分的姓名与代号不符。");
}

function say(proof, holds, good, bad) {
  (holds ? proof.proved : proof.faults).push(holds ? good : bad);
}
