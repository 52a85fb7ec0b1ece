import { Interface, type Provider } from 'ethers';
import { CLEARING_HOUSE_INTERFACE } from './clearing-abi.js';
import { CLEARING_TERMS_INTERFACE } from './clearing-terms-abi.js';
import { DEFAULT_FUND_INTERFACE } from './default-fund-abi.js';
import type { Deployment } from './deployment.js';
import { LIQUIDATION_BIDDERS_INTERFACE } from './liquidation-bidders-abi.js';
import { LIQUIDATIONS_INTERFACE } from './liquidations-abi.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';
import { SolvencyRegistryClient } from './registry-client.js';
import { TRADE_BONDS_INTERFACE } from './trade-bonds-abi.js';
import type { KnownContract } from './transaction-trace.js';
import { VAULT_INTERFACE } from './vault-abi.js';

const TOKEN_INTERFACE = new Interface([
  'function approve(address spender, uint256 value) returns (bool)', 'function transfer(address to, uint256 value) returns (bool)',
  'event Approval(address indexed owner, address indexed spender, uint256 value)', 'event Transfer(address indexed from, address indexed to, uint256 value)',
]);

/** Contracts of a deployment that its clearing house works with, as a block explorer knows them: verified sources, and tokens. */
export async function knownContracts(provider: Provider, deployment: Deployment): Promise<KnownContract[]> {
  const { registry, vault, venueId, clearing } = deployment;
  const assets = await new SolvencyRegistryClient(registry, venueId, provider).settlementAssets();
  return [
    { name: 'SolvencyRegistry', address: registry, interface: REGISTRY_INTERFACE },
    ...(vault === undefined ? [] : [{ name: 'CollateralVault', address: vault, interface: VAULT_INTERFACE }]),
    ...(clearing === undefined ? [] : [
      { name: 'ClearingHouse', address: clearing.house, interface: CLEARING_HOUSE_INTERFACE },
      { name: 'ClearingTerms', address: clearing.terms, interface: CLEARING_TERMS_INTERFACE },
      { name: 'TradeBonds', address: clearing.tradeBonds, interface: TRADE_BONDS_INTERFACE },
      ...(clearing.liquidation === undefined ? [] : [
        { name: 'Liquidations', address: clearing.liquidation.liquidations, interface: LIQUIDATIONS_INTERFACE },
        { name: 'DefaultFund', address: clearing.liquidation.defaultFund, interface: DEFAULT_FUND_INTERFACE },
        { name: 'LiquidationBidders', address: clearing.liquidation.bidders, interface: LIQUIDATION_BIDDERS_INTERFACE },
      ]),
    ]),
    ...assets.map(({ token }, asset) => ({ name: `token of asset ${asset}`, address: token, interface: TOKEN_INTERFACE })),
  ];
}
