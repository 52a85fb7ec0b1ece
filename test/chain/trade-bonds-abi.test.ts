import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Interface, type Fragment } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { TRADE_BONDS_ABI } from '../../src/chain/trade-bonds-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

/** Bytes: EIP-170. */
const RUNTIME_LIMIT = 24_576;
/** Of EIP-712, which clients compute themselves. */
const LEFT_OUT = /^(constructor|event EIP712DomainChanged|function eip712Domain)\(/u;

describe('the written interface of trade bonds', function () {
  this.timeout(240_000);
  let compiled: Interface;

  before(async () => {
    await ensureContracts({ root: '.' });
    compiled = (await readArtifact(CONTRACT_ARTIFACTS, 'TradeBonds')).interface;
  });

  it('is the compiled contract, name by name and type by type', () => {
    const own = new Set(new Interface(TRADE_BONDS_ABI).fragments.map(spelt));
    assert.equal(own.size, TRADE_BONDS_ABI.length, 'no line twice');
    const there = compiled.fragments.map(spelt);
    assert.deepEqual([...own].filter((one) => !there.includes(one)), [], 'nothing that is not there');
    assert.deepEqual(there.filter((one) => !own.has(one) && !LEFT_OUT.test(one)), [], 'nothing left out');
  });

  it('is of a contract below the size limit of the chain', async () => {
    const { deployedBytecode } = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, 'TradeBonds.json'), 'utf8')) as Record<string, string>;
    const size = ((deployedBytecode as string).length - 2) / 2;
    assert.ok(size > 0 && size < RUNTIME_LIMIT, `${size} bytes`);
  });
});

/** Types without names of parameters, and what a function answers; of an event also what is indexed. */
function spelt(fragment: Fragment): string {
  return fragment.format('minimal');
}
