import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findCircuit, readCircuitList } from '../../src/groth16/circuit-list.js';

/** Names of a signals library in the order of their index constants, in the circuits' spelling. */
function orderInSolidity(library: string): readonly string[] {
  const source = readFileSync(`contracts/libraries/${library}.sol`, 'utf8');
  const constants = [...source.matchAll(/uint256 private constant ([A-Z_]+) = (\d+);/g)];
  const names: string[] = [];
  for (const [, constant = '', place = ''] of constants) names[Number(place)] = camelCase(constant);
  // A constant that orders one field and names another would pass the order alone.
  for (const [, constant = ''] of constants) {
    const name = camelCase(constant);
    assert.ok(source.includes(`signals[${constant}] = values.${name};`), `${library}.ordered places ${name} at ${constant}`);
    assert.ok(source.includes(`${name}: signals[${constant}]`), `${library}.named reads ${name} at ${constant}`);
  }
  return names;
}

function camelCase(constant: string): string {
  return constant.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

describe('public signals in Solidity', () => {
  for (const [library, circuit] of [['BatchSignals', 'solvency-batch-n16-k3-s2'], ['CloseSignals', 'solvency-close-u8-s2']] as const) {
    it(`have the order of circuits.json in ${library}`, async () => {
      assert.deepEqual(orderInSolidity(library), findCircuit(await readCircuitList(), circuit).publicSignals);
    });
  }
});
