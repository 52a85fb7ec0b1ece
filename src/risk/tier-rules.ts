import { MAX_QUANTITY } from '../venue/account.js';
import type { Place } from '../venue/place.js';
import { MarketTierError } from './market-errors.js';
import type { MarketRow } from './market-table.js';

/** Fields in which the tiers of an instrument agree: they are one thing to hold, only its charge grows. */
const SHARED = ['kind', 'asset', 'quantityDecimals', 'activationEpoch', 'oraclePrice', 'mark'] as const;

/** The id of an instrument's tier, counted from 1: "BTC", "BTC.2", "BTC.3". */
export function tierId(instrument: string, tier: number): string {
  return tier === 1 ? instrument : `${instrument}.${tier}`;
}

/**
 * Checks what holds between the rows of a group: they stand together, agree in all but charges and caps, charges do not
 * fall, every tier but the last has a cap, and groups are numbered from 0 in row order.
 *
 * @throws MarketTierError
 */
export function checkTiers(rows: readonly MarketRow[], placeOf: (row: number, field: string) => Place): void {
  let group = -1;
  let first: MarketRow | undefined;
  rows.forEach((row, index) => {
    const fail = (field: string, sentence: string): MarketTierError => new MarketTierError(placeOf(index, field), sentence);
    const below = row.predecessor === 0 ? undefined : rows[index - 1];
    if (row.predecessor !== 0 && row.predecessor !== index) {
      throw fail('predecessor', `${row.predecessor} is not the row before plus 1: write 0, or ${index} for a further tier of row ${index - 1}`);
    }
    if (below === undefined || first === undefined) {
      group += 1;
      first = row;
    } else checkAgainstBelow(row, below, tierId(first.id, index - first.index + 1), fail);
    if (row.group !== group) throw fail('group', `group ${row.group} is out of order: this row is of group ${group}`);
    if (row.cap < 0n || row.cap > MAX_QUANTITY) throw fail('cap', `a cap of ${row.cap} quanta is outside [0, 2^64): correct it, 0 is no cap`);
  });
}

function checkAgainstBelow(row: MarketRow, below: MarketRow, id: string, fail: (field: string, sentence: string) => MarketTierError): void {
  if (below.cap === 0n) throw fail('predecessor', `the tier below, ${below.id}, has no cap, so this one is never used: give that one a cap`);
  if (row.id !== id) throw fail('id', `${row.id} is a further tier: call it ${id}`);
  for (const field of SHARED) {
    if (row[field] !== below[field]) throw fail(field, `${row[field]} differs from ${below[field]} of the tier below: tiers differ in charges and caps only`);
  }
  const pnl = row.pnl.findIndex((one, scenario) => one !== below.pnl[scenario]);
  if (pnl >= 0) throw fail(`pnl[${pnl}]`, 'differs from the tier below: tiers differ in charges and caps only');
  for (const field of ['longCharge', 'shortCharge'] as const) {
    if (row[field] < below[field]) throw fail(field, `${row[field]} is less than ${below[field]} of the tier below: charges must not fall with size`);
  }
}
