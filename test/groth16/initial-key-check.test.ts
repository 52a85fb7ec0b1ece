import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes } from '@noble/hashes/utils';
import type { Curve, CurveGroup } from 'ffjavascript';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { littleEndian, readLittleEndian, readSections, viewOf, writeSections } from '../../src/groth16/binary-file.js';
import { BASE_FIELD_MODULUS } from '../../src/groth16/curve-points.js';
import { releaseCurves, requireCurve } from '../../src/groth16/curves.js';
import { DEVELOPMENT_POWERS, developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import type { Trapdoor } from '../../src/groth16/development-setup/trapdoor.js';
import { verifyInitialKey } from '../../src/groth16/initial-key-check.js';
import { contributeToKey, initialKey } from '../../src/groth16/phase-two.js';
import { pointList, sumOfMultiples } from '../../src/groth16/point-lists.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { pointOutsideSubgroup } from '../contracts/bn254.js';
import { DELTA_1_AT, sectionOf, withSections } from './crafted-key.js';
import { hashChainCircuit, productCircuit, rangeCircuit } from './tiny-circuits.js';

const HONEST: Trapdoor = { ...DEVELOPMENT_POWERS, delta: 1n };
const ALPHA_1_AT = DELTA_1_AT - 2 * 64 - 2 * 128;
const HEADER_POINTS = [['alpha in G1', 0, 64], ['beta in G1', 64, 64], ['beta in G2', 128, 128], ['gamma', 256, 128], ['delta in G1', 384, 64], ['delta in G2', 448, 128]] as const;
const POINTS = [[3, 64, /points of the public signals/], [5, 64, /points A/], [6, 64, /points B in G1/], [7, 128, /points B in G2/], [8, 64, /points L/], [9, 64, /points H/]] as const;
/** Least prime factor of the number of points of G2's twist over the order of the group. */
const LEAST_COFACTOR = 10069n;

describe('check of an initial key', () => {
  let folder: string;
  let ptau: string;
  /** Eight bits of a number: an output, private wires, rows of several terms. */
  let range: string;
  let honest: Uint8Array;
  let curve: Curve;
  let written = 0;

  const write = async (bytes: Uint8Array): Promise<string> => {
    const file = join(folder, `${++written}.bin`);
    await writeFile(file, bytes);
    return file;
  };
  const keyOf = async (r1cs: string, trapdoor = HONEST): Promise<Uint8Array> => provingKeyFromTrapdoor(parseR1cs(await readFile(r1cs), r1cs), trapdoor, 1);
  const check = async (zkey: Uint8Array, { r1cs = range, phaseOne = ptau } = {}): Promise<void> => {
    await verifyInitialKey({ r1cs, ptau: phaseOne, zkey: await write(zkey) });
  };
  const refuses = async (zkey: Uint8Array, message: RegExp, over?: { r1cs?: string; phaseOne?: string }): Promise<void> => {
    await assert.rejects(check(zkey, over), { code: 'INITIAL_KEY', message });
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-initial-key-'));
    ptau = await write(await developmentPowersOfTau(4));
    range = (await rangeCircuit()).r1cs;
    honest = await keyOf(range);
    curve = await requireCurve();
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  const groupOf = (size: number): CurveGroup => size === 64 ? curve.G1 : curve.G2;
  const pointAt = (points: Uint8Array, index: number, size: number): Uint8Array => points.slice(index * size, (index + 1) * size);
  const isInfinity = (point: Uint8Array): boolean => point.every((byte) => byte === 0);
  const sum = (left: Uint8Array, right: Uint8Array, size: number): Uint8Array => groupOf(size).toAffine(groupOf(size).add(left, right));
  /** Numbers of the points of a section that are not infinity. */
  const finite = (points: Uint8Array, size: number): number[] =>
    Array.from({ length: points.length / size }, (_, index) => index).filter((index) => !isInfinity(pointAt(points, index, size)));
  const withPoints = (id: number, size: number, changes: readonly (readonly [number, Uint8Array])[], key = honest): Uint8Array => {
    const points = sectionOf(key, id);
    for (const [index, point] of changes) points.set(point, index * size);
    return withSections(key, { [id]: points });
  };

  it('[P-185] takes what snarkjs makes of circuit and phase 1, and what the public trapdoor gives', async () => {
    for (const { r1cs } of [await productCircuit(), await rangeCircuit()]) {
      const out = await write(new Uint8Array(0));
      const { circuitHash, sha256 } = await initialKey({ r1cs, ptau, out });
      assert.deepEqual(await verifyInitialKey({ r1cs, ptau, zkey: out }), { circuitHash, sha256 });
      await check(await keyOf(r1cs), { r1cs });
    }
  });

  it('[P-185] takes a key of hundreds of wires, and refuses it for one point at the end', async () => {
    const { r1cs } = await hashChainCircuit(2);
    const phaseOne = await write(await developmentPowersOfTau(10));
    const key = await keyOf(r1cs);
    const steps = new Map<string, readonly [number, number]>();
    await verifyInitialKey({ r1cs, ptau: phaseOne, zkey: await write(key), progress: (step, done, total) => steps.set(step, [done, total]) });
    assert.deepEqual([...steps.keys()], ['points H', 'subgroup of points B', 'points A', 'points B in G1', 'points B in G2', 'points of the public signals, points L']);
    for (const [step, [done, total]] of steps) assert.equal(done, total, step);
    const last = finite(sectionOf(key, 8), 64).at(-1) ?? 0;
    await refuses(withPoints(8, 64, [[last, curve.G1.toAffine(curve.G1.g)]], key), /points L/, { r1cs, phaseOne });
  });

  it('[P-185] refuses one wrong point in any section, on the curve and in the group', async () => {
    for (const [id, size, message] of POINTS) {
      const points = sectionOf(honest, id);
      for (const index of [finite(points, size)[0] ?? 0, finite(points, size).at(-1) ?? 0]) {
        await refuses(withPoints(id, size, [[index, sum(pointAt(points, index, size), groupOf(size).g, size)]]), message);
        await refuses(withPoints(id, size, [[index, new Uint8Array(size)]]), message);
      }
    }
  });

  it('[P-185] refuses errors that cancel in a sum, and points that changed places', async () => {
    for (const [id, size, message] of POINTS) {
      const points = sectionOf(honest, id);
      const [one, other] = finite(points, size) as [number, number];
      const [first, second] = [pointAt(points, one, size), pointAt(points, other, size)];
      const error = groupOf(size).g;
      const cancelling = [[one, sum(first, error, size)], [other, sum(second, groupOf(size).neg(error), size)]] as const;
      await refuses(withPoints(id, size, cancelling), message);
      await refuses(withPoints(id, size, [[one, second], [other, first]]), message);
    }
  });

  it('[P-185] refuses a point that was moved to another wire, or given to one that no row uses', async () => {
    const points = sectionOf(honest, 6);
    const used = finite(points, 64)[0] ?? 0;
    const free = Array.from({ length: points.length / 64 }, (_, index) => index).find((index) => isInfinity(pointAt(points, index, 64))) ?? 0;
    await refuses(withPoints(6, 64, [[used, new Uint8Array(64)], [free, pointAt(points, used, 64)]]), new RegExp(`has a point ${free} for a wire that no row uses among its points B in G1`));
    // Between sections of one kind: a public signal's point and a private wire's.
    const [inputs, rest] = [sectionOf(honest, 3), sectionOf(honest, 8)];
    const swapped = withSections(honest, { 3: concatBytes(inputs.subarray(0, -64), rest.subarray(0, 64)), 8: concatBytes(inputs.subarray(-64), rest.subarray(64)) });
    await refuses(swapped, /points of the public signals \(section 3\) or points L \(section 8\)/);
  });

  it('[P-185] refuses other coefficients, and the key of another circuit of the same shape', async () => {
    const coefficients = sectionOf(honest, 4);
    coefficients[coefficients.length - 1] = (coefficients.at(-1) ?? 0) ^ 1;
    await refuses(withSections(honest, { 4: coefficients }), /other coefficients \(section 4\)/);
    const { r1cs } = await productCircuit();
    const own = sectionOf(await keyOf(r1cs), 4);
    for (const [matrix, message] of [[0, /points A/], [1, /points B in G1/], [2, /points of the public signals .* or points L/]] as const) {
      const other = await keyOf(await write(otherCoefficient(await readFile(r1cs), matrix)));
      if (matrix !== 2) await refuses(other, /other coefficients/, { r1cs });
      else assert.deepEqual(sectionOf(other, 4), own, 'control: the coefficients of C are not in a key');
      await refuses(withSections(other, { 4: own }), message, { r1cs });
    }
    await refuses(honest, /other numbers of wires, public signals or rows/, { r1cs });
  });

  it('[P-185] refuses a key from another phase 1, and one whose header alone was made to fit', async () => {
    const cases: readonly (readonly [Partial<Trapdoor>, RegExp, RegExp])[] = [
      [{ alpha: 7n }, /an alpha in G1/, /points of the public signals/],
      [{ beta: 7n }, /a beta in G1/, /points of the public signals/],
      [{ delta: 7n }, /a delta in G1 that is not the generator/, /points L/],
      [{ tau: 7n }, /points H/, /points A/],
    ];
    for (const [secret, header, points] of cases) {
      const other = await keyOf(range, { ...HONEST, ...secret });
      await refuses(other, header);
      await refuses(withSections(other, { 2: sectionOf(honest, 2), 9: sectionOf(honest, 9) }), points);
    }
    await refuses(honest, /2\^4 rows, which .* of power 2 is too small/, { phaseOne: await write(await developmentPowersOfTau(2)) });
  });

  it('[P-185] refuses each other point of the header', async () => {
    for (const [name, at, size] of HEADER_POINTS) {
      const header = sectionOf(honest, 2);
      header.set(sum(pointAt(header.subarray(ALPHA_1_AT + at), 0, size), groupOf(size).g, size), ALPHA_1_AT + at);
      await refuses(withSections(honest, { 2: header }), new RegExp(`has an? ${name} that is not`));
    }
    await refuses(withSections(honest, { 2: concatBytes(sectionOf(honest, 2), new Uint8Array(64)) }), /header of another length/);
  });

  it('[P-185] refuses points H that are shifted, or the even ones', async () => {
    const points = sectionOf(honest, 9);
    await refuses(withSections(honest, { 9: concatBytes(points.subarray(64), points.subarray(0, 64)) }), /points H \(section 9\)/);
    const prepared = readSections(concatBytes(new TextEncoder().encode('zkey'), (await readFile(ptau)).subarray(4)), 'zkey', 'phase 1').get(12) ?? new Uint8Array(0);
    const even = concatBytes(...Array.from({ length: 16 }, (_, index) => pointAt(prepared, 31 + 2 * index, 64)));
    await refuses(withSections(honest, { 9: even }), /points H \(section 9\)/);
  });

  it('[P-185] refuses points off the curve, and coordinates above the modulus', async () => {
    for (const [id, size, message] of POINTS.filter(([section]) => section !== 9)) {
      const points = sectionOf(honest, id);
      const index = finite(points, size)[0] ?? 0;
      const off = pointAt(points, index, size);
      off[0] = (off[0] ?? 0) ^ 1;
      await refuses(withPoints(id, size, [[index, off]]), new RegExp(`has a point ${index} off the curve among its ${message.source}`));
      const above = pointAt(points, index, size);
      above.set(littleEndian(readLittleEndian(above.subarray(0, 32)) + BASE_FIELD_MODULUS, 32));
      await refuses(withPoints(id, size, [[index, above]]), new RegExp(`coordinate above the field's modulus among its ${message.source}`));
    }
  });

  it("[P-185] refuses points of the twist outside of G2's subgroup, those of the least order too", async () => {
    const outside = pointOutsideSubgroup() ?? assert.fail();
    const stray = curve.G2.fromObject([outside.x, outside.y]);
    const small = curve.G2.toAffine(curve.G2.timesScalar(stray, littleEndian(FIELD_MODULUS * ((2n * BASE_FIELD_MODULUS - FIELD_MODULUS) / LEAST_COFACTOR), 64)));
    assert.ok(!curve.G2.isZero(small) && curve.G2.isZero(curve.G2.timesScalar(small, littleEndian(LEAST_COFACTOR, 32))), 'control: its order is 10069');
    const points = sectionOf(honest, 7);
    const [one, other] = finite(points, 128) as [number, number];
    for (const error of [stray, small]) {
      const changed = sum(pointAt(points, one, 128), error, 128);
      assert.ok(curve.G2.isValid(changed), 'control: on the curve');
      await refuses(withPoints(7, 128, [[one, changed]]), /outside of G2's subgroup/);
      const cancelling = sum(pointAt(points, other, 128), curve.G2.neg(error), 128);
      await refuses(withPoints(7, 128, [[one, changed], [other, cancelling]]), /outside of G2's subgroup/);
    }
  });

  it('[P-185] refuses a key with a contribution, and sections that no initial key has', async () => {
    const from = await write(honest);
    const to = join(folder, 'contributed.zkey');
    await contributeToKey({ from, to, name: 'Alice', entropy: new Uint8Array(0) });
    await refuses(await readFile(to), /has 1 contributions, and an initial key has none/);
    const sections = [...readSections(honest, 'zkey', 'key')];
    await assert.rejects(check(writeSections('zkey', 1, [...sections, [11, new Uint8Array(4)]])), { code: 'CONTRIBUTION', message: /section 11/ });
    await assert.rejects(check(writeSections('zkey', 1, [...sections, sections[3] as [number, Uint8Array]])), { code: 'BINARY_FILE', message: /twice/ });
    await assert.rejects(check(writeSections('zkey', 1, sections.filter(([id]) => id !== 10))), { code: 'BINARY_FILE', message: /lacks section 10/ });
    await refuses(writeSections('zkey', 2, sections), /another version/);
    await assert.rejects(verifyInitialKey({ r1cs: range, ptau, zkey: join(folder, 'none.zkey') }), { code: 'INITIAL_KEY', message: /cannot be read/ });
  });

  it('sums lists of points that are longer than one multiplication takes', async () => {
    const count = 2 ** 16 + 40;
    const points = new Uint8Array(count * 64);
    const scalars = new Uint8Array(count);
    const generator = curve.G1.toAffine(curve.G1.g);
    for (let index = 0; index < count; index++) {
      points.set(generator, index * 64);
      scalars[index] = index % 251;
    }
    const reports: number[] = [];
    const found = await sumOfMultiples(curve.G1, pointList(points, 64), scalars, (done) => reports.push(done));
    const expected = scalars.reduce((total, scalar) => total + scalar, 0);
    assert.ok(curve.G1.eq(found, curve.G1.timesScalar(generator, littleEndian(BigInt(expected), 8))));
    assert.deepEqual(reports, [2 ** 16, 40]);
  });
});

/** The constraints with one more on the first coefficient of a matrix: a circuit of the same shape. */
function otherCoefficient(r1cs: Uint8Array, matrix: 0 | 1 | 2): Uint8Array {
  const sections = readSections(r1cs, 'r1cs', 'circuit');
  const body = (sections.get(2) ?? new Uint8Array(0)).slice();
  const view = viewOf(body);
  let position = 0;
  for (let list = 0; ; list++) {
    const terms = view.getUint32(position, true);
    if (list % 3 === matrix && terms > 0) break;
    position += 4 + terms * 36;
  }
  const at = position + 8;
  const value = (readLittleEndian(body.subarray(at, at + 32)) + 1n) % FIELD_MODULUS;
  body.set(littleEndian(value === 0n ? 1n : value, 32), at);
  return writeSections('r1cs', 1, [...sections].map(([id, section]) => [id, id === 2 ? body : section] as const));
}
