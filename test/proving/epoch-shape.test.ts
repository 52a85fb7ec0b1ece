import assert from 'node:assert/strict';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { batchNamed, circuitsOf, closingCircuit, epochShape, type EpochShape } from '../../src/proving/epoch-shape.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { TEST_SHAPE, TIERED_SHAPE } from '../builders/epoch.js';
import { marketTable, smallMarket } from '../builders/market.js';
import { tieredMarket } from '../builders/tiered-market.js';

const { batchCircuit: NARROW, closeCircuit: CLOSE } = TEST_SHAPE;
const { batchCircuit: WIDE, closeCircuit: TIERED_CLOSE, parts: { partCircuit: PART, endCircuit: END } } = TIERED_SHAPE;

describe('the shape of an epoch', () => {
  let catalogue: readonly CircuitDefinition[];
  before(async () => {
    catalogue = await readCircuitList();
  });

  /** A listed circuit, some of its parameters changed. */
  const circuit = (name: string, changed: Readonly<Record<string, number>> = {}, as = name): CircuitDefinition => {
    const found = findCircuit(catalogue, name);
    return { ...found, name: as, parameters: found.parameters.map((each) => ({ ...each, value: changed[each.name] ?? each.value })) };
  };
  const shape = (circuits: readonly (string | CircuitDefinition)[], table: MarketTable = tieredMarket()): EpochShape =>
    epochShape(circuits.map((each) => (typeof each === 'string' ? circuit(each) : each)), table, catalogue);
  const rows = (count: number): MarketTable => marketTable(Array.from({ length: count }, (_, place) => ({ id: `COIN${place}`, kind: 'spot', mark: 1n })));
  const tieredRows = (count: number): MarketTable => {
    const table = rows(count);
    return { ...table, rows: table.rows.map((row, place) => (place === 0 ? { ...row, cap: 5n } : row)) };
  };

  it('takes one batch circuit and one close', () => {
    assert.deepEqual(shape([NARROW, CLOSE], smallMarket()), {
      batches: [{ circuit: NARROW, shape: { N: 16, K: 3, T: 0, S: 2, W: 84 }, indexBits: 6 }],
      close: { kind: 'whole', circuit: CLOSE, U: 16, T: 0 }, S: 2, depth: 2,
    });
  });

  it('takes several batch circuits in any order and puts the widest first', () => {
    const made = shape([NARROW, TIERED_CLOSE, WIDE]);
    assert.deepEqual(circuitsOf(made), [WIDE, NARROW, TIERED_CLOSE]);
    assert.deepEqual(made, shape([WIDE, NARROW, TIERED_CLOSE]));
    assert.deepEqual(batchNamed(made, NARROW).shape, { N: 16, K: 3, T: 0, S: 2, W: 84 });
    assert.throws(() => batchNamed(made, CLOSE), { code: 'SHAPE_MISMATCH', message: new RegExp(`^${CLOSE} is no batch circuit of this epoch: it has ${WIDE}, ${NARROW}`) });
  });

  for (const [listed, count] of [[1, 1], [16, 1], [17, 2], [32, 2], [33, 3]] as const) {
    it(`closes ${listed} rows in ${count} parts of 16, whose end closes the chain`, () => {
      const { close } = shape([WIDE, END, PART], tieredRows(listed));
      assert.deepEqual(close, { kind: 'parts', part: PART, rows: 16, count, end: END, U: 16 * count, T: 2 });
      assert.equal(closingCircuit(close), END);
    });
  }

  it('has one part for a table without rows', () => {
    assert.equal(shape([circuit(NARROW), circuit(PART, { T: 0 }), circuit(END, { T: 0 })], rows(0)).close.U, 16);
  });

  const refusals: readonly (readonly [string, () => EpochShape, RegExp])[] = [
    ['a circuit named twice', () => shape([WIDE, WIDE, TIERED_CLOSE]), new RegExp(`^${WIDE} is named twice`)],
    ['no batch circuit', () => shape([TIERED_CLOSE]), /^no batch circuit is named/],
    ['no close, and says which would do', () => shape([WIDE]), new RegExp(`^nothing closes the epoch: .*; ${TIERED_CLOSE} would do$`)],
    ['two closes', () => shape([WIDE, TIERED_CLOSE, CLOSE]), new RegExp(`^${TIERED_CLOSE}, ${CLOSE} cannot close an epoch together: .*; ${TIERED_CLOSE} would do$`)],
    ['a part without its end', () => shape([WIDE, PART]), new RegExp(`^${PART} cannot close an epoch together: name one solvency-close`)],
    ['an end without parts', () => shape([WIDE, END]), new RegExp(`^${END} cannot close an epoch together`)],
    ['a close beside a close in parts', () => shape([WIDE, PART, END, TIERED_CLOSE]), /cannot close an epoch together/],
    ['a circuit that is none of an epoch', () => shape([WIDE, TIERED_CLOSE, { ...circuit(CLOSE), template: 'Membership' }]), new RegExp(`^${CLOSE} is a Membership, which has no place in an epoch`)],
    ['batches of other scenarios than the close', () => shape([circuit(WIDE, { S: 3 }), TIERED_CLOSE]), new RegExp(`^${WIDE} and ${TIERED_CLOSE} differ in S`)],
    ['batches of another depth than the close', () => shape([circuit(WIDE, { DEPTH: 3 }), TIERED_CLOSE]), new RegExp(`^${WIDE} and ${TIERED_CLOSE} differ in DEPTH`)],
    ['batches of another depth than the end', () => shape([circuit(WIDE, { DEPTH: 3 }), PART, END]), new RegExp(`^${WIDE} and ${END} differ in DEPTH`)],
    ['parts of other scenarios than the batches', () => shape([WIDE, circuit(PART, { S: 3 }), END]), new RegExp(`^${WIDE} and ${PART} differ in S`)],
    ['parts of other tiered slots than the end', () => shape([WIDE, circuit(PART, { T: 3 }), END]), new RegExp(`^${PART} and ${END} differ in T`)],
    ['batches that differ in the bits of an excess', () => shape([WIDE, circuit(NARROW, { W: 96 }), TIERED_CLOSE]), new RegExp(`^${WIDE} and ${NARROW} differ in W`)],
    ['indices too narrow for rows and slots', () => shape([circuit(WIDE, { INDEX_BITS: 5 }), TIERED_CLOSE]), new RegExp(`^${WIDE} has 5 index bits, 32 rows and 5 slots need 2\\^bits >= 37: ${WIDE} would do$`)],
    ['indices too narrow for the rows of all parts', () => shape([WIDE, PART, END], tieredRows(49)), new RegExp(`^${WIDE} has 6 index bits, 64 rows and 5 slots need 2\\^bits >= 69: no circuit of circuits.json would do`)],
    ['more tiered slots in a batch than in the close', () => shape([circuit(WIDE, { T: 3 }), TIERED_CLOSE]), new RegExp(`^${WIDE} has 3 tiered slots, ${TIERED_CLOSE} takes 2: no circuit of circuits.json would do`)],
    ['a table with tiers under a close without', () => shape([NARROW, CLOSE]), new RegExp(`^the table has tiers, ${CLOSE} takes none: ${TIERED_CLOSE} would do$`)],
    ['a table without tiers under a close with', () => shape([NARROW, TIERED_CLOSE], smallMarket()), new RegExp(`^the table has no tiers, ${TIERED_CLOSE} takes tables with tiers only: ${CLOSE} would do$`)],
    [
      'two batch circuits of which neither is the wider', () => shape([WIDE, circuit(NARROW, { K: 6 }, 'long-and-flat'), TIERED_CLOSE]),
      new RegExp(`^long-and-flat has more slots than ${WIDE} but fewer tiered ones`),
    ],
    ['a circuit without a parameter it must have', () => shape([{ ...circuit(WIDE), parameters: [] }, TIERED_CLOSE]), new RegExp(`^circuit ${WIDE} has no parameter S$`)],
  ];
  for (const [title, make, message] of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(make, { code: 'SHAPE_MISMATCH', message });
    });
  }

  it('advises a close in parts where no whole one has the rows', () => {
    assert.throws(() => shape([WIDE], tieredRows(33)), { code: 'SHAPE_MISMATCH', message: new RegExp(`; ${PART} with ${END} would do$`) });
  });

  it('takes indices that are just wide enough', () => {
    assert.equal(shape([WIDE, PART, END], tieredRows(48)).close.U, 48);
    assert.equal(shape([circuit(WIDE, { K: 16 }), PART, END], tieredRows(48)).close.U, 48);
    assert.throws(() => shape([circuit(WIDE, { K: 17 }), PART, END], tieredRows(48)), { code: 'SHAPE_MISMATCH', message: /2\^bits >= 65/ });
  });
});
