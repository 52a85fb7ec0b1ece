import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CurveGroup } from 'ffjavascript';
import { curves, powersOfTau } from 'snarkjs';
import { littleEndian, viewOf } from '../../src/groth16/binary-file.js';
import { releaseCurves, requireCurve } from '../../src/groth16/curves.js';
import { DEVELOPMENT_POWERS, developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { inspectPhaseOne, likelyDamage, type InspectionStep } from '../../src/groth16/phase-one.js';
import { PUBLISHED_POWERS, findPublished, publishedBytes, publishedName } from '../../src/groth16/published-powers.js';

const POWER = 4;
const G1_BYTES = 64;
const G2_BYTES = 128;

let folder: string;
let test: Uint8Array;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clearproof-phase1-'));
  test = await developmentPowersOfTau(POWER);
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await releaseCurves();
});

async function saved(bytes: Uint8Array, name = 'some.ptau'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

function b2sum(bytes: Uint8Array): string {
  return createHash('blake2b512').update(bytes).digest('hex');
}

/** Where the sections of a .ptau file start. */
function placesOf(bytes: Uint8Array): ReadonlyMap<number, number> {
  const [view, places] = [viewOf(bytes), new Map<number, number>()];
  for (let at = 12; at < bytes.length; at += 12 + Number(view.getBigUint64(at + 4, true))) places.set(view.getUint32(at, true), at + 12);
  return places;
}

/** A copy with a point of a section changed by `change`, which gets the point and the whole section from there on. */
function changed(bytes: Uint8Array, section: number, index: number, change: (point: Uint8Array, rest: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice();
  const size = section === 3 || section === 6 || section === 13 ? G2_BYTES : G1_BYTES;
  const rest = copy.subarray((placesOf(copy).get(section) as number) + index * size);
  change(rest.subarray(0, size), rest);
  return copy;
}

describe('published phase-1 files', () => {
  it('are those that snarkjs documents, every power from 8 to 28 by name and hash [S9]', async () => {
    const documented = [...(await readFile('node_modules/snarkjs/README.md', 'utf8')).matchAll(/\|\s*(\d+)\s*\|[^|]*\| \[([^\]]+\.ptau)\][^|]*\| ([0-9a-f]{128}) \|/g)];
    assert.deepEqual(documented.map(([, power]) => Number(power)), Array.from({ length: 21 }, (_, index) => index + 8));
    assert.deepEqual(PUBLISHED_POWERS.map(({ power, blake2b }) => [power, publishedName(power), blake2b]), documented.map(([, power, name, hash]) => [Number(power), name, hash]));
  });

  it('are told by their hash and by no name [S9]', async () => {
    const published = [{ power: POWER, blake2b: b2sum(test) }];
    const named = await saved(test, 'powersOfTau28_hez_final_20.ptau');
    assert.equal((await inspectPhaseOne(named, { table: published })).published, true);
    assert.equal((await inspectPhaseOne(named)).published, false);
    assert.equal(findPublished(b2sum(test)), undefined);
  });

  it('are no longer published with one bit flipped in any section [S9] [S10]', () => {
    const published = [{ power: POWER, blake2b: b2sum(test) }];
    for (const [, at] of placesOf(test)) {
      const flipped = test.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      assert.equal(findPublished(b2sum(flipped), published), undefined);
    }
  });

  it('that are damaged are told by their length', () => {
    const damaged = { power: 17, bytes: publishedBytes(17), published: false, testFile: false };
    assert.equal(publishedBytes(17), 151_078_040);
    assert.match(likelyDamage(damaged) ?? '', /as long as powersOfTau28_hez_final_17\.ptau/);
    assert.equal(likelyDamage({ ...damaged, bytes: damaged.bytes - 1 }), undefined);
    assert.equal(likelyDamage({ ...damaged, published: true }), undefined);
  });
});

describe('inspecting a phase-1 file', () => {
  it('says what it is, shows every step to its end, and recognises the public secrets of the test file', async () => {
    const ends = new Map<InspectionStep, readonly [number, number]>();
    const file = await inspectPhaseOne(await saved(test), { report: (step, done, total) => void ends.set(step, [done, total]) });
    const { sampled, ...rest } = file;
    assert.deepEqual(rest, {
      file: 'some.ptau', bytes: test.length, power: POWER, ceremonyPower: POWER, blake2b: b2sum(test), published: false, testFile: true, contributions: [], whole: false,
    });
    // All points but one beta: powers and domains of this size are looked at whole.
    assert.equal(sampled, 31 + 16 + 16 + 16 + 1 + 63 + 31 + 31 + 31);
    assert.deepEqual([...ends], [['sample', [11, 11]], ['hash', [test.length, test.length]]]);
  });

  it('looks at a bounded number of points of a file of any power', async () => {
    const large = await inspectPhaseOne(await saved(await developmentPowersOfTau(8)));
    assert.ok(large.sampled > 1000 && large.sampled < 2500, `${large.sampled}`);
  });

  it('says that a file cannot be read', async () => {
    await assert.rejects(inspectPhaseOne(join(folder, 'missing.ptau')), { code: 'POWERS_UNREADABLE', message: /missing\.ptau cannot be read .*check the path/ });
    await assert.rejects(inspectPhaseOne(folder), { code: 'POWERS_UNREADABLE' });
  });
});

describe('a phase-1 file of another layout is refused [S10]', () => {
  for (const [title, damage, reason] of [
    ['no bytes', (): Uint8Array => new Uint8Array(0), /is no \.ptau file/],
    ['another kind of file', (bytes: Uint8Array): Uint8Array => edited(bytes, (copy) => copy.set(new TextEncoder().encode('zkey'))), /is no \.ptau file/],
    ['another version', (bytes: Uint8Array): Uint8Array => edited(bytes, (_, view) => view.setUint32(4, 2, true)), /another version/],
    ['its last byte missing', (bytes: Uint8Array): Uint8Array => bytes.slice(0, -1), /is cut short, in section 15/],
    ['its second half missing', (bytes: Uint8Array): Uint8Array => bytes.slice(0, bytes.length / 2), /is cut short, in section 12/],
    ['its last section missing', (bytes: Uint8Array): Uint8Array => bytes.slice(0, (placesOf(bytes).get(15) as number) - 12), /is cut short/],
    ['a byte more', (bytes: Uint8Array): Uint8Array => new Uint8Array([...bytes, 0]), /bytes after its last section/],
    ['a section twice', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 15, (copy, at) => copy.set([14], at - 12)), /section 14 twice/],
    ['an unknown section', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 15, (copy, at) => copy.set([16], at - 12)), /section 16, which no phase-1 file has/],
    ['a section longer than the file', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 2, (copy, at) => copy.set([0xff], at - 1)), /is cut short, in section 2/],
    ['another curve', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 1, (copy, at) => copy.set([1], at + 4)), /another curve than bn128/],
    ['one power more than it holds', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 1, (copy, at) => copy.set([POWER + 1, 0, 0, 0, POWER + 1], at + 36)), /section 2 of \d+ bytes, and power 5 needs/],
    ['a power beyond the field', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 1, (copy, at) => copy.set([29], at + 36)), /is of power 29/],
    ['a ceremony smaller than itself', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 1, (copy, at) => copy.set([POWER - 1], at + 40)), /out of a ceremony of power 3/],
    ['a contribution that is not there', (bytes: Uint8Array): Uint8Array => editedAt(bytes, 7, (copy, at) => copy.set([1], at)), /ends in contribution 1 of 1/],
  ] as const) {
    it(`with ${title}`, async () => {
      await assert.rejects(inspectPhaseOne(await saved(damage(test))), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'POWERS_LAYOUT');
        assert.match(error.message, reason);
        assert.match(error.message, /^some\.ptau .*get the file again/);
        return true;
      });
    });
  }

  it('when it is not prepared for phase 2, with what to do', async () => {
    const fresh = join(folder, 'fresh.ptau');
    await requireCurve();
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), POWER, fresh);
    await assert.rejects(inspectPhaseOne(fresh), { code: 'POWERS_NOT_PREPARED', message: /prepare phase2/ });
  });
});

function edited(bytes: Uint8Array, change: (copy: Uint8Array, view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  change(copy, viewOf(copy));
  return copy;
}

function editedAt(bytes: Uint8Array, section: number, change: (copy: Uint8Array, at: number) => void): Uint8Array {
  return edited(bytes, (copy) => change(copy, placesOf(copy).get(section) as number));
}

describe('a phase-1 file with points of no phase 1 is refused [S10]', () => {
  const LISTS = [[2, 31], [3, 16], [4, 16], [5, 16], [6, 1], [12, 63], [13, 31], [14, 31], [15, 31]] as const;

  it('with one bit flipped in any list, in its first, middle or last point', async () => {
    for (const [section, count] of LISTS) {
      for (const index of new Set([0, count >> 1, count - 1])) {
        const bytes = changed(test, section, index, (point) => (point[7] = (point[7] ?? 0) ^ 4));
        await assert.rejects(inspectPhaseOne(await saved(bytes)), refusedPoint(section, new RegExp(`point ${index} that is none of G[12]`)));
      }
    }
  });

  it('with infinity, or a coordinate written another way', async () => {
    const modulus = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    await assert.rejects(inspectPhaseOne(await saved(changed(test, 12, 5, (point) => point.fill(0)))), refusedPoint(12, /point 5 that is none of G1/));
    const twice = changed(test, 2, 3, (point) => point.set(littleEndian(BigInt(`0x${Buffer.from(point.slice(0, 32)).reverse().toString('hex')}`) + modulus, 32)));
    await assert.rejects(inspectPhaseOne(await saved(twice)), refusedPoint(2, /point 3 that is none of G1/));
  });

  it('with a point of G2 on the curve and outside of the subgroup', async () => {
    const { G2 } = await requireCurve();
    const outside = await pointOutsideOfG2();
    assert.equal(G2.isValid(outside), true, 'it is on the curve');
    await assert.rejects(inspectPhaseOne(await saved(changed(test, 3, 7, (point) => point.set(outside)))), refusedPoint(3, /point 7 that is none of G2/));
  });

  for (const [title, section, index, other, reason] of [
    ['a generator in G1 that is another point', 2, 0, 1, /does not start with the generator/],
    ['a generator in G2 that is another point', 3, 0, 1, /does not start with the generator/],
    ['tau that is 1', 2, 1, 0, /the secret 1: nobody contributed/],
    ['tau that is 1 in G2 alone', 3, 1, 0, /other powers than section 2/],
    ['a power in G1 that is its neighbour', 2, 9, 10, /other powers than section 2|powers of one tau/],
    ['a power of the upper half that is its neighbour', 2, 30, 29, /powers of the tau of section 3/],
    ['a power in G2 that is its neighbour', 3, 9, 10, /other powers than section 2/],
    ['a power times alpha that is its neighbour', 4, 15, 14, /powers of the tau of section 3/],
    ['another alpha', 4, 0, 1, /powers of the tau of section 3/],
    ['a power times beta that is its neighbour', 5, 3, 4, /powers of the tau of section 3/],
    ['another beta in G1', 5, 0, 1, /./],
    ['a Lagrange point of the doubled domain that is its neighbour', 12, 40, 41, /largest domain/],
    ['a Lagrange point in G1 that is its neighbour', 12, 5, 6, /does not belong to the powers/],
    ['a Lagrange point in G2 that is its neighbour', 13, 30, 29, /does not belong to the powers/],
    ['a Lagrange point times alpha that is its neighbour', 14, 16, 15, /does not belong to the powers/],
    ['a Lagrange point times beta that is its neighbour', 15, 2, 3, /does not belong to the powers/],
  ] as const) {
    it(`with ${title}`, async () => {
      const size = section === 3 || section === 13 ? G2_BYTES : G1_BYTES;
      const at = placesOf(test).get(section) as number;
      const neighbour = test.slice(at + other * size, at + (other + 1) * size);
      await assert.rejects(inspectPhaseOne(await saved(changed(test, section, index, (point) => point.set(neighbour)))), { code: 'POWERS_CONTENT', message: reason });
    });
  }

  it('with another beta in G2', async () => {
    const tau = test.slice((placesOf(test).get(3) as number) + G2_BYTES);
    await assert.rejects(inspectPhaseOne(await saved(changed(test, 6, 0, (point) => point.set(tau.subarray(0, G2_BYTES))))), refusedPoint(6, /another beta than section 5/));
  });

  for (const [title, section, first] of [['powers times alpha', 4, 5], ['Lagrange points', 12, 15]] as const) {
    it(`with two changed ${title} whose sum is right`, async () => {
      const { G1 } = await requireCurve();
      const bytes = changed(test, section, first, (point, rest) => {
        const second = rest.slice(G1_BYTES, 2 * G1_BYTES);
        point.set(G1.toAffine(G1.add(point.slice(), G1.g)));
        rest.set(G1.toAffine(G1.add(second, G1.neg(G1.g))), G1_BYTES);
      });
      await assert.rejects(inspectPhaseOne(await saved(bytes)), refusedPoint(section, /powers/));
    });
  }

  it('with powers that skip from one exponent to a later one, each still tau times its neighbour but once', async () => {
    // From exponent 12 on all are one too high: local ratios hold but at the skip, and in G2 and G1 alike.
    const { G1, G2 } = await requireCurve();
    const bytes = shifted(shifted(test, G1, { section: 2, from: 12, count: 31, size: G1_BYTES }), G2, { section: 3, from: 12, count: 16, size: G2_BYTES });
    await assert.rejects(inspectPhaseOne(await saved(bytes)), { code: 'POWERS_CONTENT', message: /some\.ptau: section [23]/ });
  });
});

/** Moves all points from number `from` on one place down, and puts tau times the last one behind them. */
function shifted(bytes: Uint8Array, group: CurveGroup, { section, from, count, size }: { readonly section: number; readonly from: number; readonly count: number; readonly size: number }): Uint8Array {
  const copy = bytes.slice();
  const at = placesOf(copy).get(section) as number;
  copy.copyWithin(at + from * size, at + (from + 1) * size, at + count * size);
  const last = at + (count - 1) * size;
  copy.set(group.toAffine(group.timesScalar(copy.slice(last, last + size), littleEndian(DEVELOPMENT_POWERS.tau, 32))), last);
  return copy;
}

function refusedPoint(section: number, reason: RegExp): (error: Error & { code?: string; details?: { section?: number } }) => true {
  return (error) => {
    assert.equal(error.code, 'POWERS_CONTENT', error.message);
    assert.equal(error.details?.section, section);
    assert.match(error.message, reason);
    return true;
  };
}

/** x = 0, 1, 2, … until the twist has a y: nearly no such point is in the subgroup. */
async function pointOutsideOfG2(): Promise<Uint8Array> {
  const { G2, F2 } = await requireCurve() as unknown as Twist;
  for (let x = 1n; ; x++) {
    const element = F2.fromObject([x, 0n]);
    const cubic = F2.add(F2.mul(F2.square(element), element), G2.b);
    if (F2.isSquare(cubic)) return new Uint8Array([...element, ...F2.sqrt(cubic)]);
  }
}

/** What ffjavascript has besides what the project uses. */
interface Twist {
  readonly G2: { readonly b: Uint8Array };
  readonly F2: Readonly<Record<'add' | 'mul', (left: Uint8Array, right: Uint8Array) => Uint8Array>> & Readonly<Record<'square' | 'sqrt', (value: Uint8Array) => Uint8Array>> & {
    fromObject(value: readonly bigint[]): Uint8Array;
    isSquare(value: Uint8Array): boolean;
  };
}

describe('a phase-1 file that snarkjs made', () => {
  const BEACON = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20';
  let made: Uint8Array;

  before(async () => {
    const [fresh, contributed, prepared] = ['fresh', 'contributed', 'prepared'].map((name) => join(folder, `${name}.ptau`)) as [string, string, string];
    await requireCurve();
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), POWER, fresh);
    await powersOfTau.beacon(fresh, contributed, 'first \u001b[31mred', BEACON, 10);
    await powersOfTau.preparePhase2(contributed, prepared);
    // A Buffer's slice would be the same memory.
    made = new Uint8Array(await readFile(prepared));
  });

  it('is in order by sample and as a whole, its contributors listed without what could hide in a name', async () => {
    let last: readonly [number, number] = [0, 1];
    const file = await inspectPhaseOne(await saved(made), { whole: true, report: (step, done, total) => { if (step === 'whole') last = [done, total]; } });
    assert.deepEqual(file.contributions, [{ kind: 'beacon', name: 'first ?[31mred' }]);
    assert.deepEqual([file.published, file.testFile, file.whole], [false, false, true]);
    assert.equal(last[0], last[1]);
  });

  it('is refused by the sample when its powers are not where its last contribution ends', async () => {
    const bytes = editedAt(made, 7, (copy, at) => copy.set(made.slice(at + 4 + 192, at + 4 + 256), at + 4));
    await assert.rejects(inspectPhaseOne(await saved(bytes)), { code: 'POWERS_CONTENT', message: /section 2 .*does not start where the last contribution ends/ });
  });

  it('is refused as a whole, and not by the sample, with a bit flipped in what a contribution proves', async () => {
    // Of the public key behind the first five points.
    const bytes = editedAt(made, 7, (copy, at) => (copy[at + 4 + 448 + 3] = (copy[at + 4 + 448 + 3] ?? 0) ^ 1));
    assert.equal((await inspectPhaseOne(await saved(bytes))).whole, false);
    await assert.rejects(inspectPhaseOne(await saved(bytes), { whole: true }), { code: 'POWERS_REFUSED', message: /some\.ptau is refused by snarkjs \(.*do not use this file/ });
  });

  it('has its contributions without a malformed parameter, type or length', async () => {
    for (const [offset, value, reason] of [
      [4 + 448 + 768 + 280, 2, /contribution 1 of unknown type 2/],
      [4 + 448 + 768 + 280, 0, /contribution 1 whose parameters are malformed/],
      [4 + 448 + 768 + 288, 9, /contribution 1 whose parameters are malformed/],
      [4 + 448 + 768 + 284, 255, /ends in contribution 1 of 1/],
      [0, 0, /bytes after its last contribution/],
    ] as const) {
      await assert.rejects(inspectPhaseOne(await saved(editedAt(made, 7, (copy, at) => copy.set([value], at + offset)))), { code: 'POWERS_LAYOUT', message: reason });
    }
  });

  it('without a contributor is the test file, which snarkjs refuses', async () => {
    await assert.rejects(inspectPhaseOne(await saved(test), { whole: true }), { code: 'POWERS_REFUSED', message: /no contribution/ });
  });
});
