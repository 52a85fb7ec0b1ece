import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { epochShape, type EpochShape } from '../../src/proving/epoch-shape.js';
import { batchCost, closeCosts } from '../../src/proving/proof-costs.js';
import { marketTable } from '../builders/market.js';
import { MIXED_CIRCUITS, PARTED_CIRCUITS, TEST_CIRCUITS } from './support.js';

/** Estimates may be off by so much. */
const TOLERANCE = 0.04;

describe('the estimated cost of a proof', () => {
  let catalogue: readonly CircuitDefinition[];
  before(async () => {
    catalogue = await readCircuitList();
  });

  function shapeOf(names: string): EpochShape {
    const chosen = names.split(',').map((name) => catalogue.find((circuit) => circuit.name === name) as CircuitDefinition);
    const table = marketTable([{ id: 'USDC', kind: 'cash', mark: 1n }]);
    return epochShape(chosen, names === TEST_CIRCUITS ? table : { ...table, rows: table.rows.map((row) => ({ ...row, cap: 5n })) });
  }
  async function constraintsOf(circuit: string): Promise<number> {
    const file = `build/circuits/${circuit}/${circuit}.r1cs`;
    return parseR1cs(await readFile(file), file).constraints;
  }
  async function assertClose(circuit: string, estimate: number): Promise<void> {
    const constraints = await constraintsOf(circuit);
    assert.ok(Math.abs(estimate / constraints - 1) < TOLERANCE, `${circuit}: ${estimate} estimated, ${constraints} compiled`);
  }

  it('is near the constraints of each batch circuit of the tests', async () => {
    const { batches, depth } = shapeOf(MIXED_CIRCUITS);
    assert.equal(batches.length, 2);
    for (const batch of batches) await assertClose(batch.circuit, batchCost(batch, depth));
  });

  it('is near the constraints of each close of the tests, and of parts and end', async () => {
    for (const names of [TEST_CIRCUITS, MIXED_CIRCUITS, PARTED_CIRCUITS]) {
      const { close, S } = shapeOf(names);
      const costs = closeCosts(close, S);
      const circuits = close.kind === 'whole' ? [close.circuit] : [close.part, close.end];
      assert.equal(costs.length, circuits.length);
      for (const [place, circuit] of circuits.entries()) await assertClose(circuit, costs[place] as number);
    }
  });

  it('is one number a proof: each part in turn, then the end', () => {
    const { close, S } = shapeOf(PARTED_CIRCUITS);
    assert.ok(close.kind === 'parts');
    const costs = closeCosts({ ...close, count: 3 }, S);
    assert.equal(costs.length, 4);
    assert.equal(new Set(costs.slice(0, 3)).size, 1);
  });
});
