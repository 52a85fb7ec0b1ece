import { FIELD_MODULUS } from '../field/scalar-field.js';

/** Order q of BN254's base field, the field of point coordinates. Source: EIP-196. */
export const BASE_FIELD_MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Affine point of G1 over the base field, or of G2 over its quadratic extension with coordinates [c0, c1] = c0 + c1*u. */
export type PointG1 = readonly [bigint, bigint];
export type PointG2 = readonly [Extension, Extension];
type Extension = readonly [bigint, bigint];

/** The generator of G2 that everyone uses (EIP-197). */
export const GENERATOR_G2: PointG2 = [
  [
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  ],
  [
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ],
];

/** 3/(9 + u), the constant of G2's curve. */
const TWIST_B: Extension = [
  19485874751759354771024239261021720505790618469301721065564631296452457478373n,
  266929791119991161246907387137283842545076965332900288569378510910307636690n,
];

/** Both coordinates are below q: the only form in which a point has one encoding. */
export function isCanonical(coordinates: readonly bigint[]): boolean {
  return coordinates.every((value) => value >= 0n && value < BASE_FIELD_MODULUS);
}

/** Canonical, on y^2 = x^3 + 3, and not infinity (which has no affine form). G1 has prime order, so it is in the group. */
export function isPointG1([x, y]: PointG1): boolean {
  return isCanonical([x, y]) && reduce(y * y - x * x * x - 3n) === 0n;
}

/** Canonical, on the twist, and in its subgroup of order p, as Ethereum's pairing precompile demands. */
export function isPointG2([x, y]: PointG2): boolean {
  if (!isCanonical([...x, ...y])) return false;
  const cubic = add(multiply(multiply(x, x), x), TWIST_B);
  return isZero(subtract(multiply(y, y), cubic)) && hasGroupOrder([x, y]);
}

export function equalG2(left: PointG2, right: PointG2): boolean {
  return left.flat().every((value, index) => value === right.flat()[index]);
}

/** Whether `point` is `scalar` times the generator. For public scalars: the time depends on it. */
export function isMultipleOfGeneratorG2([x, y]: PointG2, scalar: bigint): boolean {
  const [baseX, baseY] = GENERATOR_G2;
  let sum: Jacobian = { x: [1n, 0n], y: [1n, 0n], z: [0n, 0n] };
  for (const bit of scalar.toString(2)) {
    sum = double(sum);
    if (bit === '1') sum = addAffine(sum, baseX, baseY);
  }
  const zSquared = multiply(sum.z, sum.z);
  const same = [subtract(multiply(x, zSquared), sum.x), subtract(multiply(y, multiply(zSquared, sum.z)), sum.y)];
  return !isZero(sum.z) && same.every(isZero);
}

interface Jacobian {
  readonly x: Extension;
  readonly y: Extension;
  readonly z: Extension;
}

/** p times the point is infinity. Double and add from the top bit; not constant time (points of keys and proofs are public). */
function hasGroupOrder([x, y]: PointG2): boolean {
  let sum: Jacobian = { x, y, z: [1n, 0n] };
  for (const bit of FIELD_MODULUS.toString(2).slice(1)) {
    sum = double(sum);
    if (bit === '1') sum = addAffine(sum, x, y);
  }
  return isZero(sum.z);
}

function double({ x, y, z }: Jacobian): Jacobian {
  const ySquared = multiply(y, y);
  const s = scale(multiply(x, ySquared), 4n);
  const m = scale(multiply(x, x), 3n);
  const newX = subtract(multiply(m, m), scale(s, 2n));
  const newY = subtract(multiply(m, subtract(s, newX)), scale(multiply(ySquared, ySquared), 8n));
  return { x: newX, y: newY, z: scale(multiply(y, z), 2n) };
}

function addAffine(sum: Jacobian, x: Extension, y: Extension): Jacobian {
  if (isZero(sum.z)) return { x, y, z: [1n, 0n] };
  const zSquared = multiply(sum.z, sum.z);
  const h = subtract(multiply(x, zSquared), sum.x);
  const r = subtract(multiply(y, multiply(zSquared, sum.z)), sum.y);
  if (isZero(h)) return isZero(r) ? double(sum) : { x: [1n, 0n], y: [1n, 0n], z: [0n, 0n] };
  const hSquared = multiply(h, h);
  const hCubed = multiply(hSquared, h);
  const v = multiply(sum.x, hSquared);
  const newX = subtract(subtract(multiply(r, r), hCubed), scale(v, 2n));
  const newY = subtract(multiply(r, subtract(v, newX)), multiply(sum.y, hCubed));
  return { x: newX, y: newY, z: multiply(sum.z, h) };
}

function reduce(value: bigint): bigint {
  const residue = value % BASE_FIELD_MODULUS;
  return residue < 0n ? residue + BASE_FIELD_MODULUS : residue;
}

function add(a: Extension, b: Extension): Extension {
  return [reduce(a[0] + b[0]), reduce(a[1] + b[1])];
}

function subtract(a: Extension, b: Extension): Extension {
  return [reduce(a[0] - b[0]), reduce(a[1] - b[1])];
}

function multiply(a: Extension, b: Extension): Extension {
  return [reduce(a[0] * b[0] - a[1] * b[1]), reduce(a[0] * b[1] + a[1] * b[0])];
}

function scale(a: Extension, factor: bigint): Extension {
  return [reduce(a[0] * factor), reduce(a[1] * factor)];
}

function isZero(a: Extension): boolean {
  return a[0] === 0n && a[1] === 0n;
}
