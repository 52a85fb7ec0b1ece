import { chainError } from '../contract-call.js';
import { ESCROW_HISTORY, RESERVES_HISTORY, TOKEN_HISTORY, VAULT_HISTORY } from './history-events.js';
import { NodeContradictionError } from './history-errors.js';
import type { HistoryEvent } from './log-reader.js';
import { PinnedState } from './pinned-state.js';
import type { HistoryPlace } from './history-place.js';
import { venueTopic, type RegistryPart } from './read-registry.js';
import { readVault } from './read-vault.js';
import type { AssetCoverage, AssetLedger, EscrowMovement, ReserveHistory } from './reserve-history.js';
import type { RpcReader } from './rpc-source.js';
import type { TimelockChange } from './timelock-changes.js';
import type { HistoryEpoch, HistoryGap } from './venue-history.js';

const STATES: readonly ReserveHistory['state'][] = ['open', 'paused', 'closed'];

export interface ReservesPart {
  readonly reserves: ReserveHistory;
  readonly changes: readonly TimelockChange[];
  readonly gaps: readonly HistoryGap[];
}

/** Ledgers, limits and movements of whatever holds the venue's reserves. @throws NodeContradictionError */
export async function readReserves(place: HistoryPlace, rpc: RpcReader, { config, settlementAssets }: RegistryPart): Promise<ReservesPart> {
  const { state, venueId } = place;
  const address = config.reserves;
  const tokens = settlementAssets.map(({ token }) => token.address);
  const shared = {
    address,
    state: stateOf(await state.value(address, RESERVES_HISTORY, 'state', [venueId]) as bigint),
    limits: await limitsAt(state, address, venueId, tokens.length),
  };
  const fundBalance = await state.tryValue(config.fundToken, TOKEN_HISTORY, 'balanceOf', [address]);
  const tokenBalance = typeof fundBalance === 'bigint' ? fundBalance : undefined;
  if (await state.tryValue(address, VAULT_HISTORY, 'newestStanding', [venueId]) !== undefined) {
    const { vault, ledgers, fund, fundMovements, changes, gaps } = await readVault(place, rpc, address, tokens);
    return { reserves: { ...shared, kind: 'vault', ledgers, fund: { amount: fund, tokenBalance }, fundMovements, vault, escrowMovements: [] }, changes, gaps };
  }
  const fund = await state.tryValue(address, ESCROW_HISTORY, 'fundOf', [venueId, config.fundToken]);
  const none = { vault: undefined, changes: [], gaps: [] };
  if (typeof fund !== 'bigint') {
    const reserves: ReserveHistory = { ...shared, kind: 'other', ledgers: [], fund: { amount: undefined, tokenBalance }, fundMovements: [], vault: undefined, escrowMovements: [] };
    return { ...none, reserves };
  }
  const events = await place.logs.read(address, ESCROW_HISTORY, [null, venueTopic(venueId)]);
  const movements = events.flatMap(movement);
  const reserves: ReserveHistory = {
    ...shared, kind: 'escrow', ledgers: await escrowLedgers(place, address, tokens), fund: { amount: fund, tokenBalance }, vault: undefined,
    fundMovements: movements.filter(({ of }) => of === 'fund').map(({ moved }) => moved), escrowMovements: movements.filter(({ of }) => of === 'reserves').map(({ moved }) => moved),
  };
  return { ...none, reserves };
}

function stateOf(code: bigint): ReserveHistory['state'] {
  const state = STATES[Number(code)];
  if (state === undefined) throw new NodeContradictionError(`the reserve source is in state ${code}, which there is not: ask another node`, { code });
  return state;
}

async function limitsAt(state: PinnedState, address: string, venueId: bigint, count: number): Promise<AssetCoverage[]> {
  const list = await state.value(address, RESERVES_HISTORY, 'limits', [venueId, count]) as readonly (readonly [bigint, bigint])[];
  return [...list].map(([maxDeposits, maxLoans]) => ({ maxDeposits, maxLoans }));
}

function movement({ name, args, at }: HistoryEvent): { readonly of: 'fund' | 'reserves'; readonly moved: EscrowMovement }[] {
  const direction = name.endsWith('Deposited') ? 'in' : 'out';
  const [account, amount] = [args.getValue(direction === 'in' ? 'from' : 'to') as string, args.getValue(direction === 'in' ? 'received' : 'amount') as bigint];
  return [{ of: name.startsWith('Fund') ? 'fund' : 'reserves', moved: { direction, account, amount, token: args.getValue('token') as string, at } }];
}

async function escrowLedgers({ state, venueId }: HistoryPlace, address: string, tokens: readonly string[]): Promise<AssetLedger[]> {
  return Promise.all(tokens.map(async (token, asset) => {
    const balance = await state.tryValue(token, TOKEN_HISTORY, 'balanceOf', [address]);
    return {
      asset, tree: await state.value(address, ESCROW_HISTORY, 'reservesOf', [venueId, token]) as bigint, cleared: 0n, pending: 0n, exits: 0n,
      tokenBalance: typeof balance === 'bigint' ? balance : undefined,
    };
  }));
}

/**
 * Limits that each epoch was accepted under. A vault's follow from its events, exact to the transaction; other sources are asked for the
 * state of the block, which nodes without old state do not have.
 */
export async function readLimits(
  place: HistoryPlace, rpc: RpcReader, { reserves }: ReservesPart, epochs: readonly Omit<HistoryEpoch, 'limits'>[],
): Promise<{ readonly epochs: HistoryEpoch[]; readonly gaps: HistoryGap[] }> {
  const gaps: HistoryGap[] = [];
  const limited = await Promise.all(epochs.map(async (epoch) => {
    const { announcement } = epoch;
    if (announcement === undefined) return { ...epoch, limits: undefined };
    const count = announcement.words.length / 2;
    const limits = reserves.vault !== undefined && place.fromBlock === 0
      ? limitsFromEvents(reserves.vault, announcement.at, count)
      : await limitsInBlock(place, rpc, reserves.address, announcement.at, count);
    if (limits === undefined) gaps.push({ kind: 'limits-unavailable', epoch: epoch.epoch, detail: `the node keeps no state of block ${announcement.at.block}, in which epoch ${epoch.epoch} was held against the limits of its reserves` });
    return { ...epoch, limits };
  }));
  return { epochs: limited.map((epoch) => Object.freeze(epoch)), gaps };
}

type Place = NonNullable<HistoryEpoch['announcement']>['at'];

function limitsFromEvents({ limitChanges }: NonNullable<ReserveHistory['vault']>, at: Place, count: number): AssetCoverage[] {
  const limits: AssetCoverage[] = Array.from({ length: count }, () => ({ maxDeposits: 0n, maxLoans: 0n }));
  for (const { limits: changed, at: changedAt } of limitChanges) {
    if (changedAt.block > at.block || (changedAt.block === at.block && changedAt.logIndex > at.logIndex)) break;
    for (const { asset, coverage } of changed) if (asset < count) limits[asset] = coverage;
  }
  return limits;
}

async function limitsInBlock({ venueId }: HistoryPlace, rpc: RpcReader, address: string, at: Place, count: number): Promise<AssetCoverage[] | undefined> {
  const state = new PinnedState(rpc, { number: at.block, hash: at.blockHash, time: at.time });
  try {
    return await limitsAt(state, address, venueId, count);
  } catch (cause) {
    const error = chainError(cause, 'reading limits');
    // What a node that prunes says; whether it does is not told apart from other refusals anywhere.
    if (error.code === 'CHAIN_REQUEST') return undefined;
    throw error;
  }
}

