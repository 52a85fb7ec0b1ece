import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashList } from '../../src/commitment/hash-list.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { hashLists, hashListsOf, oneByOne, type PoseidonMany } from '../../src/commitment/poseidon-many.js';
import { NativePoseidon } from '../../src/commitment/poseidon-native.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { packLittleEndian, unpackLittleEndian } from '../../src/field/little-endian-elements.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { nativeDouble } from '../harness/native-double.js';
import { NATIVE } from '../harness/native-program.js';

/** Where carries and reductions happen. */
const EDGES = [0n, 1n, 2n, FIELD_MODULUS - 1n, FIELD_MODULUS - 2n, FIELD_MODULUS >> 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n, 2n ** 192n - 1n, 2n ** 253n];

/** Elements without a pattern, edges among them; the same each time. */
function elements(count: number): bigint[] {
  let state = 0x9e3779b97f4a7c15n;
  return Array.from({ length: count }, (_, place) => {
    if (place % 7 === 3) return EDGES[Math.floor(place / 7) % EDGES.length] as bigint;
    state = (state * state + 0xda3e39cb94b95bdbn) % FIELD_MODULUS;
    return state;
  });
}

describe('Poseidon in bulk', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-poseidon-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const implementations: readonly (readonly [string, () => Promise<PoseidonMany>])[] = [
    ['one by one in this process', async () => oneByOne(await bulkPoseidon())],
    ['by a double of the native program', async () => new NativePoseidon(await nativeDouble(folder, 'hashes'))],
    ...(NATIVE.state === 'answers' ? [['by the native program', () => Promise.resolve(new NativePoseidon(NATIVE.path))] as const] : []),
  ];
  for (const [title, open] of implementations) {
    describe(title, () => {
      let many: PoseidonMany;
      before(async () => { many = await open(); });
      after(() => many.close());

      it('gives what is hashed one by one, for 1 to 16 inputs and at the edges of the field [P-271]', async () => {
        const poseidon = await bulkPoseidon();
        for (let inputs = 1; inputs <= 16; inputs += 1) {
          const all = elements(inputs * 21);
          const lists = Array.from({ length: 21 }, (_, list) => all.slice(inputs * list, inputs * (list + 1)));
          const hashes = unpackLittleEndian(await many.hashMany(inputs, packLittleEndian(all)));
          assert.deepEqual(hashes, lists.map((list) => poseidon.hash(list)), `${inputs} inputs`);
          assert.equal(hashes[0], portablePoseidon.hash(lists[0] as bigint[]));
        }
      });

      it('hashes lists of any length as they are hashed alone', async () => {
        const poseidon = await bulkPoseidon();
        for (const length of [1, 2, 13, 14, 15, 28, 29, 40]) {
          const lists = Array.from({ length: 5 }, (_, list) => elements(length * (list + 1)).slice(-length));
          assert.deepEqual(await hashListsOf(many, 77n, lists), lists.map((list) => hashList(poseidon, 77n, list)), `${length} elements`);
        }
        assert.deepEqual(await hashLists(many, 77n, 3, new Uint8Array(0)), new Uint8Array(0));
      });

      it('refuses what is no element, and what are no lists, then goes on', async () => {
        for (const wrong of [FIELD_MODULUS, FIELD_MODULUS + 1n, 2n ** 256n - 1n]) {
          for (const place of [0, 3, 39]) {
            const list = elements(40);
            list[place] = wrong;
            await assert.rejects(many.hashMany(4, packLittleEndian(list)), (thrown: Error & { code?: string }) => {
              assert.equal(thrown.code, 'FIELD_RANGE');
              assert.doesNotMatch(thrown.message, /\d{5}/, 'the value is not told');
              return true;
            });
          }
        }
        const empty = new Uint8Array(0);
        for (const [inputs, bytes] of [[0, empty], [17, new Uint8Array(17 * 32)], [2, new Uint8Array(32)], [2, new Uint8Array(63)]] as const) {
          await assert.rejects(many.hashMany(inputs, bytes), { code: 'FIELD_RANGE' });
        }
        assert.deepEqual(await many.hashMany(3, empty), empty);
        assert.equal(unpackLittleEndian(await many.hashMany(2, packLittleEndian([1n, 2n])))[0], portablePoseidon.hash([1n, 2n]));
      });

      it('answers each of several that ask at once', async () => {
        const questions = Array.from({ length: 12 }, (_, place) => elements(3 * (place + 1)));
        const answers = await Promise.all(questions.map((question) => many.hashMany(3, packLittleEndian(question))));
        const poseidon = await bulkPoseidon();
        assert.deepEqual(answers.map((answer) => unpackLittleEndian(answer)[0]), questions.map((question) => poseidon.hash(question.slice(0, 3))));
        assert.deepEqual(answers.map((answer) => answer.length / 32), questions.map((_, place) => place + 1));
      });
    });
  }

  if (NATIVE.state === 'answers') {
    it('goes over the pipe in pieces: more lists than one request takes, in their order', async () => {
      const many = new NativePoseidon(NATIVE.path);
      const lists = 40_000;
      const all = packLittleEndian(elements(16 * lists));
      const hashes = await many.hashMany(16, all);
      await many.close();
      const poseidon = await bulkPoseidon();
      for (const list of [0, 1, 16_383, 16_384, 16_385, 32_768, lists - 1]) {
        const expected = poseidon.hash(unpackLittleEndian(all.subarray(512 * list, 512 * (list + 1))));
        assert.equal(unpackLittleEndian(hashes.subarray(32 * list, 32 * (list + 1)))[0], expected, `list ${list}`);
      }
    });
  }

  it('is told apart from a program that gives another number of hashes, and from one that dies', async () => {
    const short = new NativePoseidon(await nativeDouble(folder, 'short', `handlers.hash = async () => Buffer.alloc(32);`));
    await assert.rejects(short.hashMany(2, new Uint8Array(4 * 32)), { code: 'NATIVE_PROGRAM', message: /gave 32 bytes for 2 hashes/ });
    await short.close();
    const dying = new NativePoseidon(await nativeDouble(folder, 'dying', `handlers.hash = async () => process.exit(9);`));
    await assert.rejects(dying.hashMany(2, new Uint8Array(2 * 32)), { code: 'NATIVE_PROGRAM_DIED', message: /exit code 9/ });
    await dying.close();
  });
});
