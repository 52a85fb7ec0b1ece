import assert from 'node:assert/strict';
import type { Interface } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { OMISSION_ABI, OMISSION_INTERFACE } from '../../src/chain/omission-abi.js';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

describe('the written interface of omission challenges', function () {
  this.timeout(240_000);
  let compiled: Interface;
  const formats = ({ fragments }: Pick<Interface, 'fragments'>, type?: string): string[] =>
    fragments.filter((fragment) => type === undefined || fragment.type === type).map((fragment) => fragment.format(type === 'error' ? 'sighash' : 'full'));

  before(async () => {
    await ensureContracts({ root: '.' });
    compiled = (await readArtifact(CONTRACT_ARTIFACTS, 'OmissionChallenges')).interface;
  });

  it('is part of the compiled contract, name by name and type by type', () => {
    const own = new Set(OMISSION_ABI);
    const known = new Set(formats(compiled));
    const written = OMISSION_INTERFACE.fragments.filter((fragment) => own.has(fragment.format('full')) || fragment.type !== 'error');
    assert.deepEqual(formats({ fragments: written }).filter((fragment) => !known.has(fragment)), []);
  });

  it('knows every error that the contract can raise, and those of the registry that come through it', () => {
    const written = new Set(formats(OMISSION_INTERFACE, 'error'));
    assert.deepEqual(formats(compiled, 'error').filter((error) => !written.has(error)), []);
    for (const error of ['UnknownVenue(uint256)', 'UnknownEpoch(uint256,uint256)', 'WrongCircuit(uint256,uint8,uint8)']) {
      assert.ok(written.has(error) && formats(REGISTRY_INTERFACE, 'error').includes(error), error);
    }
  });
});
