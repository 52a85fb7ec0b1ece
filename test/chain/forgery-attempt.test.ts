import assert from 'node:assert/strict';
import { ContractFactory, type InterfaceAbi } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { attemptOnVerifier, verifierTarget } from '../../src/chain/forgery-attempt.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { GENERATOR_G2 } from '../../src/groth16/curve-points.js';
import { forgeWithKnownTrapdoor } from '../../src/groth16/development-setup/trapdoor-forgery.js';
import { attemptedSignals, forgeByRelation, WITHOUT_CONTRIBUTION } from '../../src/groth16/forgery.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyToJson, type VerificationKey } from '../../src/groth16/verification-key.js';
import { codeHash } from '../../src/groth16/verifier-code.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { finishVerifierSource } from '../../src/toolchain/verifier-source.js';
import { renderVerifier } from '../contracts/known-trapdoor.js';

describe('a forgery attempt on a deployed verifier', function () {
  this.timeout(60_000);
  let node: AnvilNode;
  let chain: ChainConnection;
  let key: VerificationKey;
  before(async () => {
    node = await startAnvil();
    chain = await connectChain(node.url);
    key = await loadVerificationKey('build/keys', 'row-mark-s2');
  });
  after(async () => {
    chain.close();
    await node.stop();
    await releaseCurves();
  });

  async function deploy(source: string): Promise<string> {
    const [artifact] = compileSources('.', { 'Verifier.sol': source });
    assert.ok(artifact);
    const contract = await new ContractFactory(artifact.abi as InterfaceAbi, artifact.bytecode, anvilWallet(0, chain.provider)).deploy();
    await contract.waitForDeployment();
    return contract.getAddress();
  }
  const finished = (of: VerificationKey): string => finishVerifierSource(renderVerifier(verificationKeyToJson(of)), { contractName: 'Verifier', developmentKey: true });

  it('is refused with its controls, and succeeds with the public secrets of a development key: that is what INSECURE means [S2] [S12]', async () => {
    const address = await deploy(finished(key));
    assert.deepEqual(await attemptOnVerifier(chain.provider, address, { key }, 'row-mark-s2'), { target: `the verifier at ${address}`, refused: 2, controls: 2 });
    const signals = attemptedSignals(key);
    const proof = await forgeWithKnownTrapdoor(key, signals);
    assert.ok(proof);
    assert.equal(await (await verifierTarget(chain.provider, address, { key }, 'k')).takes(signals, proof), true);
  });

  it("succeeds on snarkjs' own template with a key that nobody contributed to [S2]", async () => {
    const weak = { ...key, delta: GENERATOR_G2 };
    const address = await deploy(renderVerifier(verificationKeyToJson(weak)).replace('pragma solidity >=0.7.0 <0.9.0;', 'pragma solidity 0.8.37;'));
    const signals = attemptedSignals(weak);
    const proof = await forgeByRelation(weak, signals, WITHOUT_CONTRIBUTION);
    assert.ok(proof);
    assert.equal(await (await verifierTarget(chain.provider, address, { key: weak }, 'k')).takes(signals, proof), true);
    await assert.rejects(attemptOnVerifier(chain.provider, address, { key: weak }, 'k'), { code: 'FORGERY_TAKEN', message: /takes a forged proof/ });
  });

  it('is not made on code that holds the key and is not the manifest\'s: something else could decide [S8]', async () => {
    const source = finished(key);
    const addressOf = async (code: string): Promise<readonly [string, string]> => {
      const address = await deploy(code);
      return [address, codeHash(await chain.provider.getCode(address))];
    };
    const [good, runtimeCodeHash] = await addressOf(source);
    // The whole key, and a way in for whoever knows the number.
    const [bad] = await addressOf(source.replace(/function verifyProof\([^)]*\)[^{]*\{/, (head) => `${head} if (_pA[0] == 42) return true;`));
    const verifier = { contract: 'Verifier', creationCodeHash: `0x${'00'.repeat(32)}`, runtimeCodeHash };
    assert.equal((await attemptOnVerifier(chain.provider, good, { key, verifier }, 'row-mark-s2')).refused, 2);
    assert.equal((await attemptOnVerifier(chain.provider, bad, { key }, 'row-mark-s2')).refused, 2, 'the key alone does not tell');
    const proof = { a: [42n, 1n], b: key.beta, c: key.alpha } as const;
    assert.equal(await (await verifierTarget(chain.provider, bad, { key }, 'k')).takes(attemptedSignals(key), proof), true);
    await assert.rejects(attemptOnVerifier(chain.provider, bad, { key, verifier }, 'row-mark-s2'), { code: 'VERIFIER_CODE', message: /has code with hash 0x[0-9a-f]{64}, the manifest says 0x[0-9a-f]{64}/ });
  });

  it('is not made on code that holds another key, or where there is none [S6]', async () => {
    const address = await deploy(finished(key));
    const other = await loadVerificationKey('build/keys', 'row-mark-s8');
    await assert.rejects(attemptOnVerifier(chain.provider, address, { key: other }, 'row-mark-s8'), { code: 'VERIFIER_CODE', message: /does not hold the key/ });
    await assert.rejects(attemptOnVerifier(chain.provider, `0x${'11'.repeat(20)}`, { key }, 'k'), { code: 'NO_CONTRACT' });
  });
});
