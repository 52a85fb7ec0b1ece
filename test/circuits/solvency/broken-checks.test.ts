import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_SHAPE, TIERED_SHAPE } from '../../builders/epoch.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_FIGURES } from '../support/forgeries-of-figures.js';
import { FORGERIES_OF_STATEMENTS } from '../support/forgeries-of-statements.js';
import { FORGERIES_OF_TIERS } from '../support/forgeries-of-tiers.js';
import { tieredWorldOf, worldOf, type Check, type World } from '../support/forgery.js';
import { mutatedCopy, type SourceEdit } from '../support/mutated-copy.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

/** Order of the switches in the copies' input `armed`: 1 leaves a check as it is, 0 takes it out. */
const IN_CLOSE: readonly Check[] = [
  'XG', "XG'", 'XB', 'XO', 'XD', 'XN', 'XC', 'matched', 'matchedLast', 'unlisted', 'unlistedCap', 'listedFirst', 'market', 'genesis', 'final',
  'settlement', 'level', 'region', 'capOutside',
];
const IN_BATCH: readonly Check[] = ['before', 'after', 'outside', 'headroom'];
/** Checks that only circuits with tiers have. */
const OF_TIERS: readonly Check[] = ['XN', 'XC', 'unlistedCap', 'outside', 'headroom', 'region', 'capOutside'];

const CLOSE = 'solvency/solvency-close.circom';
const SEAL = 'solvency/epoch-seal.circom';
const BATCH = 'solvency/solvency-batch.circom';
const ACCOUNT = 'solvency/account-claim.circom';
const RULES = 'market/table-rules.circom';
const IDENTITIES = 'lookup/table-identities.circom';
const TIERS = 'lookup/tiered-slots.circom';

function switchOf(check: Check): string {
  return `armed[${(IN_CLOSE.includes(check) ? IN_CLOSE : IN_BATCH).indexOf(check)}]`;
}

/** `left === right` of rank one becomes `armed * (left - right) === 0`. */
function linear(file: string, statement: string, check: Check): SourceEdit {
  const [left = '', right = ''] = statement.split(' === ');
  return { file, from: `${statement};`, to: `${switchOf(check)} * (${left} - (${right})) === 0;` };
}

/** `product === 0` needs a signal of its own to stay of rank one; it is declared with the rows. */
function quadratic(product: string, name: string, check: Check): SourceEdit {
  return { file: RULES, from: `${product} === 0;`, to: `${name}[k] <== ${product}; ${switchOf(check)} * ${name}[k] === 0;` };
}

/** Hands the switches to a component. */
function passOn(file: string, component: string, after: string, count: number): SourceEdit {
  return { file, from: after, to: `${after}\n    for (var i = 0; i < ${count}; i++) { ${component}.armed[i] <== armed[i]; }` };
}

function declared(file: string, after: string, count: number): SourceEdit {
  return { file, from: after, to: `${after}\n    signal input armed[${count}];` };
}

const C = IN_CLOSE.length;
const B = IN_BATCH.length;

/** Every check of the close behind a switch, in one copy, so that one compilation shows each of them alone. */
const CLOSE_EDITS: readonly SourceEdit[] = [
  declared(CLOSE, '    signal input weightedGross[U];', C),
  passOn(CLOSE, 'rules', '    rules.class <== class;', C),
  passOn(CLOSE, 'identities', '    identities.firstRow <== 0;', C),
  passOn(CLOSE, 'seal', '    seal.rows <== U;', C),
  declared(SEAL, '    signal input vectorValue;', C),
  { file: SEAL, from: 'market.level <== 1;', to: `market.level <== 2 - ${switchOf('level')};` },
  linear(SEAL, 'market.commitment === marketCommitment', 'market'),
  linear(SEAL, 'rules[6] === 0', 'matchedLast'),
  linear(SEAL, 'genesis.hash === genesisAccumulator', 'genesis'),
  linear(SEAL, 'final.hash === finalAccumulator', 'final'),
  ...(['XG', "XG'", 'XB', 'XO', 'XD'] as const).map((check, place) => linear(SEAL, `accumulated[${place}] === sums[${place}]`, check)),
  linear(SEAL, 'accumulated[5] === sums[5] + after.sum', 'XN'),
  linear(SEAL, 'accumulated[6] === sums[6]', 'XC'),
  {
    file: SEAL, from: 'vectorValue === zSquare * settlementValue;',
    to: `signal published <== zSquare * settlementValue; ${switchOf('settlement')} * (vectorValue - published) === 0;`,
  },
  declared(RULES, '    signal input gross[ROWS];', C),
  { file: RULES, from: '    signal carried[ROWS];', to: '    signal carried[ROWS];\n    signal leftOver[ROWS];\n    signal grossUnlisted[ROWS];\n    signal afterHole[ROWS];\n    signal strayTier[ROWS * TIERS];\n    signal strayCap[ROWS * TIERS];' },
  quadratic('(1 - row[k].continues) * unmatched[k]', 'leftOver', 'matched'),
  quadratic('(1 - listed[k]) * gross[k]', 'grossUnlisted', 'unlisted'),
  quadratic('listed[k] * (1 - lastListed)', 'afterHole', 'listedFirst'),
  quadratic('row[k].continues * (listed[k] - row[k].tiered)', 'strayTier', 'region'),
  quadratic('(listed[k] - row[k].tiered) * (cap[k] - (1 << 64))', 'strayCap', 'capOutside'),
  declared(IDENTITIES, '    signal input weightedGross[ROWS];', C),
  { file: IDENTITIES, from: '    signal listedCap[ROWS * TIERS];', to: '    signal listedCap[ROWS * TIERS];\n    signal barred[ROWS * TIERS];' },
  {
    file: IDENTITIES, from: 'listedCap[k] <== listed[k] * cap[k];',
    to: `barred[k] <== ${switchOf('unlistedCap')} * (1 - listed[k]); listedCap[k] <== (1 - barred[k]) * cap[k];`,
  },
];

const BATCH_EDITS: readonly SourceEdit[] = [
  declared(BATCH, '    signal input tieredRows;', B),
  linear(BATCH, 'before.hash === accumulatorBefore', 'before'),
  linear(BATCH, 'after.hash === accumulatorAfter', 'after'),
  { file: BATCH, from: 'account[i].tieredRows <== tieredRows;', to: `account[i].tieredRows <== tieredRows; for (var a = 0; a < ${B}; a++) { account[i].armed[a] <== armed[a]; }` },
  declared(ACCOUNT, '    signal input tieredRows;', B),
  { file: ACCOUNT, from: 'outside.in <== index[T] - tieredRows;', to: `outside.in <== ${switchOf('outside')} * (index[T] - tieredRows);` },
  { file: ACCOUNT, from: '        tiers.beta <== beta;', to: `        tiers.beta <== beta; for (var a = 0; a < ${B}; a++) { tiers.armed[a] <== armed[a]; }` },
  declared(TIERS, '    signal input beta;', B),
  { file: TIERS, from: 'range[j].in <== headroom[j];', to: `range[j].in <== ${switchOf('headroom')} * headroom[j];` },
];

function armedWithout(all: readonly Check[], off: readonly Check[]): { readonly armed: readonly bigint[] } {
  return { armed: all.map((check) => (off.includes(check) ? 0n : 1n)) };
}

interface Pair {
  readonly batch: TestCircuit;
  readonly close: TestCircuit;
}

async function refusesArmed(circuit: TestCircuit, input: CircuitInput): Promise<void> {
  await assert.rejects(circuit.calculate(input), (thrown) => thrown instanceof WitnessRefusedError);
}

for (const [words, shape, list] of [
  ['without tiers', TEST_SHAPE, [...FORGERIES_OF_FIGURES, ...FORGERIES_OF_STATEMENTS]], ['with tiers', TIERED_SHAPE, FORGERIES_OF_TIERS],
] as const) {
  describe(`a copy of the circuits ${words} with one check switched off`, () => {
    let world: World;
    let sound: Pair;
    let broken: Pair;
    before(async function () {
      this.timeout(1_200_000);
      const poseidon = await bulkPoseidon();
      world = shape === TEST_SHAPE ? worldOf(poseidon) : tieredWorldOf(poseidon);
      const pair = async (root?: (edits: readonly SourceEdit[]) => string): Promise<Pair> => ({
        batch: await listedCircuit(shape.batchCircuit, root?.(BATCH_EDITS)), close: await listedCircuit(shape.closeCircuit, root?.(CLOSE_EDITS)),
      });
      sound = await pair();
      broken = await pair(mutatedCopy);
    });

    for (const { name, make, checks = [], refusedBy, at } of list.filter(({ checks }) => checks !== undefined)) {
      it(`accepts, without ${checks.join(' and ')}, that ${name}`, async () => {
        const epoch = make(world);
        for (const [place, input] of epoch.batches.entries()) {
          if (place !== refusedBy) {
            await assertAccepted(sound.batch, input);
            continue;
          }
          await assertRefused(sound.batch, input, at);
          await refusesArmed(broken.batch, { ...input, ...armedWithout(IN_BATCH, []) });
          await assertAccepted(broken.batch, { ...input, ...armedWithout(IN_BATCH, checks) });
        }
        if (refusedBy === 'close') {
          await assertRefused(sound.close, epoch.close, at);
          await refusesArmed(broken.close, { ...epoch.close, ...armedWithout(IN_CLOSE, []) });
        }
        await assertAccepted(broken.close, { ...epoch.close, ...armedWithout(IN_CLOSE, checks) });
      });

      for (const kept of checks.length > 1 ? checks : []) {
        it(`still refuses, with ${kept} alone of ${checks.join(', ')}, that ${name}`, async () => {
          const off = checks.filter((check) => check !== kept);
          await refusesArmed(broken.close, { ...make(world).close, ...armedWithout(IN_CLOSE, off) });
        });
      }
    }

    it('shows every check of the circuits at least once', () => {
      const shown = new Set([...FORGERIES_OF_FIGURES, ...FORGERIES_OF_STATEMENTS, ...(shape === TEST_SHAPE ? [] : list)].flatMap(({ checks = [] }) => checks));
      assert.deepEqual([...IN_CLOSE, ...IN_BATCH].filter((check) => !shown.has(check) && (shape === TIERED_SHAPE || !OF_TIERS.includes(check))), []);
    });
  });
}
