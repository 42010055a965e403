// Works in the background: finds a number after which SHA-256 of `token:number` begins with so many zero bits.
const encoder = new TextEncoder();
const AT_ONCE = 256;

function fits(hash, bits) {
  const view = new DataView(hash);
  return view.getUint32(0) >>> (32 - bits) === 0;
}

onmessage = async ({ data: { token, bits } }) => {
  for (let from = 0; ; from += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, n) => from + n);
    const hashes = await Promise.all(numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(`${token}:${n}`))));
    const at = hashes.findIndex((hash) => fits(hash, bits));
    if (at >= 0) {
      postMessage(from + at);
      return;
    }
  }
};
