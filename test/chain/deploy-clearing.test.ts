import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contract } from 'ethers';
import { ClearingTermsClient } from '../../src/chain/clearing-terms-client.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { deployClearproof } from '../../src/chain/deploy.js';
import { deployClearing } from '../../src/chain/deploy-clearing.js';
import { clearingOf, liquidationOf, type DeployedClearing } from '../../src/chain/deployment.js';
import { ReservesError } from '../../src/chain/errors.js';
import { LiquidationsClient } from '../../src/chain/liquidations-client.js';
import { ProofBatchClient } from '../../src/chain/proof-batch-client.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyHash } from '../../src/groth16/verification-key.js';
import { ACCOUNT_SHAPE } from '../builders/account.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { KEYS, onChainVenue } from '../builders/on-chain-epoch.js';
import { ARTIFACTS, deployVenue, type DeployedVenue } from '../flows/support/venue-on-chain.js';

const MIN_TIMELOCK = 3_600;
/** Bytes: EIP-170, EIP-3860. */
const [RUNTIME_LIMIT, CREATION_LIMIT] = [24_576, 49_152];

describe('a clearing house on a chain', function () {
  this.timeout(120_000);
  let venue: DeployedVenue;

  before(async () => {
    venue = await deployVenue(onChainVenue().table, { vault: { minTimelock: MIN_TIMELOCK } }, [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit], { clearing: { minTimelock: 2 * MIN_TIMELOCK } });
  });
  after(async () => {
    await (venue as DeployedVenue | undefined)?.stop();
  });

  it('is deployed after the venue, with its parts, each naming those it reads', async () => {
    const clearing = clearingOf(venue.deployment);
    assert.deepEqual(await partsOf(clearing), { registry: venue.deployment.registry, terms: clearing.terms, batch: clearing.proofBatch, bondsOf: clearing.house, timelock: BigInt(2 * MIN_TIMELOCK) });
    const steps = venue.steps.map(([step]) => step);
    assert.deepEqual(steps.slice(steps.indexOf('registerVenue') + 1), [
      'deploy ProofBatch', 'deploy ClearingTerms', 'deploy ClearingHouse', 'deploy TradeBonds', 'deploy Poseidon6', 'deploy DefaultFund', 'deploy Liquidations', 'deploy LiquidationBidders',
    ]);
  });

  it('comes with what liquidates its accounts: a fund and a contract of this house, whose marks the gate checks, that no venue has named yet', async () => {
    const { house, terms } = clearingOf(venue.deployment);
    const { liquidations, defaultFund, bidders } = liquidationOf(venue.deployment);
    const client = new LiquidationsClient(liquidations, venue.deployment.venueId, venue.operator);
    assert.deepEqual(await client.parts(), { house, proofs: venue.deployment.gate, fund: defaultFund });
    assert.deepEqual(await Promise.all([['DefaultFund', defaultFund], ['LiquidationBidders', bidders]].map(([name, address]) => read(name as string, address as string, 'HOUSE'))), [house, house]);
    assert.deepEqual(await Promise.all([['DefaultFund', defaultFund], ['Liquidations', liquidations]].map(([name, address]) => read(name as string, address as string, 'MIN_TIMELOCK'))), [BigInt(2 * MIN_TIMELOCK), BigInt(2 * MIN_TIMELOCK)]);
    assert.deepEqual([await new ClearingTermsClient(terms, venue.deployment.venueId, venue.operator).liquidations(), await client.rules()], [undefined, undefined]);
  });

  it('has the keys of transition circuits in its batch verifier, and of no others', async () => {
    const { operator, deployment } = venue;
    const key = await loadVerificationKey(KEYS, ACCOUNT_SHAPE.signerCircuit);
    const other = await loadVerificationKey(KEYS, ACCOUNT_SHAPE.markCircuit);
    const circuits = [
      { name: 'account-transition-any', kind: 'account-transition', key }, { name: 'account-transition-stand-in', kind: 'account-transition' }, { name: ACCOUNT_SHAPE.markCircuit, kind: 'row-mark', key: other },
    ] as const;
    const { proofBatch } = await deployClearing(operator, ARTIFACTS, deployment, { minTimelock: MIN_TIMELOCK }, circuits);
    const batch = new ProofBatchClient(proofBatch, operator);
    assert.deepEqual(await Promise.all([key, other].map((one) => batch.hasKey(verificationKeyHash(one)))), [true, false]);
  });

  it('is refused beside an escrow, before anything is paid for', async () => {
    const { operator, deployment } = venue;
    const nonce = await operator.getNonce();
    const request = {
      artifacts: ARTIFACTS, circuits: [], markets: 'stated', allowedTokens: [], clearing: { minTimelock: MIN_TIMELOCK },
      venue: { venueId: 8n, fundToken: deployment.fundToken, valueUnitsPerFundUnit: 1n, valueScale: 12, staleAfter: 1, haltAfter: 2, maxSubmissionAge: 1, marketTolerance: 1 },
    } as const;
    await assert.rejects(deployClearproof(operator, request), (error: unknown) => {
      assert.ok(error instanceof ReservesError, String(error));
      assert.match(error.message, /venue 8 keeps its reserves in an escrow, and a clearing house pays from a vault/);
      return true;
    });
    assert.equal(await operator.getNonce(), nonce);
  });

  it('is of contracts below the size limits of the chain', async () => {
    for (const name of ['ProofBatch', 'ClearingTerms', 'ClearingHouse', 'TradeBonds', 'DefaultFund', 'Liquidations', 'LiquidationBidders']) {
      const { bytecode, deployedBytecode } = JSON.parse(await readFile(join(ARTIFACTS, `${name}.json`), 'utf8')) as Record<string, string>;
      const [created, kept] = [bytecode, deployedBytecode].map((code) => ((code as string).length - 2) / 2) as [number, number];
      assert.ok(kept < RUNTIME_LIMIT && created < CREATION_LIMIT, `${name}: ${kept} bytes, created by ${created}`);
    }
  });

  async function read(name: string, address: string, view: string): Promise<unknown> {
    return new Contract(address, (await readArtifact(ARTIFACTS, name)).interface, venue.operator).getFunction(view).staticCall();
  }

  async function partsOf({ house, terms, tradeBonds }: DeployedClearing): Promise<Record<string, unknown>> {
    const [registry, itsTerms, batch, bondsOf, timelock] = await Promise.all([
      read('ClearingHouse', house, 'REGISTRY'), read('ClearingHouse', house, 'TERMS'), read('ClearingHouse', house, 'BATCH'), read('TradeBonds', tradeBonds, 'HOUSE'), read('ClearingTerms', terms, 'MIN_TIMELOCK'),
    ]);
    return { registry, terms: itsTerms, batch, bondsOf, timelock };
  }
});
