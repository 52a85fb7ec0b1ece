import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { packTransitionDelta } from '../../../src/statement/transition-delta.js';
import { packTransitionTerms } from '../../../src/statement/transition-terms.js';
import type { TradeAct } from '../../../src/statement/transition.js';

const TRADE: TradeAct = {
  kind: 'trade',
  seller: true,
  band: 50_000,
  trade: { buyer: 3n, seller: 2n ** 64n - 1n, expiry: 2 ** 40 - 1, row: 1, payRow: 0, quantity: 1n, payment: 0n, nonce: 0n },
};

/** The acts of test_P217_wordsAreThoseOfTheProver, which holds the same numbers against the contract's words. */
const WORDS: Readonly<Record<string, () => bigint>> = {
  TRADE: () => packTransitionTerms(TRADE, { owned: true, reducing: true, unmargined: false, period: 17 }),
  COLLATERAL: () => packTransitionDelta({ kind: 'collateral', opens: false, in: { row: 3, amount: 2n ** 64n - 1n }, out: { row: 65_535, amount: 7n }, context: 0n }),
  EXPIRY: () => packTransitionDelta({ kind: 'expiry', row: 11, payRow: 2, deliverRow: 5, value: 1n - 2n ** 48n, unit: 2n ** 48n - 1n, deliver: 2n ** 32n - 1n }),
  FUNDING: () => packTransitionDelta({ kind: 'funding', payRow: 0, fromPeriod: 0, rates: [{ group: 4, rate: -5_000_000n }, { group: 9, rate: 2n ** 63n - 1n }] }),
};

describe('words of transitions in Solidity', () => {
  const source = readFileSync('test/contracts/clearing/TransitionWordsTest.t.sol', 'utf8');
  for (const [name, pack] of Object.entries(WORDS)) {
    it(`are those of the prover: ${name.toLowerCase()}`, () => {
      const stated = new RegExp(`${name}_WORD =\\s*(\\d+);`).exec(source)?.[1];
      assert.equal(pack(), BigInt(stated ?? -1));
    });
  }
});
