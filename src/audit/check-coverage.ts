import type { HistoryEpoch, VenueHistory } from '../chain/history/venue-history.js';
import { finding, type AuditFinding } from './audit-finding.js';
import { snapshotOf } from './epoch-snapshot.js';

/** What an epoch owed of one asset and what was there for it. Token base units, but deposits and loans in quanta. */
export interface AssetCover {
  readonly asset: number;
  readonly deposits: bigint;
  readonly loans: bigint;
  readonly owed: bigint;
  readonly reserves: bigint;
  readonly covered: boolean;
}

/** Coverage computed again from what the chain has. Fund in fund token base units, shortfall rounded up to them. */
export interface EpochCover {
  readonly assets: readonly AssetCover[];
  readonly shortfall: bigint;
  readonly fund: bigint;
  readonly covered: boolean;
}

/** Undefined where words, checkpoint or limits are not known. */
export function coverOf(epoch: HistoryEpoch, history: VenueHistory): EpochCover | undefined {
  const { announcement, limits, record } = epoch;
  const snapshot = snapshotOf(epoch, history);
  if (announcement === undefined || limits === undefined || snapshot === undefined) return undefined;
  const assets = limits.map(({ maxDeposits, maxLoans }, asset): AssetCover => {
    const [deposits, loans] = [announcement.words[2 * asset] ?? 0n, announcement.words[2 * asset + 1] ?? 0n];
    const counted = loans > maxLoans ? maxLoans : loans;
    const owed = (deposits > counted ? deposits - counted : 0n) * (history.settlementAssets[asset]?.unitsPerQuantum ?? 0n);
    const reserves = snapshot.reserves[asset] ?? 0n;
    return { asset, deposits, loans, owed, reserves, covered: deposits <= maxDeposits && owed <= reserves };
  });
  const { valueUnitsPerFundUnit: unit } = history.config;
  const shortfall = (record.shortfall + unit - 1n) / unit;
  return { assets, shortfall, fund: snapshot.fund, covered: assets.every(({ covered }) => covered) && shortfall <= snapshot.fund };
}

export function checkCoverage(epoch: HistoryEpoch, history: VenueHistory): AuditFinding[] {
  const { record } = epoch;
  const findings: AuditFinding[] = [];
  const cover = coverOf(epoch, history);
  if (cover !== undefined && cover.covered !== record.covered) {
    findings.push(finding('covered-flag-wrong', epoch.epoch, `the registry says ${record.covered ? 'covered' : 'not covered'}; ${sentence(cover)}`));
  }
  if (!record.covered) findings.push(finding('epoch-not-covered', epoch.epoch, cover === undefined ? 'the registry recorded it as not covered' : sentence(cover)));
  if (record.unhealthyBound > 0n) findings.push(finding('unhealthy-accounts', epoch.epoch, `at most ${record.unhealthyBound} accounts below their requirement, shortfall ${record.shortfall} value units`));
  return findings;
}

function sentence({ assets, shortfall, fund, covered }: EpochCover): string {
  const short = assets.filter((one) => !one.covered).map(({ asset, owed, reserves }) => `asset ${asset} owes ${owed}, reserves are ${reserves}`);
  const losses = shortfall > fund ? [`losses of ${shortfall} against a fund of ${fund}`] : [];
  return covered ? `reserves cover deposits of ${assets.length} assets, and a fund of ${fund} losses of ${shortfall}` : [...short, ...losses].join('; ');
}
