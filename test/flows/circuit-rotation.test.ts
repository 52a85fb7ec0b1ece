import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groth16 } from 'snarkjs';
import { serializeAttestation } from '../../src/attestation/attestation-format.js';
import { askChain } from '../../src/chain/ask-chain.js';
import { submissionOf } from '../../src/chain/attested-submission.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { CircuitClient } from '../../src/chain/circuit-client.js';
import { CIRCUIT_DELAY } from '../../src/chain/deploy.js';
import { deployVerifier } from '../../src/chain/deploy-verifier.js';
import { circuitKindOf, type CircuitKind } from '../../src/chain/deployment.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { findCircuit, readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import { developmentTrapdoor } from '../../src/groth16/development-setup/trapdoor.js';
import { proofFromSnarkjs } from '../../src/groth16/proof-json.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { solidityVerifierSource } from '../../src/groth16/solidity-verifier.js';
import { DEVELOPMENT_SECURITY, verificationKeyToJson, type VerificationKey } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { WitnessCalculator, witnessFile } from '../../src/groth16/witness-calculator.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { planEpoch } from '../../src/proving/epoch-plan.js';
import { epochShape } from '../../src/proving/epoch-shape.js';
import { proveEpoch } from '../../src/proving/prove-epoch.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { finishVerifierSource } from '../../src/toolchain/verifier-source.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { assertReverts, exactCover, fund, passTime, startVenue, statedMarket, type VenueOnChain } from './support/venue-on-chain.js';

const OLD = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit] as const;

/** A circuit of the same constraints with a key of its own. */
interface Successor {
  readonly name: string;
  readonly replaces: string;
  readonly zkey: Uint8Array;
  readonly key: VerificationKey;
  readonly witness: WitnessCalculator;
}

/** Another set-up of the same constraints, and its verifier's artefact in `folder`. */
async function successorOf(replaces: string, folder: string): Promise<Successor> {
  const name = `${replaces}-v2`;
  const file = join('build', 'circuits', replaces, `${replaces}.r1cs`);
  const zkey = await provingKeyFromTrapdoor(parseR1cs(await readFile(file), file), developmentTrapdoor(`another set-up of ${replaces}`));
  const zkeyFile = join(folder, `${name}.zkey`);
  await writeFile(zkeyFile, zkey);
  const contractName = verifierContractName(name);
  const source = finishVerifierSource(await solidityVerifierSource(zkeyFile), { contractName, developmentKey: true });
  for (const artifact of compileSources('.', { [`${contractName}.sol`]: source })) await writeFile(join(folder, `${artifact.name}.json`), JSON.stringify(artifact));
  const witness = await WitnessCalculator.load(replaces, await readFile(join('build', 'keys', `${replaces}.wasm`)));
  return { name, replaces, zkey, witness, key: { ...parseZkey(zkey, zkeyFile).verificationKey, security: DEVELOPMENT_SECURITY } };
}

describe('a rotation of keys with real proofs on a real chain', function () {
  this.timeout(300_000);
  let venue: VenueOnChain;
  let first: OnChainEpoch;
  let folder: string;
  let successors: readonly Successor[];
  let client: CircuitClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-rotation-'));
    venue = await startVenue(onChainVenue().table);
    client = new CircuitClient(venue.deployment.registry, venue.operator);
    first = await onChainEpoch(venue.location);
    successors = [await successorOf(OLD[0], folder), await successorOf(OLD[1], folder)];
    await fund(venue, exactCover(first.submission.words, first.submission.close.shortfall));
  });
  after(async () => {
    // Undefined when it could not be started.
    await (venue as VenueOnChain | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  const named = (name: string): Successor => successors.find((one) => one.name === name) as Successor;

  /** The same accounts at another time, proven in the successors. */
  async function proveInSuccessors(epoch: number, snapshotTime: number): Promise<{ readonly attestation: OnChainEpoch['attestation']; readonly submission: OnChainEpoch['submission'] }> {
    const poseidon = await bulkPoseidon();
    const table = { ...first.venue.table, snapshotTime };
    const list = await readCircuitList();
    const shape = epochShape(successors.map(({ name, replaces }) => ({ ...findCircuit(list, replaces), name })), table);
    const plan = planEpoch(poseidon, { accounts: first.venue.accounts }, table, shape, venue.location, epoch);
    const attestation = await proveEpoch({
      poseidon, concurrency: 1,
      prover: {
        prove: async (circuit, input) => {
          const { zkey, witness } = named(circuit);
          const wires = await witness.calculate(input);
          const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: witnessFile(wires) });
          return { proof: proofFromSnarkjs(proof), publicSignals: (publicSignals as readonly string[]).map(BigInt) };
        },
        close: () => Promise.resolve(),
      },
      verify: (circuit, signals, proof) => verifyProof(named(circuit).key, signals, proof),
      verificationKey: (circuit) => Promise.resolve(verificationKeyToJson(named(circuit).key)),
    }, plan, folder);
    return { attestation, submission: submissionOf(attestation, marketCommitment(poseidon, table)) };
  }

  /** And which circuits it was warned of. */
  async function verdictOf(attestation: OnChainEpoch['attestation'], epoch: number): Promise<readonly unknown[]> {
    const record = await askChain(venue.anvilUrl, { registry: venue.deployment.registry, venueId: venue.location.venueId, epoch });
    const { verdict, warnings } = await verifyAttestation({ poseidon: portablePoseidon, attestation: { file: 'attestation.json', text: serializeAttestation(attestation) }, record });
    return [verdict, warnings.flatMap((warning) => / was proven in circuit (\S+), which the registry's owner retired/.exec(warning)?.slice(1) ?? [])];
  }

  it('[P-200] goes on in the successors, and epochs verify by the key they were made with', async () => {
    await venue.markets.state(statedMarket(first.venue.table));
    await venue.client.openSnapshot();
    await venue.client.submitEpoch(first.submission);
    assert.equal(await venue.client.gateMode(), 'OPEN');

    for (const { name, replaces } of successors) {
      const circuit = await deployVerifier(venue.operator, folder, { name, kind: circuitKindOf(name) as CircuitKind });
      await client.propose(circuit, circuitIdOf(replaces));
    }
    const [{ name }] = successors as [Successor];
    await assertReverts(client.add(circuitIdOf(name)), 'CircuitNotReady');
    await passTime(venue, CIRCUIT_DELAY);
    for (const one of successors) {
      await client.add(circuitIdOf(one.name));
      await client.cacheDomain(venue.location.venueId, circuitIdOf(one.name));
    }

    const now = await latestTimestamp(venue.connection.provider);
    await venue.markets.state(statedMarket({ ...first.venue.table, snapshotTime: now }));
    await venue.client.openSnapshot();
    const second = await proveInSuccessors(2, now);
    await venue.client.submitEpoch(second.submission);
    assert.equal(await venue.client.gateMode(), 'OPEN');

    for (const one of OLD) await client.retire(circuitIdOf(one));
    assert.equal(await venue.client.gateMode(), 'OPEN', 'the latest epoch rests on the successors');
    assert.deepEqual([await verdictOf(first.attestation, 1), await verdictOf(second.attestation, 2)], [['verified', [...OLD]], ['verified', []]]);

    await venue.client.openSnapshot();
    const again = { ...first.submission, epoch: 3, marketCommitment: second.submission.marketCommitment };
    await assertReverts(venue.client.submitEpoch(again), 'CircuitIsRetired', { circuitId: String(circuitIdOf(OLD[0])) });
    await client.retire(circuitIdOf(name));
    assert.equal(await venue.client.gateMode(), 'HALT', 'of an epoch that rests on a retired key');
  });
});
