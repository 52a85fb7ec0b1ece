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
  for (const [library, circuit] of [
    ['BatchSignals', 'solvency-batch-n16-k3-s2'], ['CloseSignals', 'solvency-close-u16-s2'], ['ClosePartSignals', 'solvency-close-part-r16-s2-t2'],
    ['MarketTableSignals', 'market-table-u16-s2'], ['AccountMarginSignals', 'account-margin-k4-s2-d2'], ['AccountExitSignals', 'account-exit-k4-s2-d2'],
    ['AccountSignerSignals', 'account-signer'], ['RowMarkSignals', 'row-mark-s2'], ['AccountInclusionSignals', 'account-inclusion-k3-d2'],
    ['AccountTransitionSignals', 'account-transition-k4-s2'],
  ] as const) {
    it(`have the order of circuits.json in ${library}`, async () => {
      assert.deepEqual(orderInSolidity(library), findCircuit(await readCircuitList(), circuit).publicSignals);
    });
  }

  it('have the order of circuits.json in CloseEndSignals: those of CloseSignals, then the ends of the parts', async () => {
    const source = readFileSync('contracts/libraries/CloseEndSignals.sol', 'utf8');
    const own = [...source.matchAll(/uint256 private constant ([A-Z_]+) = (\d+);/g)].map(([, constant = '', place = '']) => [camelCase(constant), Number(place)] as const);
    assert.deepEqual(own, [['tableStart', 11], ['tableEnd', 12]]);
    assert.match(source, /uint256\[11\] memory first = CloseSignals\.ordered\(values\.close\);/);
    const names = [...orderInSolidity('CloseSignals'), ...own.map(([name]) => name)];
    assert.deepEqual(names, findCircuit(await readCircuitList(), 'solvency-close-end-s2-d2-t2').publicSignals);
  });
});
