import type { Signer } from 'ethers';
import { deployContract, type ReportStep } from './deploy-contract.js';
import type { DeployedLiquidation } from './deployment.js';

/** What accounts are liquidated of, and what checks marks. Addresses. */
export interface LiquidationParts {
  readonly house: string;
  readonly gate: string;
}

/**
 * Deploys default fund, liquidations and bidders' keys for a clearing house. They do nothing for a venue before its clearing terms name the
 * liquidation contract, and before it has rules in it and in the fund.
 *
 * @param minTimelock seconds that every change of a venue's rules waits at least
 * @throws ContractArtifactError, ContractRevertedError, ChainUnreachableError, ChainRequestError
 */
export async function deployLiquidation(
  signer: Signer, artifacts: string, { house, gate }: LiquidationParts, minTimelock: number, report: ReportStep = () => undefined,
): Promise<DeployedLiquidation> {
  const poseidon6 = await deployContract(signer, artifacts, 'Poseidon6', [], report);
  const defaultFund = await deployContract(signer, artifacts, 'DefaultFund', [house, minTimelock], report);
  const liquidations = await deployContract(signer, artifacts, 'Liquidations', [house, gate, defaultFund.address, poseidon6.address, minTimelock], report);
  const bidders = await deployContract(signer, artifacts, 'LiquidationBidders', [house], report);
  return { liquidations: liquidations.address, defaultFund: defaultFund.address, bidders: bidders.address, poseidon6: poseidon6.address };
}
