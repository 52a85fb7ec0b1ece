import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ContractFactory } from 'ethers';
import { ContractRevertedError } from '../../src/chain/errors.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { ContractCompilationError, compileContracts, compileSources } from '../../src/toolchain/contracts.js';
import { parseVerificationKey, verificationKeyHash } from '../../src/groth16/verification-key.js';
import { VerifierTemplateError, finishVerifierSource, keyWords } from '../../src/toolchain/verifier-source.js';
import { recordGas } from '../chain/gas-recorder.js';
import { MARKET, START, mockSubmission, startLocalVenue, type LocalVenue } from '../chain/local-venue.js';
import { BATCH_SIGNALS, CLOSE_SIGNALS, trapdoorSources } from './groth16-fixture.js';
import { KnownTrapdoor, renderVerifier } from './known-trapdoor.js';

const SOURCES = 'build/test/trapdoor';
const IDENTITY = { contractName: 'KeyVerifier', developmentKey: false } as const;

describe('an epoch with real pairings', function () {
  this.timeout(120_000);
  const keys = { [BATCH_SIGNALS]: new KnownTrapdoor(BATCH_SIGNALS), [CLOSE_SIGNALS]: new KnownTrapdoor(CLOSE_SIGNALS) };
  let venue: LocalVenue;
  let honest: EpochSubmission;

  before(async () => {
    await mkdir(SOURCES, { recursive: true });
    for (const [name, source] of Object.entries(trapdoorSources())) await writeFile(join(SOURCES, name), source);
    venue = await startLocalVenue({ directory: SOURCES, batch: 'TrapdoorVerifier4', close: 'TrapdoorVerifier11' });
    await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    await venue.markets.state({ commitment: MARKET, level: 'maintenance', snapshotTime: START, settlementAssets: 1, valueScale: 12 });
    await venue.client.openSnapshot();
    honest = mockSubmission(venue.deployment, 1, {}, (signals) => keys[signals.length as 4 | 11].prove(signals));
  });

  after(async () => {
    // Undefined when it could not be started.
    await (venue as LocalVenue | undefined)?.stop();
  });

  it('names its keys by the hashes TypeScript computes [S6]', () => {
    const hashes = venue.deployment.circuits.map(({ verificationKeyHash: hash }) => hash);
    const expected = Object.values(keys).map((key) => verificationKeyHash(parseVerificationKey(key.verificationKey(), 'test')));
    assert.deepEqual(hashes, expected);
  });

  it('refuses a changed word of any proof [K1]', async () => {
    const { a, b, c } = honest.close.proof;
    const bent = [{ a: [a[0] + 1n, a[1]], b, c }, { a, b: [[b[0][0] ^ 1n, b[0][1]], b[1]], c }, { a, b, c: c.toReversed() }] as unknown as (typeof honest.close.proof)[];
    for (const proof of bent) {
      await assertReverts({ ...honest, close: { ...honest.close, proof } }, 'CloseProofRejected');
      const [first, ...rest] = honest.batches;
      assert.ok(first !== undefined);
      await assertReverts({ ...honest, batches: [{ ...first, proof }, ...rest] }, 'BatchProofRejected');
    }
  });

  it('refuses coordinates of b in the order of snarkjs, which the pairing does not take', async () => {
    const [x, y] = honest.close.proof.b;
    const proof = { ...honest.close.proof, b: [[x[1], x[0]], [y[1], y[0]]] as const };
    await assertReverts({ ...honest, close: { ...honest.close, proof } }, 'CloseProofRejected');
  });

  it('refuses a proof of one circuit for another, and signals beyond the field [K2]', async () => {
    const [first, ...rest] = honest.batches;
    assert.ok(first !== undefined);
    await assertReverts({ ...honest, batches: [{ ...first, proof: honest.close.proof }, ...rest] }, 'BatchProofRejected');
    const accumulatorAfter = first.accumulatorAfter + FIELD_MODULUS;
    await assertReverts({ ...honest, batches: [{ ...first, accumulatorAfter }, ...rest] }, 'NotAFieldElement');
  });

  it('refuses another figure with the same proof', async () => {
    await assertReverts({ ...honest, close: { ...honest.close, shortfall: 0n } }, 'CloseProofRejected');
    await assertReverts({ ...honest, words: [900_000n, 0n] }, 'CloseProofRejected');
  });

  it('accepts the honest epoch once, and not again with re-randomised proofs [K4]', async () => {
    const receipt = await venue.client.submitEpoch(honest);
    recordGas('submitEpoch, 2 batches, 1 asset', receipt.gasUsed);
    assert.equal((await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1)).covered, true);
    const again = (proof: (typeof honest.close)['proof']): typeof proof => KnownTrapdoor.rerandomise(3n, 5n, proof, 77n);
    const resubmitted = {
      ...honest,
      batches: honest.batches.map((batch) => ({ ...batch, proof: again(batch.proof) })),
      close: { ...honest.close, proof: again(honest.close.proof) },
    };
    await venue.client.openSnapshot();
    await assertReverts(resubmitted, 'WrongEpoch');
  });

  it('does not deploy the verifier of a key nobody contributed to', async () => {
    const key = new KnownTrapdoor(BATCH_SIGNALS).verificationKey();
    const source = finishVerifierSource(renderVerifier({ ...key, vk_delta_2: key['vk_gamma_2'] }), IDENTITY);
    const [artifact] = compileSources('.', { 'KeyVerifier.sol': source });
    assert.ok(artifact !== undefined);
    const factory = new ContractFactory(artifact.abi as ConstructorParameters<typeof ContractFactory>[0], artifact.bytecode, venue.signer);
    await assert.rejects(factory.deploy(), (error: unknown) => error instanceof Error && 'data' in error && error.data === factory.interface.getError('KeyWithoutContribution')?.selector);
  });

  async function assertReverts(submission: EpochSubmission, errorName: string): Promise<void> {
    await assert.rejects(venue.client.submitEpoch(submission), (error: unknown) => {
      assert.ok(error instanceof ContractRevertedError, String(error));
      assert.equal(error.errorName, errorName);
      return true;
    });
  }
});

describe('the source of a generated verifier', () => {
  const template = renderVerifier(new KnownTrapdoor(BATCH_SIGNALS).verificationKey());

  it('says when its key is insecure, and only then', () => {
    assert.ok(!finishVerifierSource(template, IDENTITY).includes('INSECURE'));
    const development = finishVerifierSource(template, { ...IDENTITY, developmentKey: true });
    assert.match(development, /INSECURE development key/);
    assert.match(development, /contract KeyVerifier \{/);
    assert.match(development, /^pragma solidity 0\.8\.37;$/m);
    assert.match(development, /SPDX-License-Identifier: GPL-3\.0-or-later/);
  });

  it('is refused when the template changed', () => {
    for (const marker of ['// Validate all evaluations', 'contract Groth16Verifier {', 'pragma solidity >=0.7.0 <0.9.0;']) {
      assert.throws(() => finishVerifierSource(template.replaceAll(marker, 'changed'), IDENTITY), (error: unknown) => {
        assert.ok(error instanceof VerifierTemplateError);
        assert.ok(error.message.includes(JSON.stringify(marker)), error.message);
        return true;
      });
    }
    assert.throws(() => finishVerifierSource(`${template}// more`, IDENTITY), VerifierTemplateError);
  });

  it('holds the words of its key in the order of the hash', () => {
    const key = parseVerificationKey(new KnownTrapdoor(BATCH_SIGNALS).verificationKey(), 'test');
    assert.deepEqual(keyWords(template), [key.alpha, key.beta, key.gamma, key.delta, key.ic].flat(2));
    assert.throws(() => keyWords(template.replace('IC2y', 'IC2z')), VerifierTemplateError);
    assert.throws(() => keyWords('contract Empty {}'), VerifierTemplateError);
  });
});

describe('compiling contracts', function () {
  this.timeout(60_000);

  it('names file and line of an error, and a missing import', () => {
    assert.throws(() => compileSources('.', { 'Broken.sol': 'pragma solidity 0.8.37;\ncontract Broken { uint x = ; }' }), (error: unknown) => {
      assert.ok(error instanceof ContractCompilationError);
      assert.match(error.message, /Broken\.sol:2:/);
      return true;
    });
    const source = 'import "@nowhere/nothing.sol";';
    assert.throws(() => compileSources('.', { 'Broken.sol': source }), /@nowhere\/nothing\.sol is neither a source of this project nor in node_modules/);
  });

  it('writes nothing when a source is broken', async () => {
    const root = await mkdtemp(join(tmpdir(), 'clearproof-contracts-'));
    await writeFile(join(root, 'Broken.sol'), 'contract {');
    await assert.rejects(compileContracts({ root, directories: ['.', 'missing'], output: 'out' }), ContractCompilationError);
    assert.deepEqual(await readdir(root), ['Broken.sol']);
    await rm(root, { recursive: true });
  });

  it('gives the same byte code wherever it runs', () => {
    const sources = trapdoorSources();
    assert.deepEqual(compileSources('.', sources), compileSources(resolve('.'), sources));
  });
});
