import type { DisputeHistory } from '../../../src/chain/history/dispute-history.js';
import type { VaultHistory } from '../../../src/chain/history/reserve-history.js';
import type { EventPlace } from '../../../src/chain/history/event-place.js';
import type { HistoryEpoch, HistorySnapshot, StoredEpochRecord, VenueHistory, VenueSettings } from '../../../src/chain/history/venue-history.js';
import type { VaultRules } from '../../../src/chain/vault-venue-client.js';

export const START = 1_900_000_000;
export const HOUR = 3_600;
export const BATCH = 11n;
export const CLOSE = 12n;
export const ADDRESS = (digit: string): string => `0x${digit.repeat(40)}`;

/** Block n is n minutes after START; every event has a transaction of its own. */
export function at(block: number, logIndex = 0): EventPlace {
  return { block, blockHash: `0x${'b'.repeat(64)}`, time: START + 60 * block, transaction: `0x${block.toString(16).padStart(60, '0')}${logIndex.toString(16).padStart(4, '0')}`, logIndex };
}

export const RULES: VaultRules = {
  timelock: 8 * HOUR, payoutTableAge: 600, demandWindow: 600, answerWindow: 600, requestDelay: HOUR, hatchAfter: 8 * HOUR, claimWindow: HOUR, limitWindow: HOUR, demandBond: 5n,
};

const CONFIG: VenueSettings = {
  admin: ADDRESS('1'), operator: ADDRESS('2'), parameterAdmin: ADDRESS('3'), reserves: ADDRESS('4'), markets: ADDRESS('5'), disputes: ADDRESS('6'), fundToken: ADDRESS('7'),
  valueUnitsPerFundUnit: 1_000_000n, valueScale: 12, staleAfter: HOUR, haltAfter: 24 * HOUR, maxSubmissionAge: HOUR, marketTolerance: 600,
};

export const VAULT: VaultHistory = {
  rules: RULES, minTimelock: HOUR, vaultLimits: [], ruleChanges: [{ rules: RULES, at: at(2) }], limitChanges: [], pauses: [], clearingHouse: undefined,
  clearingHouseChanges: [], newestStanding: 0, deposits: [], payouts: [], requests: [], demands: [], hatch: undefined,
};

export const DISPUTES: DisputeHistory = { address: ADDRESS('6'), challengeWindow: 600, answerWindow: 600, bond: 9n, disputedSince: undefined, signers: [], challenges: [] };

/** A venue with a vault, two assets of 6 and 8 decimals, and no epoch yet. The block is 600 minutes after START. */
export function emptyHistory(change: Partial<VenueHistory> = {}): VenueHistory {
  return {
    chainId: 31337n, registry: ADDRESS('a'), venueId: 7n, base: 99n, readAt: { number: 600, hash: `0x${'c'.repeat(64)}`, time: START + 36_000 }, fromBlock: 0,
    config: CONFIG, registered: { config: CONFIG, at: at(1) }, roleChanges: [], pendingAdmin: undefined,
    circuits: [
      { circuitId: BATCH, kind: 'batch', verifier: ADDRESS('8'), verificationKeyHash: `0x${'1'.repeat(64)}`, developmentKey: false, addedAt: at(1), retiredAt: undefined },
      { circuitId: CLOSE, kind: 'close', verifier: ADDRESS('9'), verificationKeyHash: `0x${'2'.repeat(64)}`, developmentKey: false, addedAt: at(1), retiredAt: undefined },
    ],
    proposedCircuits: [],
    settlementAssets: [
      { index: 0, token: { address: ADDRESS('7'), symbol: 'USDC', decimals: 6 }, unitsPerQuantum: 10_000n, at: at(1, 1) },
      { index: 1, token: { address: ADDRESS('b'), symbol: 'WBTC', decimals: 8 }, unitsPerQuantum: 1n, at: at(1, 2) },
    ],
    fundToken: { address: ADDRESS('7'), symbol: 'USDC', decimals: 6 }, snapshots: [], epochs: [],
    markets: { kind: 'board', address: ADDRESS('5'), tables: [], board: undefined }, prices: undefined,
    reserves: {
      kind: 'vault', address: ADDRESS('4'), state: 'open', limits: [], ledgers: [], fund: { amount: 50n, tokenBalance: 50n }, fundMovements: [], vault: VAULT, escrowMovements: [],
    },
    changes: [], disputes: DISPUTES, gate: { mode: 'halt', reasons: ['no-epoch'], age: undefined }, gaps: [], ...change,
  };
}

/** What a test says of an epoch; the rest is an honest one's. */
export interface EpochDraft {
  readonly epoch: number;
  /** Block of the snapshot; acceptance is two blocks later. */
  readonly block: number;
  readonly words?: readonly bigint[];
  readonly reserves?: readonly bigint[];
  readonly fund?: bigint;
  readonly record?: Partial<StoredEpochRecord>;
  readonly limits?: HistoryEpoch['limits'];
  /** Blocks of earlier snapshots that this one replaced. */
  readonly replaced?: readonly number[];
}

const UNLIMITED = { maxDeposits: 2n ** 128n - 1n, maxLoans: 2n ** 128n - 1n };

/** Deposits of 10,000.00 USDC and 2 WBTC, loans of 500.00 USDC, covered to the unit; shortfall of 30 fund units against 50. */
export function epochOf({ epoch, block, words, record, limits }: EpochDraft): HistoryEpoch {
  const acceptance = at(block + 2);
  return {
    epoch,
    record: {
      marketCommitment: 5n, genesisAccumulator: 1n, finalAccumulator: 2n, accountsRoot: 3n, accountsBound: 32n, unhealthyBound: 1n, shortfall: 30_000_000n, detailHash: `0x${'d'.repeat(64)}`,
      snapshotTime: at(block).time, acceptedAt: acceptance.time, acceptedInBlock: acceptance.block, covered: true, ...record,
    },
    announcement: { words: words ?? [1_000_000n, 50_000n, 200_000_000n, 0n], circuits: { batches: [BATCH], parts: [], close: CLOSE }, at: acceptance },
    market: { level: 'maintenance', snapshotTime: at(block).time, settlementAssets: 2 },
    limits: limits ?? [UNLIMITED, UNLIMITED],
  };
}

export function snapshotsOf({ epoch, block, reserves, fund, replaced }: EpochDraft): HistorySnapshot[] {
  const opened = (place: number, isReplaced: boolean): HistorySnapshot => ({
    epoch, openedAt: at(place).time, fund: fund ?? 50n, reserves: reserves ?? [9_500_000_000n, 200_000_000n], replaced: isReplaced, at: at(place),
  });
  return [...(replaced ?? []).map((place) => opened(place, true)), opened(block, false)];
}

export function historyOf(drafts: readonly EpochDraft[], change: Partial<VenueHistory> = {}): VenueHistory {
  const epochs = drafts.map(epochOf);
  const latest = epochs.at(-1);
  const readAt = change.readAt ?? { number: 600, hash: `0x${'c'.repeat(64)}`, time: START + 36_000 };
  return emptyHistory({
    epochs, snapshots: drafts.flatMap(snapshotsOf),
    gate: { mode: 'open', reasons: [], age: latest === undefined ? undefined : readAt.time - latest.record.snapshotTime }, ...change,
  });
}
