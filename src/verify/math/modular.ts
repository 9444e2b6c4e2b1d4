/** @file The field of a prime in which −1 and every prime up to 97 have square roots: it holds the rationals, i and the common surds, without rounding. */

/** 5·8·3·5·7·…·97 + 1; prime, so −1, 2 and the odd primes up to 97 are squares (quadratic reciprocity). */
export const PRIME = 46_111_359_278_910_368_495_062_042_946_635_121_401n;

/** The primes that have roots. */
export const ROOTED = [
  2n,
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
  79n,
  83n,
  89n,
  97n,
];

export function residue(n: bigint): bigint {
  const r = n % PRIME;
  return r < 0n ? r + PRIME : r;
}

export function modPower(base: bigint, exponent: bigint): bigint {
  let [result, square, e] = [1n, residue(base), exponent];
  for (; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

/** @returns null for zero. */
export function inverse(n: bigint): bigint | null {
  return residue(n) === 0n ? null : modPower(n, PRIME - 2n);
}

const roots = new Map<bigint, bigint>();

/** One of the two square roots, always the same. @param n −1 or a prime of {@link ROOTED}. */
export function modRoot(n: bigint): bigint {
  const known = roots.get(n);
  if (known !== undefined) return known;
  const found = tonelliShanks(residue(n));
  roots.set(n, found);
  return found;
}

function tonelliShanks(n: bigint): bigint {
  let [q, s] = [PRIME - 1n, 0];
  for (; q % 2n === 0n; q /= 2n) s++;
  let z = 2n;
  while (modPower(z, (PRIME - 1n) / 2n) !== PRIME - 1n) z++;
  let [m, c, t, r] = [s, modPower(z, q), modPower(n, q), modPower(n, (q + 1n) / 2n)];
  while (t !== 1n) {
    let i = 0;
    for (let square = t; square !== 1n; i++) square = (square * square) % PRIME;
    const b = modPower(c, 1n << BigInt(m - i - 1));
    [m, c, r] = [i, (b * b) % PRIME, (r * b) % PRIME];
    t = (t * c) % PRIME;
  }
  return r;
}

/** A fixed residue for a text: FNV-1a over its characters, stretched by squaring. Looks like chance, is none. */
export function residueOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const c of text) hash = ((hash ^ BigInt(c.codePointAt(0)!)) * 0x100000001b3n) & 0xffffffffffffffffn;
  const wide = hash * hash * hash + hash + 1n;
  return residue(wide * wide + hash);
}
