import type { Instrument } from '../../venue/instrument.js';
import type { Place } from '../../venue/place.js';
import { ParameterDuplicateError, ParameterUnknownError, RowBoundsError } from '../parameter-set/parameter-errors.js';
import type { LinearInstrument, OptionSeries, ParameterSet, SizeTier, Strike } from '../parameter-set/parameter-set.js';
import type { RowTerms } from '../row-terms.js';
import { MAX_ROWS, SYMBOL } from '../table-rules.js';
import { tierId } from '../tier-rules.js';

/** A row as the parameters alone say it, before any price. */
export interface PlannedRow extends Instrument {
  readonly group: number;
  readonly predecessor: number;
  readonly cap: bigint;
  readonly activationEpoch: number;
  readonly feed: string;
  readonly terms: RowTerms;
  /** Of an option: its series and strike. */
  readonly option: { readonly series: OptionSeries; readonly strike: Strike } | undefined;
  /** Where its instrument stands in the parameter set. */
  readonly place: Place;
}

/** What a snapshot can name: its rows share everything but charges and caps. */
interface PlannedInstrument {
  readonly id: string;
  readonly tiers: readonly Omit<PlannedRow, 'index' | 'group' | 'predecessor' | 'id'>[];
}

/**
 * The rows of a parameter set in order. First what `order` names, which keeps indices of a listed table; then instruments
 * with tiers, so that few rows are searched for tiers; then assets, entries and markets as they stand in the file.
 *
 * @throws ParameterUnknownError, ParameterDuplicateError, RowBoundsError
 */
export function planRows(set: ParameterSet): readonly PlannedRow[] {
  const rows: PlannedRow[] = [];
  inOrder(set).forEach((instrument, group) => {
    instrument.tiers.forEach((tier, number) => {
      const index = rows.length;
      const id = tierId(instrument.id, number + 1);
      if (!SYMBOL.test(id)) throw new RowBoundsError(tier.place, `the row ${id} would have over 32 characters: give the instrument a shorter id`);
      rows.push(Object.freeze({ ...tier, index, id, group, predecessor: number === 0 ? 0 : index }));
    });
  });
  if (rows.length > MAX_ROWS) throw new RowBoundsError({ file: set.file }, `the set makes ${rows.length} rows: at most ${MAX_ROWS} fit, list fewer`);
  const ids = new Set<string>();
  for (const { id, place } of rows) {
    if (ids.has(id)) throw new ParameterDuplicateError(place, `a second row would be called ${id}: give the instrument another id`);
    ids.add(id);
  }
  return Object.freeze(rows);
}

function inOrder(set: ParameterSet): readonly PlannedInstrument[] {
  const all = [...set.assets, ...set.entries, ...set.markets].flatMap(instrumentsOf);
  const byId = new Map(all.map((one) => [one.id, one]));
  const listed = set.order.map((id, at) => {
    const place = { file: set.file, field: `order[${at}]` };
    const found = byId.get(id);
    if (found === undefined) throw new ParameterUnknownError(place, `${id} is no instrument of this set: a listed row stays listed, keep its instrument`);
    if (set.order.indexOf(id) !== at) throw new ParameterDuplicateError(place, `${id} stands twice: remove one`);
    return found;
  });
  const rest = all.filter(({ id }) => !set.order.includes(id));
  const isTiered = ({ tiers }: PlannedInstrument): boolean => tiers.some(({ cap }) => cap > 0n);
  return [...listed, ...rest.filter(isTiered), ...rest.filter((one) => !isTiered(one))];
}

function instrumentsOf(one: LinearInstrument | OptionSeries): readonly PlannedInstrument[] {
  if (one.kind !== 'option-series') return [{ id: one.id, tiers: one.tiers.map((tier) => linearTier(one, tier)) }];
  return one.strikes.flatMap((strike) => one.types.map((type) => ({
    id: `${one.id}-${strike.text}-${type === 'call' ? 'C' : 'P'}`,
    tiers: [{
      ...sharedOf(one), kind: 'option' as const, cap: 0n, option: { series: one, strike },
      terms: termsOf(one, one, { exact: false, put: type === 'put', strike: strike.value }),
    }],
  })));
}

function linearTier(one: LinearInstrument, tier: SizeTier): PlannedInstrument['tiers'][number] {
  return {
    ...sharedOf(one), kind: one.kind, cap: tier.cap, option: undefined, terms: termsOf(one, tier, { exact: one.exact, put: false, strike: 0n }),
  };
}

function sharedOf({ asset, quantityDecimals, activationEpoch, feed, place }: LinearInstrument | OptionSeries):
Pick<PlannedRow, 'asset' | 'quantityDecimals' | 'activationEpoch' | 'feed' | 'place'> {
  return { asset, quantityDecimals, activationEpoch, feed, place };
}

function termsOf(
  { multiplier, scan, basis }: LinearInstrument | OptionSeries, { long, short }: Pick<SizeTier, 'long' | 'short'>,
  rest: Pick<RowTerms, 'exact' | 'put' | 'strike'>,
): RowTerms {
  const ratesAt = (level: 'maintenance' | 'initial'): RowTerms['maintenance'] =>
    Object.freeze({ longRate: long[level], shortRate: short[level], scanRate: scan[level] });
  return Object.freeze({ multiplier, maintenance: ratesAt('maintenance'), initial: ratesAt('initial'), basisRate: basis, ...rest });
}
