import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarketTable } from '../risk/market-table.js';
import { STRESS_PREFIX } from '../risk/stress/stress-set.js';
import { checkRow } from '../risk/table-rules.js';
import { checkTerms } from '../risk/terms-rules.js';
import { checkTiers } from '../risk/tier-rules.js';
import { settlementRows } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import type { Place } from '../venue/place.js';
import type { Evidence } from './evidence.js';
import { failed, passed, skipped, type Finding } from './report.js';

/**
 * Marks, charges and P&L are below 2^47; charges do not fall from tier to tier; values follow from prices and terms where it has
 * them; the table is at maintenance level and not a stressed one; the rows an account holds are listed and mean in this epoch what
 * they say.
 *
 * @throws MarketRangeError, MarketCrossedError, MarketTierError, MarketTermsError
 */
export function checkTableRange(table: MarketTable, holdings: readonly Holding[], epoch: number, file: string): Finding {
  table.rows.forEach((row, index) => checkRow(row, { file, field: `market.rows[${index}]` }));
  const placeOf = (row: number, field: string): Place => ({ file, field: `market.rows[${row}].${field}` });
  checkTiers(table.rows, placeOf);
  checkTerms(table, placeOf);
  if (table.parameterSet.startsWith(STRESS_PREFIX)) {
    return failed(`the table is labelled ${table.parameterSet}: it says what a shock would do, not how accounts stand`, 'MARKET_STRESSED');
  }
  if (table.level !== 'maintenance') return failed(`the table is at ${table.level} level: solvency is proven at maintenance level`);
  for (const { index } of holdings) {
    const row = table.rows[index];
    if (row === undefined) return failed(`a holding names row ${index}, the table lists ${table.rows.length} rows: it is the table of another epoch`);
    if (row.activationEpoch > epoch) return failed(`row ${index}, ${row.id}, is active from epoch ${row.activationEpoch}, the account is of epoch ${epoch}`);
  }
  return passed(`${table.rows.length} rows, ${table.scenarios.length} scenarios, ${table.level} level, parameters ${table.parameterSet}; ${originOf(table)}`);
}

/** Whose word its values are. That terms and values agree was checked above. */
function originOf({ moves, rows }: MarketTable): string {
  if (moves === undefined) return 'its values are stated by the venue';
  const options = rows.filter(({ kind }) => kind === 'option').length;
  const linear = 'values follow from the prices and parameters in it';
  return options === 0 ? linear : `${linear}, but those of ${options} option rows, which are the venue's choice within bounds that need no model`;
}

/** The table's commitment is the registry's, or else the attested table's. */
export function checkMarketCommitment(poseidon: Poseidon, table: MarketTable, whose: string, { record, attestation }: Evidence): Finding {
  const commitment = marketCommitment(poseidon, table);
  if (record !== undefined) {
    const compared = compare(commitment, record.marketCommitment, whose, 'the registry\'s record');
    return compared.outcome === 'failed' ? compared : checkRegistration(table, record, whose) ?? compared;
  }
  if (attestation !== undefined && attestation.market !== table) {
    return compare(commitment, marketCommitment(poseidon, attestation.market), whose, 'the attestation');
  }
  return skipped(`${whose} has market commitment ${commitment}, there is nothing to compare it with`);
}

/** The registry cannot open a table: it holds the time against the one the venue's market source gave, and counts in the venue's scale. So they must be the table's. */
function checkRegistration(table: MarketTable, { marketTime, valueScale }: OnChainRecord, whose: string): Finding | undefined {
  if (table.snapshotTime !== marketTime) {
    return failed(`the table of ${whose} is of ${table.snapshotTime}, it was accepted as of ${marketTime}: its prices are not of the time it was accepted for`, 'MARKET_REGISTRATION');
  }
  if (table.valueScale !== valueScale) {
    return failed(`the table of ${whose} counts in units of 10^-${table.valueScale}, the venue in 10^-${valueScale}: its shortfall was held against the fund at a wrong scale`, 'MARKET_REGISTRATION');
  }
  return undefined;
}

/** Deposits and loans: one pair for each cash or spot instrument, its tiers together. */
export function checkSettlement(table: MarketTable, words: readonly bigint[]): Finding {
  const assets = settlementRows(table);
  if (words.length === 2 * assets.length) return passed(`deposits and loans of ${assets.map((row) => row.id).join(', ')}`);
  return failed(`${words.length} figures for ${assets.length} settlement assets: there must be one deposit and one loan for each cash or spot instrument`);
}

function compare(commitment: bigint, known: bigint, whose: string, source: string): Finding {
  if (commitment === known) return passed(`${whose} has the market commitment of ${source}, ${known}`);
  return failed(
    `${whose} has market commitment ${commitment}, ${source} has ${known}: a row, the header or the instrument list was changed`, 'MARKET_MISMATCH',
  );
}
