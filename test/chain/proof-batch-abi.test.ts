import assert from 'node:assert/strict';
import type { Interface } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { PROOF_BATCH_INTERFACE } from '../../src/chain/proof-batch-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

describe('the written interface of the batch verifier', function () {
  this.timeout(240_000);

  it('is the compiled contract, name by name and type by type, with every error', async () => {
    await ensureContracts({ root: '.' });
    const compiled = (await readArtifact(CONTRACT_ARTIFACTS, 'ProofBatch')).interface;
    assert.deepEqual(formats(PROOF_BATCH_INTERFACE), formats(compiled));
  });

  function formats({ fragments }: Interface): string[] {
    return fragments.map((fragment) => fragment.format(fragment.type === 'error' ? 'sighash' : 'full')).sort();
  }
});
