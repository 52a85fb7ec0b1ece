import assert from 'node:assert/strict';
import { Interface } from 'ethers';
import { CLEARING_HOUSE_ABI, CLEARING_HOUSE_INTERFACE } from '../../src/chain/clearing-abi.js';
import { CLEARING_TERMS_ABI, CLEARING_TERMS_INTERFACE } from '../../src/chain/clearing-terms-abi.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { TRADE_BONDS_ABI, TRADE_BONDS_INTERFACE } from '../../src/chain/trade-bonds-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

type Fragments = Pick<Interface, 'fragments'>;

const WRITTEN: readonly (readonly [string, readonly string[], Interface, readonly string[]])[] = [
  ['ClearingHouse', CLEARING_HOUSE_ABI, CLEARING_HOUSE_INTERFACE, ['ClearingTerms', 'ProofBatch', 'CollateralVault', 'SolvencyRegistry', 'MarketBoard']],
  ['ClearingTerms', CLEARING_TERMS_ABI, CLEARING_TERMS_INTERFACE, ['SolvencyRegistry', 'MarketBoard', 'PriceBoard']],
  ['TradeBonds', TRADE_BONDS_ABI, TRADE_BONDS_INTERFACE, ['ClearingHouse']],
];

describe('the written interfaces of the clearing house', function () {
  this.timeout(240_000);
  const compiled = new Map<string, Interface>();
  const formats = ({ fragments }: Fragments, type: string): string[] => fragments.filter((fragment) => fragment.type === type).map((fragment) => fragment.format(type === 'error' ? 'sighash' : 'full'));
  const of = (name: string): Interface => compiled.get(name) as Interface;

  before(async () => {
    await ensureContracts({ root: '.' });
    for (const name of new Set(WRITTEN.flatMap(([contract, , , others]) => [contract, ...others]))) compiled.set(name, (await readArtifact(CONTRACT_ARTIFACTS, name)).interface);
  });

  for (const [name, own, written, others] of WRITTEN) {
    it(`of ${name} are part of the compiled contract, name by name and type by type`, () => {
      const { fragments } = new Interface(own);
      assert.equal(fragments.length, own.length, 'no line stands twice');
      for (const type of ['function', 'event']) {
        const known = new Set(formats(of(name), type));
        assert.deepEqual(formats({ fragments }, type).filter((one) => !known.has(one)), [], type);
      }
    });

    it(`of ${name} know every error that it can raise, and nothing that neither it nor what it asks can`, () => {
      const known = new Set(formats(written, 'error'));
      assert.deepEqual(formats(of(name), 'error').filter((error) => !known.has(error)), []);
      const raised = new Set([name, ...others].flatMap((contract) => formats(of(contract), 'error')));
      assert.deepEqual([...known].filter((error) => !raised.has(error)), []);
    });

    it(`of ${name} leave out no event and no call that changes something`, () => {
      const [functions, events] = ['function', 'event'].map((type) => new Set(formats(written, type))) as [Set<string>, Set<string>];
      const changing = of(name).fragments.filter((fragment) => fragment.type === 'function' && !/ (view|pure)/.test(fragment.format('full'))).map((fragment) => fragment.format('full'));
      assert.deepEqual(changing.filter((one) => !functions.has(one) && !INNER.test(one)), []);
      assert.deepEqual(formats(of(name), 'event').filter((one) => !events.has(one) && !ANNOUNCED.test(one)), []);
    });
  }
});

/** Called by the vault, or by the liquidation contract, alone. */
const INNER = /^function (creditCleared|payIn)\(/;
/** What waits in the timelock: histories read it, these clients ask for what is pending. And what OpenZeppelin announces of EIP-712. */
const ANNOUNCED = /^event (\w+Proposed|ChangeCancelled|EIP712DomainChanged)\(/;
