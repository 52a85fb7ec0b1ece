/** Just enough of BN254 to make keys and proofs whose trapdoor is known. Affine, slow, for tests only. */

/** Order of the base field. Source: EIP-197. */
export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** c0 + c1*u with u^2 = -1. A base field element has c1 = 0. */
export type Fp2 = readonly [bigint, bigint];

/** Affine point, undefined at infinity. G1 points have both c1 = 0. */
export type Point = { readonly x: Fp2; readonly y: Fp2 } | undefined;

export const G1: Point = { x: [1n, 0n], y: [2n, 0n] };
/** Source: EIP-197. */
export const G2: Point = {
  x: [
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  ],
  y: [
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ],
};

export function modulo(value: bigint, order: bigint): bigint {
  const residue = value % order;
  return residue < 0n ? residue + order : residue;
}

export function power(base: bigint, exponent: bigint, order: bigint): bigint {
  let result = 1n;
  for (let square = modulo(base, order), rest = exponent; rest > 0n; square = (square * square) % order, rest >>= 1n) {
    if (rest & 1n) result = (result * square) % order;
  }
  return result;
}

const add2 = (a: Fp2, b: Fp2): Fp2 => [modulo(a[0] + b[0], Q), modulo(a[1] + b[1], Q)];
const sub2 = (a: Fp2, b: Fp2): Fp2 => [modulo(a[0] - b[0], Q), modulo(a[1] - b[1], Q)];
const mul2 = (a: Fp2, b: Fp2): Fp2 => [modulo(a[0] * b[0] - a[1] * b[1], Q), modulo(a[0] * b[1] + a[1] * b[0], Q)];

function inverse2(a: Fp2): Fp2 {
  const norm = power(a[0] * a[0] + a[1] * a[1], Q - 2n, Q);
  return [modulo(a[0] * norm, Q), modulo(-a[1] * norm, Q)];
}

export function addPoints(p: Point, q: Point): Point {
  if (p === undefined) return q;
  if (q === undefined) return p;
  const same = p.x[0] === q.x[0] && p.x[1] === q.x[1];
  if (same && (p.y[0] !== q.y[0] || p.y[1] !== q.y[1])) return undefined;
  const square = mul2(p.x, p.x);
  const slope = same
    ? mul2(add2(add2(square, square), square), inverse2(add2(p.y, p.y)))
    : mul2(sub2(q.y, p.y), inverse2(sub2(q.x, p.x)));
  const x = sub2(sub2(mul2(slope, slope), p.x), q.x);
  return { x, y: sub2(mul2(slope, sub2(p.x, x)), p.y) };
}

/** Requires `scalar >= 0`. */
export function multiply(point: Point, scalar: bigint): Point {
  let result: Point;
  for (let doubled = point, rest = scalar; rest > 0n; doubled = addPoints(doubled, doubled), rest >>= 1n) {
    if (rest & 1n) result = addPoints(result, doubled);
  }
  return result;
}

/** A point of the twist that is on the curve y^2 = x^3 + 3/(9+u) and not in the subgroup of order p. */
export function pointOutsideSubgroup(): Point {
  const b = mul2([3n, 0n], inverse2([9n, 1n]));
  for (let start = 1n; ; start += 1n) {
    const x: Fp2 = [start, 1n];
    const y = squareRoot(add2(mul2(mul2(x, x), x), b));
    if (y !== undefined) return { x, y };
  }
}

/** Root of a square in Fp2, by way of the norm; undefined for a non-square. */
function squareRoot(a: Fp2): Fp2 | undefined {
  const root = (v: bigint): bigint => power(v, (Q + 1n) / 4n, Q);
  const norm = root(modulo(a[0] * a[0] + a[1] * a[1], Q));
  for (const sign of [norm, Q - norm]) {
    const c0 = root(modulo((a[0] + sign) * power(2n, Q - 2n, Q), Q));
    if (c0 === 0n) continue;
    const candidate: Fp2 = [c0, modulo(a[1] * power(2n * c0, Q - 2n, Q), Q)];
    const square = mul2(candidate, candidate);
    if (square[0] === a[0] && square[1] === a[1]) return candidate;
  }
  return undefined;
}
