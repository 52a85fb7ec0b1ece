import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_FIGURES } from '../support/forgeries-of-figures.js';
import { FORGERIES_OF_STATEMENTS } from '../support/forgeries-of-statements.js';
import { worldOf, type Check, type World } from '../support/forgery.js';
import { mutatedCopy, type SourceEdit } from '../support/mutated-copy.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

/** Order of the switches in the copies' input `armed`: 1 leaves a check as it is, 0 takes it out. */
const IN_CLOSE: readonly Check[] = ['XG', "XG'", 'XB', 'XO', 'XD', 'matched', 'unlisted', 'listedFirst', 'market', 'genesis', 'final', 'settlement', 'level'];
const IN_BATCH: readonly Check[] = ['before', 'after'];

const CLOSE = 'solvency/solvency-close.circom';
const BATCH = 'solvency/solvency-batch.circom';
const IDENTITIES = 'lookup/table-identities.circom';

/** `left === right` of rank one becomes `armed * (left - right) === 0`. */
function linear(file: string, statement: string, armed: string): SourceEdit {
  const [left = '', right = ''] = statement.split(' === ');
  return { file, from: `${statement};`, to: `${armed} * (${left} - (${right})) === 0;` };
}

/** `product === 0` needs a signal of its own to stay of rank one. */
function quadratic(product: string, name: string, armed: string): SourceEdit {
  return { file: CLOSE, from: `${product} === 0;`, to: `${name}[k] <== ${product}; ${armed} * ${name}[k] === 0;` };
}

/** Every check of the close behind a switch, in one copy, so that one compilation shows each of them alone. */
const CLOSE_EDITS: readonly SourceEdit[] = [
  ...['total[0]', 'total[1]', 'total[2]', 'total[3]', 'excess'].map((right, place) => linear(IDENTITIES, `sums[${place}] === ${right}`, `armed[${place}]`)),
  { file: IDENTITIES, from: '    signal input pnl[U][S];\n', to: '    signal input pnl[U][S];\n    signal input armed[5];\n' },
  { file: CLOSE, from: '    identities.pnl <== pnl;\n', to: '    identities.pnl <== pnl;\n    for (var i = 0; i < 5; i++) { identities.armed[i] <== armed[i]; }\n' },
  { file: CLOSE, from: '    signal input weightedGross[U];\n', to: `    signal input weightedGross[U];\n    signal input armed[${IN_CLOSE.length}];\n    signal netMatched[U];\n    signal grossUnlisted[U];\n    signal afterHole[U];\n` },
  quadratic('rowKind[k].matched * net[k]', 'netMatched', 'armed[5]'),
  quadratic('(1 - rowKind[k].listed) * gross[k]', 'grossUnlisted', 'armed[6]'),
  quadratic('rowKind[k].listed * (1 - rowKind[k - 1].listed)', 'afterHole', 'armed[7]'),
  { file: CLOSE, from: '    var listedRows = 0;\n', to: '    var listedRows = 0;\n    afterHole[0] <== 0;\n' },
  linear(CLOSE, 'market.commitment === marketCommitment', 'armed[8]'),
  linear(CLOSE, 'genesis.hash === genesisAccumulator', 'armed[9]'),
  linear(CLOSE, 'final.hash === finalAccumulator', 'armed[10]'),
  linear(CLOSE, 'settlement.value === settlementValue', 'armed[11]'),
  { file: CLOSE, from: 'market.level <== 1;', to: 'market.level <== 2 - armed[12];' },
];

const BATCH_EDITS: readonly SourceEdit[] = [
  { file: BATCH, from: '    signal input beta;\n', to: '    signal input beta;\n    signal input armed[2];\n' },
  linear(BATCH, 'before.hash === accumulatorBefore', 'armed[0]'),
  linear(BATCH, 'after.hash === accumulatorAfter', 'armed[1]'),
];

function armedWithout(all: readonly Check[], off: readonly Check[]): { readonly armed: readonly bigint[] } {
  return { armed: all.map((check) => (off.includes(check) ? 0n : 1n)) };
}

describe('a copy of the circuits with one check switched off', () => {
  let world: World;
  let batch: TestCircuit;
  let close: TestCircuit;
  let brokenBatch: TestCircuit;
  let brokenClose: TestCircuit;
  before(async function () {
    this.timeout(400_000);
    world = worldOf(await bulkPoseidon());
    batch = await listedCircuit(TEST_SHAPE.batchCircuit);
    close = await listedCircuit(TEST_SHAPE.closeCircuit);
    brokenBatch = await listedCircuit(TEST_SHAPE.batchCircuit, mutatedCopy(BATCH_EDITS));
    brokenClose = await listedCircuit(TEST_SHAPE.closeCircuit, mutatedCopy(CLOSE_EDITS));
  });

  const forgeries = [...FORGERIES_OF_FIGURES, ...FORGERIES_OF_STATEMENTS].filter(({ checks }) => checks !== undefined);

  const refusesArmed = async (circuit: TestCircuit, input: CircuitInput): Promise<void> => {
    await assert.rejects(circuit.calculate(input), (thrown) => thrown instanceof WitnessRefusedError);
  };

  for (const { name, make, checks = [], refusedBy, at } of forgeries) {
    it(`accepts, without ${checks.join(' and ')}, that ${name}`, async () => {
      const epoch = make(world);
      for (const [place, input] of epoch.batches.entries()) {
        if (place !== refusedBy) {
          await assertAccepted(batch, input);
          continue;
        }
        await assertRefused(batch, input, at);
        await refusesArmed(brokenBatch, { ...input, ...armedWithout(IN_BATCH, []) });
        await assertAccepted(brokenBatch, { ...input, ...armedWithout(IN_BATCH, checks) });
      }
      if (refusedBy === 'close') {
        await assertRefused(close, epoch.close, at);
        await refusesArmed(brokenClose, { ...epoch.close, ...armedWithout(IN_CLOSE, []) });
      }
      await assertAccepted(brokenClose, { ...epoch.close, ...armedWithout(IN_CLOSE, checks) });
    });

    for (const kept of checks.length > 1 ? checks : []) {
      it(`still refuses, with ${kept} alone of ${checks.join(', ')}, that ${name}`, async () => {
        const off = checks.filter((check) => check !== kept);
        await refusesArmed(brokenClose, { ...make(world).close, ...armedWithout(IN_CLOSE, off) });
      });
    }
  }

  it('shows every check of the two circuits at least once', () => {
    assert.deepEqual(new Set(forgeries.flatMap(({ checks = [] }) => checks)), new Set([...IN_CLOSE, ...IN_BATCH]));
  });
});
