/** @file Exact arithmetic and the finite field, against oracles: BigInt, Fermat, and known values. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { exactRoot, plus, power, ratio, times, toDouble, whole } from "../../../src/verify/math/arithmetic.ts";
import { inverse, modPower, modRoot, PRIME, residue, ROOTED } from "../../../src/verify/math/modular.ts";

const rationals = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([n, d]) => ratio(n, d)!);

test("sums and products are in lowest terms and have the right value", () => {
  fc.assert(
    fc.property(rationals, rationals, (a, b) => {
      const [s, p] = [plus(a, b), times(a, b)];
      expect(s.numerator * a.denominator * b.denominator).toBe(
        (a.numerator * b.denominator + b.numerator * a.denominator) * s.denominator,
      );
      expect(p.numerator * a.denominator * b.denominator).toBe(a.numerator * b.numerator * p.denominator);
      for (const r of [s, p]) expect(ratio(r.numerator * 6n, r.denominator * 6n)).toEqual(r);
    }),
  );
});

test.each([
  [2n, 3n, 10n, 1024n, 59049n],
  [-2n, 3n, 3n, -8n, 27n],
  [2n, 3n, -2n, 9n, 4n],
])("(%s/%s)^%s", (n, d, e, top, bottom) => {
  expect(power(ratio(n, d)!, whole(e))).toEqual({ numerator: top, denominator: bottom });
});

test("powers without a value, or too large for an answer, are null", () => {
  expect(power(whole(0), whole(0))).toBeNull();
  expect(power(whole(0), whole(-1))).toBeNull();
  expect(power(whole(9), whole(10n ** 9n))).toBeNull();
  expect(power(whole(-1), whole(10n ** 30n + 1n))).toEqual(whole(-1));
});

test("roots of perfect powers, and of nothing else", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 2, max: 9 }), (n, k) => {
      expect(exactRoot(whole(n ** BigInt(k)), k)).toEqual(whole(n));
      if (n > 1n) expect(exactRoot(whole(n ** BigInt(k) + 1n), k)).toBeNull();
    }),
  );
  expect(exactRoot(whole(-27), 3)).toEqual(whole(-3));
  expect(exactRoot(whole(-4), 2)).toBeNull();
});

test("to doubles, beyond their range too", () => {
  expect(toDouble(ratio(1n, 3n)!)).toBe(1 / 3);
  expect(toDouble(ratio(3n * 10n ** 400n, 2n * 10n ** 400n + 1n)!)).toBeCloseTo(1.5, 12);
  expect(toDouble(whole(-(10n ** 400n)))).toBe(-Infinity);
});

test("the field's number is prime (Miller–Rabin, 25 bases), and −1 and the primes up to 97 have roots in it", () => {
  let [odd, twos] = [PRIME - 1n, 0];
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  for (const base of ROOTED) {
    let x = modPower(base, odd);
    let passes = x === 1n || x === PRIME - 1n;
    for (let i = 1; i < twos && !passes; i++) {
      x = (x * x) % PRIME;
      passes = x === PRIME - 1n;
    }
    expect(passes).toBe(true);
  }
  for (const n of [-1n, ...ROOTED]) expect(modRoot(n) ** 2n % PRIME).toBe(residue(n));
});

test("inverses in the field", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: PRIME - 1n }), (n) => {
      expect((n * inverse(n)!) % PRIME).toBe(1n);
    }),
  );
  expect(inverse(0n)).toBeNull();
});
