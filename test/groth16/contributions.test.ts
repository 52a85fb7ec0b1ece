import assert from 'node:assert/strict';
import { concatBytes } from '@noble/hashes/utils';
import { zKey } from 'snarkjs';
import { FIELD_MODULUS, invertInField } from '../../src/field/scalar-field.js';
import { littleEndian, writeSections } from '../../src/groth16/binary-file.js';
import { ContributionError, nameInKey, readContributions, verifyContributions } from '../../src/groth16/contributions.js';
import { BASE_FIELD_MODULUS } from '../../src/groth16/curve-points.js';
import { releaseCurves, requireCurve } from '../../src/groth16/curves.js';
import { developmentProvingKey } from '../../src/groth16/development-setup/development-setup.js';
import { contributeToKey } from '../../src/groth16/phase-two.js';
import { contributeSecret, DELTA_1_AT, entriesOf, sectionOf, withEntries, withSections } from './crafted-key.js';
import { BLOCK_HASH, ITERATIONS, phaseTwoFolder, type PhaseTwoFolder } from './phase-two-folder.js';

/** Offsets in an entry of section 10. */
const AT = { deltaAfter: 0, s: 64, sx: 128, spx: 192, transcript: 320, type: 384, length: 388, parameters: 392 } as const;

const refused = (pattern: RegExp) => (thrown: unknown): boolean => {
  assert.ok(thrown instanceof ContributionError, String(thrown));
  assert.match(thrown.message, pattern);
  return true;
};

describe('contributions in a key', () => {
  let made: PhaseTwoFolder;
  let initial: Uint8Array;
  let one: Uint8Array;
  let two: Uint8Array;
  let last: Uint8Array;

  before(async () => {
    made = await phaseTwoFolder();
    [initial, one, two, last] = (await Promise.all(made.keys.map(made.read))) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  });

  after(async () => {
    await made.remove();
    await releaseCurves();
  });

  /** What snarkjs says of a key, whose word most people take. */
  const snarkjsTakes = async (zkey: Uint8Array): Promise<boolean> => {
    await requireCurve();
    return zKey.verifyFromInit({ type: 'mem', data: initial }, made.ptau, { type: 'mem', data: zkey });
  };

  it('are read as snarkjs wrote them: hashes, names, the value and iterations of the beacon', () => {
    const { contributions } = readContributions(last, 'last');
    assert.deepEqual(contributions, [
      { kind: 'contribution', name: 'Alice', hash: made.hashes[0] },
      { kind: 'contribution', name: 'Bob', hash: made.hashes[1] },
      { kind: 'beacon', name: 'beacon', hash: made.hashes[2], beacon: { value: BLOCK_HASH, iterations: ITERATIONS } },
    ]);
    assert.deepEqual(readContributions(initial, 'initial').contributions, []);
  });

  it('[P-184] hang together in every key of a ceremony', async () => {
    for (const [count, zkey] of [initial, one, two, last].entries()) {
      assert.equal((await verifyContributions(zkey, 'key')).contributions.length, count);
    }
  });

  it('[P-184] do not account for the delta of a development key, which has none', async () => {
    const zkey = await developmentProvingKey(await made.read(made.r1cs), 'r1cs', 1);
    await assert.rejects(verifyContributions(zkey, 'key'), refused(/delta in G1 that its contributions do not end in/));
  });

  it('[P-184] that leave delta as it was are refused, though snarkjs counts them', async () => {
    const idle = await contributeSecret(initial, 1n);
    assert.equal(await snarkjsTakes(idle), true, 'control: every equation holds');
    await assert.rejects(verifyContributions(idle, 'key'), refused(/contribution 1 leaves delta as it was/));
    await assert.rejects(verifyContributions(await contributeSecret(two, 1n), 'key'), refused(/contribution 3 leaves delta as it was/));
    await assert.rejects(verifyContributions(await contributeSecret(two, FIELD_MODULUS - 1n), 'key'), refused(/contribution 3 leaves delta/));
  });

  it('[P-184] that undo earlier ones are refused: the key would be without contribution again', async () => {
    const there = await contributeSecret(initial, 7n);
    assert.equal((await verifyContributions(there, 'key')).contributions.length, 1, 'control: a crafted contribution is a contribution');
    await assert.rejects(verifyContributions(await contributeSecret(there, invertInField(7n)), 'key'), refused(/contribution 2 leaves delta as it was, or takes it back/));
  });

  it('[P-184] cannot be dropped, reordered, repeated or slipped in', async () => {
    const [alice, bob, beacon] = entriesOf(last) as [Uint8Array, Uint8Array, Uint8Array];
    for (const entries of [[bob, beacon], [alice, beacon], [bob, alice, beacon], [alice, alice, bob, beacon], [alice, bob, bob, beacon]]) {
      await assert.rejects(verifyContributions(withEntries(last, entries), 'key'), refused(/made on another key or after other contributions/));
    }
    await assert.rejects(verifyContributions(withEntries(last, [alice, bob]), 'key'), refused(/delta in G1/));
    await assert.rejects(verifyContributions(withEntries(last, []), 'key'), refused(/delta in G1/));
    await assert.rejects(verifyContributions(withEntries(last, [alice, bob, beacon, beacon]), 'key'), refused(/contribution 3 is a beacon and not the last/));
  });

  it('[P-184] copied from another key do not end in the delta of this one', async () => {
    const other = `${made.folder}/other.zkey`;
    await contributeToKey({ from: made.keys[0], to: other, name: 'Mallory', entropy: new Uint8Array(0) });
    await assert.rejects(verifyContributions(withSections(await made.read(other), { 10: sectionOf(one, 10) }), 'key'), refused(/delta in G1/));
    const header = sectionOf(await made.read(other), 2);
    header.set(sectionOf(one, 2).subarray(DELTA_1_AT, DELTA_1_AT + 64), DELTA_1_AT);
    await assert.rejects(verifyContributions(withSections(await made.read(other), { 2: header, 10: sectionOf(one, 10) }), 'key'), refused(/delta in G2/));
  });

  it('[P-184] are broken by any flipped bit of a point or transcript', async () => {
    const entries = entriesOf(one) as [Uint8Array];
    for (const [field, at] of Object.entries(AT).slice(0, 5)) {
      const changed = entries[0].slice();
      changed[at + 3] = (changed[at + 3] ?? 0) ^ 1;
      await assert.rejects(verifyContributions(withEntries(one, [changed]), 'key'), refused(/contribution 1 (has a point|was made on)/), field);
    }
  });

  it('[P-184] prove knowledge of the secret that changed delta, and no other', async () => {
    const [alice] = entriesOf(one) as [Uint8Array];
    const [mallory] = entriesOf(await contributeSecret(initial, 5n)) as [Uint8Array];
    const stolen = concatBytes(alice.subarray(0, AT.s), mallory.subarray(AT.s));
    await assert.rejects(verifyContributions(withEntries(one, [stolen]), 'key'), refused(/does not change delta by the secret it proves/));
    const unproven = concatBytes(mallory.subarray(0, AT.spx), alice.subarray(AT.spx, AT.transcript), mallory.subarray(AT.transcript));
    await assert.rejects(verifyContributions(withEntries(one, [unproven]), 'key'), refused(/does not prove that its maker knew a secret/));
  });

  it('have the beacon drawn from its value, and refuse one hashed so often that nobody could check it', async () => {
    const [alice, bob, beacon] = entriesOf(last) as [Uint8Array, Uint8Array, Uint8Array];
    const changed = (at: number, byte: number): Uint8Array => {
      const copy = beacon.slice();
      copy[copy.length + at] = byte;
      return withEntries(last, [alice, bob, copy]);
    };
    await assert.rejects(verifyContributions(changed(-1, 0), 'key'), refused(/not drawn from the value that it names/));
    await assert.rejects(verifyContributions(changed(-35, 11), 'key'), refused(/not drawn from the value/));
    for (const iterations of [0, 9, 21, 63, 255]) await assert.rejects(verifyContributions(changed(-35, iterations), 'key'), refused(/10 to 20 is taken/));
  });

  it('have one form each: unknown types, surplus parameters and bytes are refused, where snarkjs takes most', async () => {
    const [alice] = entriesOf(one) as [Uint8Array];
    const typed = (type: number): Uint8Array => concatBytes(alice.subarray(0, AT.type), littleEndian(BigInt(type), 4), alice.subarray(AT.length));
    const tailed = (...tail: readonly number[]): Uint8Array => concatBytes(alice.subarray(0, AT.length), littleEndian(BigInt(tail.length), 4), new Uint8Array(tail));
    assert.equal(await snarkjsTakes(withEntries(one, [typed(7)])), true, 'control: snarkjs takes any type for a contribution');
    const wrong: readonly (readonly [Uint8Array, RegExp])[] = [
      [withEntries(one, [typed(7)]), /unknown type 7/],
      [withEntries(one, [typed(1)]), /no value or iterations for its beacon/],
      [withEntries(one, [tailed(2, 10, 3, 1, 5)]), /a beacon's parameters/],
      [withEntries(one, [tailed(2, 10)]), /half of a beacon's parameters/],
      [withEntries(one, [tailed(1, 0)]), /empty name/],
      [withEntries(one, [tailed(1, 1, 0xff)]), /no UTF-8/],
      [withEntries(one, [tailed(1, 1, 65, 1, 1, 65)]), /another order/],
      [withEntries(one, [tailed(4, 1, 1)]), /unknown parameters/],
      [withEntries(one, [tailed(1, 9, 65)]), /cut short/],
      [withEntries(one, [concatBytes(alice, new Uint8Array(1))]), /bytes after its last contribution/],
      [withEntries(one, [alice.subarray(0, 300)]), /cut short/],
      [writeSections('zkey', 1, [[1, sectionOf(one, 1)], [11, new Uint8Array(4)], [10, sectionOf(one, 10)]]), /section 11, which no key has/],
      [withSections(one, { 10: concatBytes(sectionOf(one, 10).subarray(0, 64), littleEndian(0xffffffffn, 4)) }), /at most 9999/],
    ];
    for (const [zkey, pattern] of wrong) assert.throws(() => readContributions(zkey, 'key'), refused(pattern));
  });

  it('have coordinates below the modulus: x and x + q would be one point in two texts', () => {
    const [alice] = entriesOf(one) as [Uint8Array];
    const changed = alice.slice();
    const x = changed.slice(0, 32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    changed.set(littleEndian(x + BASE_FIELD_MODULUS, 32), 0);
    assert.throws(() => readContributions(withEntries(one, [changed]), 'key'), refused(/coordinate above the field's modulus/));
  });

  it('keep as much of a name as a key holds, without half a character', () => {
    assert.equal(nameInKey('n'.repeat(70)), 'n'.repeat(64));
    assert.equal(nameInKey(`${'n'.repeat(63)}😀`), `${'n'.repeat(63)}\ufffd`);
  });
});
