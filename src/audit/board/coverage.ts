import type { HistoryEpoch, HistorySnapshot, VenueHistory } from '../../chain/history/venue-history.js';
import type { AssetCoverage, HeldAgainst, Losses } from './board.js';
import { derived, derivedFact, QUANTA, ratioOf, type Backed, type Figure, type Unit } from './figure.js';
import { figure, fromEvent, fromState } from './sources.js';
import { tokenUnit } from './units.js';

/** One epoch with the checkpoint it was held against and what stands behind its proven figures. */
export interface EpochOnBoard {
  readonly epoch: HistoryEpoch;
  /** Undefined where the node gave no event of it. */
  readonly snapshot: HistorySnapshot | undefined;
  /** What stands behind a public signal of the epoch's proofs. */
  readonly signal: (name: string) => Backed;
}

/**
 * Deposits and loans of each settlement asset against the reserves of the checkpoint, by the rule the registry accepted the epoch
 * under: docs/statement.md. None where the node did not give the epoch's event.
 */
export function assetCoverage(history: VenueHistory, { epoch, snapshot, signal }: EpochOnBoard): AssetCoverage[] {
  const words = epoch.announcement?.words ?? [];
  return history.settlementAssets.slice(0, words.length / 2).map(({ index, token, unitsPerQuantum }) => {
    const unit = tokenUnit(token, `asset ${index}`);
    const perQuantum = fromState('registry', 'settlementAssets');
    const deposits = figure(words[2 * index] ?? 0n, QUANTA, signal(`words[${2 * index}]`));
    const loans = figure(words[2 * index + 1] ?? 0n, QUANTA, signal(`words[${2 * index + 1}]`));
    const inTokens = (quanta: Figure): Figure => derived(quanta.value * unitsPerQuantum, unit, [quanta, perQuantum]);
    const limit = epoch.limits?.[index];
    const reserves = snapshot?.reserves[index];
    const held = limit === undefined || reserves === undefined || snapshot === undefined ? undefined : heldAgainst({
      deposits, loans, inTokens,
      maxDeposits: figure(limit.maxDeposits, QUANTA, fromState('reserves', 'limits', epoch.epoch)),
      maxLoans: figure(limit.maxLoans, QUANTA, fromState('reserves', 'limits', epoch.epoch)),
      reserves: figure(reserves, unit, fromEvent('registry', 'SnapshotOpened', snapshot.at, epoch.epoch)),
    });
    return { asset: index, deposits, loans, depositsInTokens: inTokens(deposits), loansInTokens: inTokens(loans), held };
  });
}

interface AssetTerms {
  readonly deposits: Figure;
  readonly loans: Figure;
  readonly maxDeposits: Figure;
  readonly maxLoans: Figure;
  readonly reserves: Figure;
  readonly inTokens: (quanta: Figure) => Figure;
}

function heldAgainst({ deposits, loans, maxDeposits, maxLoans, reserves, inTokens }: AssetTerms): HeldAgainst {
  const counted = loans.value < maxLoans.value ? loans.value : maxLoans.value;
  const countedLoans = derived(counted, QUANTA, [loans, maxLoans]);
  // Borrowers who owe more of an asset than all depositors together have leave nothing to hold reserves for.
  const net = deposits.value > counted ? deposits.value - counted : 0n;
  const netDeposits = derived(net, QUANTA, [deposits, countedLoans]);
  const owed = inTokens(netDeposits);
  const surplus = derived(reserves.value - owed.value, reserves.unit, [reserves, owed]);
  const beyondLimit = deposits.value > maxDeposits.value;
  const words = beyondLimit ? 'deposits above the limit' : surplus.value < 0n ? 'not covered' : 'covered';
  return {
    countedLoans, netDeposits, owed, reserves, surplus, ratio: ratioOf(reserves, owed),
    covered: derivedFact(words, [deposits, surplus, maxDeposits]),
  };
}

/**
 * The shortfall, which is what closing every account at charged prices would leave unpaid, against the fund of the checkpoint.
 *
 * @param unit value units of the venue
 */
export function lossesOf({ config, fundToken }: VenueHistory, { epoch, snapshot, signal }: EpochOnBoard, unit: Unit): Losses {
  const shortfall = figure(epoch.record.shortfall, unit, signal('shortfall'));
  if (snapshot === undefined) return { shortfall, held: undefined };
  const fund = figure(snapshot.fund, tokenUnit(fundToken, 'fund token'), fromEvent('registry', 'SnapshotOpened', snapshot.at, epoch.epoch));
  const fundValue = derived(fund.value * config.valueUnitsPerFundUnit, unit, [fund, fromState('registry', 'venue')]);
  const surplus = derived(fundValue.value - shortfall.value, unit, [fundValue, shortfall]);
  return {
    shortfall,
    held: { fund, fundValue, surplus, ratio: ratioOf(fundValue, shortfall), covered: derivedFact(surplus.value < 0n ? 'not covered' : 'covered', [surplus]) },
  };
}
