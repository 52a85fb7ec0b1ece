import assert from 'node:assert/strict';
import type { Interface } from 'ethers';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { CONTRACT_ARTIFACTS, compileContracts } from '../../src/toolchain/contracts.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';

describe('the written interface of the registry', function () {
  this.timeout(60_000);
  let compiled: Interface;

  before(async () => {
    await compileContracts({ root: '.' });
    compiled = (await readArtifact(CONTRACT_ARTIFACTS, 'SolvencyRegistry')).interface;
  });

  it('is part of the compiled contract, name by name and type by type', () => {
    const all = new Set(compiled.fragments.map((fragment) => fragment.format('full')));
    for (const fragment of REGISTRY_INTERFACE.fragments) {
      assert.ok(all.has(fragment.format('full')), `the contract has no ${fragment.format('full')}`);
    }
  });

  it('knows every error the contract can raise', () => {
    const errors = (source: Interface): string[] => source.fragments.filter(({ type }) => type === 'error').map((fragment) => fragment.format()).sort();
    assert.deepEqual(errors(REGISTRY_INTERFACE), errors(compiled));
  });

  it('has contracts below the size limit of the chain', async () => {
    for (const name of ['SolvencyRegistry', 'ReserveEscrow']) {
      const { bytecode } = await readArtifact(CONTRACT_ARTIFACTS, name);
      assert.ok(bytecode.length / 2 < 24_576, `${name}: ${bytecode.length / 2} bytes`);
    }
  });
});
