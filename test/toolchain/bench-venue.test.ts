import assert from 'node:assert/strict';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { splitIntoTiers, tieredRows } from '../../src/risk/tiers.js';
import { optionBounds } from '../../src/risk/row-values.js';
import type { RowTerms } from '../../src/risk/row-terms.js';
import { fullTermedTable } from '../../src/toolchain/bench-market.js';
import { benchInputs, epochCircuits, fullAccounts, fullTable } from '../../src/toolchain/bench-venue.js';

describe('the made-up epochs of the benchmark', () => {
  it('put every circuit of epochs with others that it can stand in one epoch with', async () => {
    const list = (await readCircuitList()).filter(({ template }) => template.startsWith('Solvency'));
    for (const circuit of list) {
      const circuits = epochCircuits(circuit, list);
      assert.ok(circuits.includes(circuit) && circuits.every(({ use }) => use === circuit.use), circuit.name);
    }
  });

  it('name a circuit that has no close', async () => {
    const list = await readCircuitList();
    const batch = list.filter(({ name }) => name === 'solvency-batch-n32-k8-s8');
    assert.throws(() => epochCircuits(batch[0] as (typeof list)[number], batch), { code: 'NO_EPOCH', message: /solvency-batch-n32-k8-s8/ });
  });

  it('use every slot of every account, every tiered slot and every row', () => {
    const table = fullTable(112, 4, 16);
    assert.equal(table.rows.length, 112);
    assert.equal(tieredRows(table), 4);
    const accounts = fullAccounts(64, table, 8, 4).map(({ holdings }) => splitIntoTiers(table, holdings));
    assert.ok(accounts.every((holdings) => holdings.length === 8 && holdings.filter(({ index }) => index < 4).length === 4));
    assert.equal(new Set(accounts.flat().map(({ index }) => index)).size, 112);
  });

  it('give the inputs of whole batches, of a close, and of parts with their end', async () => {
    const list = await readCircuitList();
    const inputsOf = async (name: string): Promise<readonly [number, string | undefined]> => {
      const circuit = list.find((one) => one.name === name) as (typeof list)[number];
      const { inputs, end } = await benchInputs(circuit, list);
      for (const input of inputs) assert.ok(Object.keys(input()).length > 0);
      return [inputs.length, end?.circuit];
    };
    assert.deepEqual(await inputsOf('solvency-batch-n16-k3-s2'), [2, undefined]);
    assert.deepEqual(await inputsOf('solvency-close-u16-s2'), [1, undefined]);
    assert.deepEqual(await inputsOf('solvency-close-part-r16-s2-t2'), [3, 'solvency-close-end-s2-d2-t2']);
    assert.deepEqual(await inputsOf('market-table-u16-s2'), [1, undefined]);
    await assert.rejects(inputsOf('market-table-u32-s2-t'), { code: 'NO_EPOCH', message: /without tiers/ });
  });

  it('list every row of a market table, options among them, and its values follow from its terms', () => {
    const table = fullTermedTable(112, 16);
    assert.equal(table.rows.length, 112);
    assert.ok(table.rows.every(({ pnl, mark, index }, place) => pnl.length === 16 && mark > 0n && index === place));
    const options = table.rows.filter(({ kind }) => kind === 'option');
    assert.ok(options.length > 50);
    for (const { oraclePrice, terms, mark } of options) {
      const { least, most } = optionBounds(oraclePrice, terms as RowTerms);
      assert.ok(mark >= least && mark <= most);
    }
  });
});
