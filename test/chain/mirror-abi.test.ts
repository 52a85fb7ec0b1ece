import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Interface } from 'ethers';
import { BEACON_INTERFACE } from '../../src/chain/beacon-abi.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { MIRROR_ABI, MIRROR_INTERFACE } from '../../src/chain/mirror-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

/** Bytes: EIP-170, EIP-3860. */
const [RUNTIME_LIMIT, CREATION_LIMIT] = [24_576, 49_152];

describe('the written interfaces of beacon and mirror', function () {
  this.timeout(240_000);
  const compiled = async (name: string): Promise<Interface> => (await readArtifact(CONTRACT_ARTIFACTS, name)).interface;

  before(() => ensureContracts({ root: '.' }));

  it('of the beacon are the compiled contract, name by name and type by type, with every error', async () => {
    assert.deepEqual(formats(BEACON_INTERFACE), formats(await compiled('SolvencyBeacon')));
  });

  it('of the mirror too', async () => {
    assert.deepEqual(formats(new Interface(MIRROR_ABI)), formats(await compiled('SolvencyMirror')));
  });

  it('of the mirror that verifies are the compiled contract with the errors of the one that checks proofs for it', async () => {
    const [mirror, proofs] = [await compiled('ProvenSolvencyMirror'), await compiled('EpochProofs')];
    const passedOn = formats(proofs).filter((fragment) => fragment.startsWith('error '));
    assert.deepEqual(formats(MIRROR_INTERFACE), [...new Set([...formats(mirror), ...passedOn])].sort());
  });

  it('are of contracts below the size limits of the chain', async () => {
    for (const name of ['SolvencyBeacon', 'SolvencyMirror', 'ProvenSolvencyMirror', 'EpochProofs']) {
      const { bytecode, deployedBytecode } = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, `${name}.json`), 'utf8')) as Record<string, string>;
      const [created, kept] = [bytecode, deployedBytecode].map((code) => ((code as string).length - 2) / 2) as [number, number];
      assert.ok(kept < RUNTIME_LIMIT && created < CREATION_LIMIT, `${name}: ${kept} bytes, created by ${created}`);
    }
  });

  function formats({ fragments }: Interface): string[] {
    return fragments.filter(({ type }) => type !== 'constructor').map((fragment) => (fragment.type === 'error' ? `error ${fragment.format('sighash')}` : fragment.format('full'))).sort();
  }
});
