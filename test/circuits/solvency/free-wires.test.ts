import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_SHAPE, TIERED_SHAPE, buildEpoch } from '../../builders/epoch.js';
import { smallMarket } from '../../builders/market.js';
import { tieredMarket } from '../../builders/tiered-market.js';
import { EXAMPLE_HOLDINGS, TIERED_HOLDINGS, accountsOf } from '../support/accounts.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import type { Tamper } from '../support/tampered-system.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

/** What `solvency-batch` leaves open on purpose: the sign of public signals that only the contract compares. */
const SQUARED_ONLY = ['main.domain', 'main.epoch'];

const changes: readonly (readonly [string, (value: bigint) => bigint])[] = [
  ['+1', (value) => value + 1n], ['-1', (value) => value - 1n], ['negated', (value) => -value], ['+2^64', (value) => value + 2n ** 64n], ['-2^64', (value) => value - 2n ** 64n],
];

for (const kind of ['batch', 'close'] as const) {
  describe(`the wires of solvency-${kind}`, () => {
    let circuit: TestCircuit;
    let witness: bigint[];
    let input: CircuitInput;
    before(async function () {
      this.timeout(1_200_000);
      const poseidon = await bulkPoseidon();
      const table = smallMarket();
      const epoch = buildEpoch(poseidon, table, accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 32));
      circuit = await listedCircuit(kind === 'batch' ? TEST_SHAPE.batchCircuit : TEST_SHAPE.closeCircuit);
      input = kind === 'batch' ? (epoch.batches[0] as CircuitInput) : epoch.close;
      witness = await assertAccepted(circuit, input);
    });

    const wire = (name: string): number => {
      const found = circuit.wireOf.get(name);
      assert.ok(found !== undefined, `no signal ${name}`);
      return found;
    };
    const wiresBelow = (pattern: RegExp): number[] => [...new Set([...circuit.wireOf].filter(([name, at]) => pattern.test(name) && at > 0).map(([, at]) => at))];
    const refuses = (tampers: readonly Tamper[]): boolean => !circuit.system.acceptsTampered(witness, tampers);

    it('are none of them free: each one alone, moved by 1, by 2^64 or negated, breaks a constraint', () => {
      const expected = kind === 'batch' ? SQUARED_ONLY.map((name) => `${wire(name)} negated`) : [];
      const free: string[] = [];
      for (let at = 1; at < circuit.system.wires; at += 1) {
        const value = witness[at] as bigint;
        for (const [name, change] of changes) {
          if ((value !== 0n || name !== 'negated') && !refuses([{ wire: at, value: change(value) }])) free.push(`${at} ${name}`);
        }
      }
      assert.deepEqual(free, expected);
    });

    it('are none of them free by twos, threes and fours', () => {
      const change = fc.tuple(fc.integer({ min: 1, max: circuit.system.wires - 1 }), fc.oneof(fc.constantFrom(1n, -1n, 2n ** 64n), fc.bigInt({ min: 2n, max: 2n ** 250n })));
      const publicWires = kind === 'batch' ? SQUARED_ONLY.map(wire) : [];
      fc.assert(fc.property(fc.uniqueArray(change, { minLength: 2, maxLength: 4, selector: ([at]) => at }), (tampers) => {
        fc.pre(!tampers.every(([at]) => publicWires.includes(at)));
        assert.ok(refuses(tampers.map(([at, delta]) => ({ wire: at, value: (witness[at] as bigint) + delta }))));
      }), { numRuns: 10_000 });
    });

    if (kind === 'batch') {
      it('are none of them free in a hint and the sums above it: forged fractions of used and unused slots', () => {
        for (const hint of wiresBelow(/^main\.account\[\d+\]\.fractions\.(net|gross)Fraction\[\d+\]$/)) {
          for (const delta of [1n, -(witness[hint] as bigint), 2n ** 64n]) {
            if (delta !== 0n) assert.ok(refuses([{ wire: hint, value: (witness[hint] as bigint) + delta }]), `wire ${hint}`);
          }
        }
      });

      it('have one string of bits for each quantity: flipped sign bits and swapped encodings break a constraint', () => {
        for (let slot = 0; slot < 3; slot += 1) {
          const bits = Array.from({ length: 65 }, (_, bit) => circuit.wireOf.get(`main.account[2].signed[${slot}].bits.out[${bit}]`) ?? -1);
          // One of the 65 is the linear combination of the others that the compiler removed.
          const kept = bits.filter((at) => at > 0);
          assert.ok(kept.length >= 64);
          const flipped = kept.map((at) => ({ wire: at, value: 1n - (witness[at] as bigint) }));
          for (const tampers of [flipped, flipped.slice(-1), flipped.slice(-2), flipped.slice(0, 1), flipped.slice(0, 2)]) assert.ok(refuses(tampers));
        }
      });

      it('have one string of bits for each excess', () => {
        for (const account of [0, 2, 15]) {
          const bits = wiresBelow(new RegExp(`^main\\.account\\[${account}\\]\\.claim\\[\\d\\]\\.bits\\.out\\[\\d+\\]$`));
          // The compiler writes the two highest bits of each as combinations of others.
          assert.ok(bits.length >= 3 * 82);
          for (const at of bits) {
            assert.ok(refuses([{ wire: at, value: 1n - (witness[at] as bigint) }]));
            assert.ok(refuses([{ wire: at, value: 2n }]));
          }
        }
      });
    } else {
      it('are none of them free in the inverses of beta - k', () => {
        const inverses = wiresBelow(/^main\.identities\.inverse\[\d+\]\.out$/);
        assert.equal(inverses.length, TEST_SHAPE.U);
        for (const at of inverses) for (const value of [0n, 1n, -(witness[at] as bigint)]) assert.ok(refuses([{ wire: at, value }]));
      });

      it('hold the rows of a listed page as they were committed, also those that are not listed', async () => {
        const filled = (name: string): bigint[] => (input[name] as bigint[]).map((value, row) => (row < 6 ? value : 12345n));
        await assertRefused(circuit, { ...input, mark: filled('mark') }, { template: 'EpochSeal', statement: 'market.commitment === marketCommitment' });
      });
    }
  });
}

describe('the wires of a close with tiers', () => {
  it('may hold anything in the rows of a page without a listed row: nothing can be held there, so nothing is valued', async function () {
    this.timeout(1_200_000);
    const poseidon = await bulkPoseidon();
    const table = tieredMarket();
    const { close } = buildEpoch(poseidon, table, accountsOf(poseidon, table, TIERED_HOLDINGS, 32, TIERED_SHAPE.batch), {}, 1n, TIERED_SHAPE);
    const filled = (name: string): bigint[] => (close[name] as bigint[]).map((value, row) => (row < 16 ? value : 12345n));
    const circuit = await listedCircuit(TIERED_SHAPE.closeCircuit);
    await assertAccepted(circuit, { ...close, mark: filled('mark'), longCharge: filled('longCharge'), cap: filled('cap') });
  });
});
