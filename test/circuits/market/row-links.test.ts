import assert from 'node:assert/strict';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

const NONE = 2n ** 64n;
/** Two tiers of one group, a row of its own that needs no tiers, and one that is not listed. */
const HONEST = {
  listed: [1n, 1n, 1n, 0n], continues: [0n, 1n, 0n, 0n], tiered: [1n, 1n, 0n, 0n], option: [0n, 0n, 1n, 0n], capped: [1n, 0n, 0n, 0n], cap: [5n, 0n, 0n, 0n],
  price: [7n, 7n, 9n, 0n], multiplier: [3n, 3n, 4n, 0n], shared: [11n, 11n, 12n, 0n], long: [10n, 10n, 1n, 0n], short: [20n, 21n, 2n, 0n],
} as const satisfies CircuitInput;

const TOO_WIDE = { template: 'Num2Bits', statement: 'lc1 === in' } as const;
const rule = (statement: string): ExpectedRefusal => ({ template: 'RowLinks', statement });

describe('RowLinks', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/row-links.circom', 'RowLinks', [4]); });

  it('commit caps, 2^64 for none and 0 where nothing is listed', async () => {
    assert.deepEqual(valuesOf(circuit, await assertAccepted(circuit, HONEST), 'committedCap'), [5n, NONE, NONE, 0n]);
  });

  it('take caps from 1 to 2^64 - 1 and a last tier that is capped too', async () => {
    await assertAccepted(circuit, { ...HONEST, cap: [1n, 0n, 0n, 0n] });
    await assertAccepted(circuit, { ...HONEST, capped: [1n, 1n, 0n, 0n], cap: [NONE - 1n, 5n, 0n, 0n] });
  });

  const refusals: readonly (readonly [string, CircuitInput, ExpectedRefusal])[] = [
    ['a cap of 2^64', { cap: [NONE, 0n, 0n, 0n] }, { ...TOO_WIDE, below: rule('capRange[k].in <== cap[k]') }],
    ['a negative cap', { cap: [-1n, 0n, 0n, 0n] }, { ...TOO_WIDE, below: rule('capRange[k].in <== cap[k]') }],
    ['a cap of 0', { cap: [0n, 0n, 0n, 0n] }, { template: 'Inverse', statement: 'out * in === 1' }],
    ['a flag of 2', { capped: [2n, 0n, 0n, 0n] }, rule('capped[k] * (1 - capped[k]) === 0')],
    ['a cap in a row that says it has none', { capped: [1n, 0n, 0n, 0n], cap: [5n, 6n, 0n, 0n] }, rule('(1 - capped[k]) * cap[k] === 0')],
    ['a cap where nothing is listed', { capped: [1n, 0n, 0n, 1n], cap: [5n, 0n, 0n, 5n] }, rule('capped[k] * (1 - listed[k]) === 0')],
    ['a further tier where nothing is listed', { continues: [0n, 1n, 0n, 1n] }, rule('continues[k] * (1 - listed[k]) === 0')],
    ['a region that is larger than needed', { tiered: [1n, 1n, 1n, 0n] }, rule('(tiered[k] - tiered[k + 1]) * (1 - needed[k]) === 0')],
    ['a region to the last row that is larger than needed', { listed: [1n, 1n, 1n, 1n], tiered: [1n, 1n, 1n, 1n] }, rule('tiered[k] * (1 - needed[k]) === 0')],
    ['an option with tiers', { option: [1n, 1n, 1n, 0n] }, rule('continues[k] * option[k] === 0')],
    ['a first row that continues something', { continues: [1n, 1n, 0n, 0n] }, rule('continues[k] === 0')],
    ['a tier at another price', { price: [7n, 8n, 9n, 0n] }, rule('continues[k] * (price[k] - price[k - 1]) === 0')],
    ['a tier of another multiplier', { multiplier: [3n, 2n, 4n, 0n] }, rule('continues[k] * (multiplier[k] - multiplier[k - 1]) === 0')],
    ['a tier with another scan, basis or exactness', { shared: [11n, 10n, 12n, 0n] }, rule('continues[k] * (shared[k] - shared[k - 1]) === 0')],
    ['a tier that charges longs less than the one below', { long: [10n, 9n, 1n, 0n] }, { ...TOO_WIDE, below: rule('longRise[k].in <==') }],
    ['a tier that charges shorts less than the one below', { short: [20n, 19n, 2n, 0n] }, { ...TOO_WIDE, below: rule('shortRise[k].in <==') }],
  ];
  for (const [name, forged, at] of refusals) it(`refuse ${name}`, async () => { await assertRefused(circuit, { ...HONEST, ...forged }, at); });
});
