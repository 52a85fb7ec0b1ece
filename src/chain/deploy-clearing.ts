import type { Signer } from 'ethers';
import { deployContract, type ReportStep } from './deploy-contract.js';
import type { CircuitToDeploy } from './deploy-verifier.js';
import { deployLiquidation } from './deploy-liquidation.js';
import type { DeployedClearing } from './deployment.js';
import { ProofBatchClient } from './proof-batch-client.js';

/** Contracts by which accounts settle on chain. */
export interface ClearingToDeploy {
  /** Seconds that every change of a venue's clearing rules waits at least. */
  readonly minTimelock: number;
}

/** What the venues of a clearing house are of. Addresses. */
export interface ClearingVenues {
  readonly registry: string;
  /** Checks proofs about single accounts. */
  readonly gate: string;
}

/**
 * Deploys batch verifier, clearing terms, clearing house, trade bonds and what liquidates accounts for a registry's venues. Nothing pays for
 * the house before a vault names it, nothing is liquidated before its terms name the contract, and it has no rules.
 *
 * @param circuits those of the registry: the batch verifier gets the keys of `account-transition` circuits, but of stand-ins, which have none
 * @throws ContractArtifactError, ContractRevertedError, ChainUnreachableError, ChainRequestError
 */
export async function deployClearing(
  signer: Signer, artifacts: string, { registry, gate }: ClearingVenues, { minTimelock }: ClearingToDeploy, circuits: readonly CircuitToDeploy[], report: ReportStep = () => undefined,
): Promise<DeployedClearing> {
  const proofBatch = await deployContract(signer, artifacts, 'ProofBatch', [], report);
  const client = new ProofBatchClient(proofBatch.address, signer);
  for (const { kind, key } of circuits) {
    if (kind === 'account-transition' && key !== undefined) report('addKey', await client.addKey(key));
  }
  const terms = await deployContract(signer, artifacts, 'ClearingTerms', [registry, minTimelock], report);
  const house = await deployContract(signer, artifacts, 'ClearingHouse', [registry, terms.address, proofBatch.address], report);
  const tradeBonds = await deployContract(signer, artifacts, 'TradeBonds', [house.address], report);
  const liquidation = await deployLiquidation(signer, artifacts, { house: house.address, gate }, minTimelock, report);
  return { house: house.address, terms: terms.address, proofBatch: proofBatch.address, tradeBonds: tradeBonds.address, liquidation };
}
