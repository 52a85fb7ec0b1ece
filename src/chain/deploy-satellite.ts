import type { Signer } from 'ethers';
import { deployContract, type ReportStep } from './deploy-contract.js';
import type { SatelliteRules, SatelliteToken } from './satellite-vault-client.js';

/** What a satellite is made with, for good. Addresses are of its own chain, but the hub's. */
export interface SatelliteParts {
  /** Proposes gateways; an address without a key where nobody shall. */
  readonly admin: string;
  readonly homeChainId: bigint;
  readonly hub: string;
  /** Of the home registry. */
  readonly mirror: string;
  readonly venueId: bigint;
  /** The least deposit is a quantum where none is named. */
  readonly tokens: readonly (Omit<SatelliteToken, 'minDeposit'> & { readonly minDeposit?: bigint })[];
  readonly rules: SatelliteRules;
  readonly gateways: { readonly gateways: readonly string[]; readonly threshold: number };
  /** Seconds: at least `hatchAfter` and `claimWindow` together. */
  readonly gatewayDelay: number;
}

/** Deploys the hub of a registry, on its chain. @param gatewayDelay seconds that satellites and gateways wait @returns its address */
export async function deploySatelliteHub(
  signer: Signer, artifacts: string, registry: string, gatewayDelay: number, report: ReportStep = () => undefined,
): Promise<string> {
  return (await deployContract(signer, artifacts, 'SatelliteHub', [registry, gatewayDelay], report)).address;
}

/** Deploys a satellite. It takes deposits at once, which count nothing before the venue enrols it. @returns its address */
export async function deploySatellite(signer: Signer, artifacts: string, parts: SatelliteParts, report: ReportStep = () => undefined): Promise<string> {
  const { admin, homeChainId, hub, mirror, venueId, tokens, rules, gateways, gatewayDelay } = parts;
  const list = tokens.map((token) => ({ ...token, minDeposit: token.minDeposit ?? token.unitsPerQuantum }));
  const values = [admin, homeChainId, hub, mirror, venueId, list, rules, gateways, gatewayDelay];
  return (await deployContract(signer, artifacts, 'SatelliteVault', values, report)).address;
}
