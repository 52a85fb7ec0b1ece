import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { addInField } from '../../src/field/scalar-field.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { tableStateHash, type TableState } from '../../src/witness/table-states.js';
import { TIERED_SHAPE, buildParts, type EpochInputs, type PartInputs } from '../builders/epoch.js';
import { trueExcess, withSlots } from '../circuits/support/accounts.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { epochOf, raised, replaced, tieredWorldOf, type World } from '../circuits/support/forgery.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../circuits/support/refusal.js';

const { parts: { endCircuit, partCircuit } } = TIERED_SHAPE;
const START: ExpectedRefusal = { template: 'SolvencyCloseEnd', statement: 'first.hash === tableStart' };
const END: ExpectedRefusal = { template: 'SolvencyCloseEnd', statement: 'last.hash === tableEnd' };
const BEFORE: ExpectedRefusal = { template: 'SolvencyClosePart', statement: 'before.hash === tableBefore' };
const AFTER: ExpectedRefusal = { template: 'SolvencyClosePart', statement: 'after.hash === tableAfter' };
const inSeal = (statement: string): ExpectedRefusal => ({ template: 'EpochSeal', statement, below: { template: 'SolvencyCloseEnd', statement: 'seal.' } });

/** States from number `first` on, changed alike. */
function changed(first: number, change: (state: TableState) => TableState): (states: TableState[]) => TableState[] {
  return (states) => states.map((state, place) => (place >= first ? change(state) : state));
}

function raisedSum(place: number): (state: TableState) => TableState {
  return (state) => ({ ...state, sums: replaced(state.sums, place, (sum) => addInField(sum, 7n)) });
}

describe('a close in parts', () => {
  let world: World;
  let honest: EpochInputs;
  let part: TestCircuit;
  let end: TestCircuit;
  before(async function () {
    this.timeout(240_000);
    world = tieredWorldOf(await bulkPoseidon());
    honest = epochOf(world, world.accounts, { closedBy: endCircuit });
    part = await listedCircuit(partCircuit);
    end = await listedCircuit(endCircuit);
  });

  const inParts = (forge?: (states: TableState[]) => TableState[], epoch = honest): PartInputs => buildParts(world.poseidon, epoch, TIERED_SHAPE, forge);

  it('accepts every part and the end of an honest epoch, each state the next part\'s start', async () => {
    const { parts, end: ending, hashes } = inParts();
    for (const input of parts) await assertAccepted(part, input);
    await assertAccepted(end, ending);
    assert.equal(new Set(hashes).size, parts.length + 1);
  });

  for (const [name, forge, parts, atEnd] of [
    ['the first part starts from sums of the venue\'s own', changed(0, raisedSum(4)), [], START],
    ['the first part starts in the middle of the table', changed(0, (state) => ({ ...state, nextRow: state.nextRow + 16 })), [], START],
    ['the first part starts with listed rows that nobody saw', changed(0, (state) => ({ ...state, rules: replaced(state.rules, 0, (rows) => rows + 1n) })), [], START],
    ['the first part starts from another digest', changed(0, (state) => ({ ...state, digests: { ...state.digests, book: 5n } })), [], START],
    ['the first part starts from a settlement value of the venue\'s own', changed(0, (state) => ({ ...state, vectorValue: addInField(state.vectorValue, 7n) })), [], START],
    ...([0, 1, 2, 3, 4, 5, 6] as const).map((sum) => [`the second part adds another amount to sum ${sum}`, changed(2, raisedSum(sum)), [undefined, AFTER], undefined] as const),
    ['the second part hands on another number of tiered rows', changed(2, (state) => ({ ...state, rules: replaced(state.rules, 1, (rows) => rows - 1n) })), [undefined, AFTER], undefined],
    ['the second part hands on another digest of the weighted book', changed(2, (state) => ({ ...state, digests: { ...state.digests, weighted: 5n } })), [undefined, AFTER], undefined],
    ['the second part hides an unmatched group', changed(2, (state) => ({ ...state, rules: replaced(state.rules, 6, () => 5n) })), [undefined, AFTER], undefined],
  ] as const) {
    it(`is refused when ${name}`, async () => {
      const forged = inParts(forge);
      for (const [place, at] of parts.entries()) {
        await (at === undefined ? assertAccepted(part, forged.parts[place] as CircuitInput) : assertRefused(part, forged.parts[place] as CircuitInput, at));
      }
      if (atEnd !== undefined) await assertRefused(end, forged.end, atEnd);
    });
  }

  it('is refused when a part continues from a state that is not its public one', async () => {
    const [, second] = inParts().parts as [CircuitInput, CircuitInput];
    await assertRefused(part, { ...second, sumsBefore: replaced(second.sumsBefore as bigint[], 4, (sum) => addInField(sum, 7n)) }, BEFORE);
  });

  for (const name of ['r', 'beta', 'z', 'firstRow'] as const) {
    it(`is refused when a part uses another ${name} than the state it starts from`, async () => {
      const [, second] = inParts().parts as [CircuitInput, CircuitInput];
      await assertRefused(part, { ...second, [name]: 16n * 3n }, BEFORE);
    });
  }

  it('is refused when the last part is left out: the rows that remain are no table of this market', async () => {
    const { states } = inParts();
    const cut = inParts((all) => all.slice(0, 2));
    assert.equal(states.length, 3);
    for (const input of cut.parts) await assertAccepted(part, input);
    // The books' digests start from U, so fewer rows are another start.
    await assertRefused(end, cut.end, START);
  });

  it('is refused when the end opens other sums than the parts arrived at', async () => {
    const { end: ending } = inParts();
    await assertRefused(end, { ...ending, sums: replaced(ending.sums as bigint[], 4, (sum) => addInField(sum, 7n)) }, END);
  });

  it('is refused when the parts ran under challenges of the venue\'s own', async () => {
    const states = { ...honest.states, challenges: { ...honest.states.challenges, r: 0n } };
    const forged = inParts(undefined, { ...honest, states });
    for (const input of forged.parts) await assertAccepted(part, input);
    await assertRefused(end, forged.end, START);
  });

  it('is refused when the parts evaluated the settlement vector at another point', async () => {
    const elsewhere = inParts(undefined, { ...honest, closeSignals: { ...honest.closeSignals, z: 4711n } });
    for (const input of elsewhere.parts) await assertAccepted(part, input);
    const { z, settlementValue } = honest.closeSignals;
    await assertRefused(end, { ...elsewhere.end, z, settlementValue }, START);
  });

  it('is refused when parts of another epoch are put before its end', async () => {
    const other = inParts(undefined, epochOf(world, replaced(world.accounts, 3, (account) => withSlots(world.poseidon, account, account.slots.map((slot) => ({ ...slot, quantity: 0n })), [0n, 0n, 0n])), { closedBy: endCircuit }));
    const { end: ending } = inParts();
    await assertRefused(end, { ...ending, tableStart: other.hashes[0] as bigint }, START);
    await assertRefused(end, { ...ending, tableEnd: other.hashes[2] as bigint }, END);
  });

  it('is refused at the identities when an excess is false, as the close in one is', async () => {
    const forged = inParts(undefined, epochOf(world, raised(world.accounts, 2, 10n ** 9n), { closedBy: endCircuit }));
    for (const input of forged.parts) await assertAccepted(part, input);
    await assertRefused(end, forged.end, inSeal('accumulated[4] === sums[4]'));
  });

  it('is refused at the caps when a tier is overfilled', async () => {
    const slots = [{ index: 0, quantity: 150n }, ...[1, 7, 8, 9].map((index) => ({ index, quantity: 0n }))];
    const accounts = replaced(world.accounts, 20, (account) => ({ ...withSlots(world.poseidon, account, slots, trueExcess(world.table, slots)), headrooms: [0n, 50n] }));
    const forged = inParts(undefined, epochOf(world, accounts, { closedBy: endCircuit }));
    for (const input of forged.parts) await assertAccepted(part, input);
    await assertRefused(end, forged.end, inSeal('accumulated[6] === sums[6]'));
  });

  it('is refused when a group is matched by nobody over the border between two parts', async () => {
    const states = (all: TableState[]): TableState[] => replaced(all, 2, (state) => ({ ...state, rules: replaced(state.rules, 6, () => 5n) }));
    const forged = inParts(states);
    await assertRefused(end, forged.end, inSeal('rules[6] === 0'));
  });

  it('commits to each state under its own blinding: equal states do not show', () => {
    const { states } = inParts();
    const hash = (blinding: bigint): bigint => tableStateHash(world.poseidon, TIERED_SHAPE.batch, blinding, honest.states.challenges, 5n, states[1] as TableState);
    assert.notEqual(hash(1n), hash(2n));
  });
});
