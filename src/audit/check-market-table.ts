import type { HistoryRound, MarketBoardHistory, TableAcceptance } from '../chain/history/market-history.js';
import type { VenueHistory } from '../chain/history/venue-history.js';
import { parameterWord } from '../risk/build/parameter-words.js';
import { instrumentText } from '../risk/instrument-list.js';
import type { MarketTable } from '../risk/market-table.js';
import { finding, type AuditFinding } from './audit-finding.js';

/** What the chain holds that a table accepted by a market board must follow from. */
export interface TableSources {
  readonly acceptance: TableAcceptance;
  /** Undefined where the node has no event of it. */
  readonly round: HistoryRound | undefined;
  /** Those whose events were read: all, or none before `readFrom`. */
  readonly instruments: MarketBoardHistory['instruments'];
  /** First block whose events were read. */
  readonly readFrom: number;
  /** Undefined where its announcement was not read. */
  readonly parameters: { readonly moves: readonly number[]; readonly words: readonly bigint[] } | undefined;
}

/** Undefined where no market board accepted the table. */
export function tableSources(commitment: bigint, { markets, prices, fromBlock }: Pick<VenueHistory, 'markets' | 'prices' | 'fromBlock'>): TableSources | undefined {
  const accepted = markets.tables.find((table) => table.commitment === commitment);
  if (markets.board === undefined || accepted?.acceptance === undefined) return undefined;
  const { acceptance } = accepted;
  const set = markets.board.parameterSets.find(({ digest }) => digest === acceptance.parameters);
  return {
    acceptance, readFrom: fromBlock, instruments: markets.board.instruments, parameters: set?.parameters,
    round: prices?.rounds.find(({ id }) => id === acceptance.round),
  };
}

/**
 * Every price of a table against the round it was accepted with, its rows against the listed instruments, its rates and moves against
 * the active parameters. That its values follow from these is what verification's `market-range` step computes.
 */
export function checkMarketTable(epoch: number, table: MarketTable, sources: TableSources): AuditFinding[] {
  if (table.moves === undefined) return [finding('table-without-terms', epoch, `the table with parameters ${table.parameterSet} has no terms`)];
  return [...checkPrices(epoch, table, sources), ...checkInstruments(epoch, table, sources), ...checkParameters(epoch, table, sources), ...checkVolatilities(epoch, table, sources)];
}

function checkPrices(epoch: number, table: MarketTable, { round, instruments, acceptance }: TableSources): AuditFinding[] {
  if (round === undefined) return [finding('round-log-missing', epoch, `round ${acceptance.round}, which the table was made from, is not among those read`)];
  if (table.snapshotTime !== round.time) return [finding('price-differs', epoch, `the table is of ${table.snapshotTime}, round ${round.id} of ${round.time}`)];
  const listed = listedBy(instruments);
  return table.rows.flatMap((row, index) => {
    const feed = listed.get(index)?.feed;
    // A row that is not listed is told of by checkInstruments.
    if (feed === undefined || round.prices[feed] === row.oraclePrice) return [];
    return [finding('price-differs', epoch, `row ${index}, ${row.id}, has the price ${row.oraclePrice}, feed ${feed} said ${round.prices[feed] ?? 'nothing'} in round ${round.id}`)];
  });
}

function listedBy(instruments: TableSources['instruments']): ReadonlyMap<number, TableSources['instruments'][number]> {
  return new Map(instruments.map((one) => [one.index, one]));
}

function checkInstruments(epoch: number, table: MarketTable, { instruments, readFrom }: TableSources): AuditFinding[] {
  const listed = listedBy(instruments);
  const unlisted = table.rows.filter((_, index) => !listed.has(index));
  const told = unlisted.length === 0 ? [] : [finding(readFrom > 0 ? 'before-first-block' : 'instrument-differs', epoch, readFrom > 0
    ? `${unlisted.length} of ${table.rows.length} rows of its table were listed before block ${readFrom}: neither rows nor prices were compared`
    : `the table has ${table.rows.length} rows, the market board lists ${instruments.length}`)];
  return [...told, ...table.rows.flatMap((row, index) => {
    const [line, expected] = [instrumentText(row), listed.get(index)?.line];
    return expected === undefined || expected === line ? [] : [finding('instrument-differs', epoch, `row ${index} is "${line}" in the table, "${expected}" on the market board`)];
  })];
}

function checkParameters(epoch: number, table: MarketTable, { parameters, acceptance }: TableSources): AuditFinding[] {
  if (parameters === undefined) return [finding('parameters-unknown', epoch, `the set with the hash ${acceptance.parameters}`)];
  const moves = (table.moves ?? []).flatMap(({ price, basis }) => [price, basis]);
  const move = moves.findIndex((one, place) => one !== parameters.moves[place]);
  if (move >= 0 || moves.length !== parameters.moves.length) return [finding('parameters-differ', epoch, `scenario ${Math.floor(Math.max(move, 0) / 2) + 1} moves otherwise than in the active set`)];
  return table.rows.flatMap((row, index) => {
    if (row.terms === undefined) return [finding('table-without-terms', epoch, `row ${index}, ${row.id}, has no terms`)];
    return parameterWord(row.terms) === parameters.words[index] ? [] : [finding('parameters-differ', epoch, `rates of row ${index}, ${row.id}, are not those of the active set`)];
  });
}

function checkVolatilities(epoch: number, { rows }: MarketTable, { acceptance }: TableSources): AuditFinding[] {
  const options = rows.filter(({ kind }) => kind === 'option');
  if (options.length === 0) return [];
  const other = options.findIndex(({ volatility }, place) => volatility !== BigInt(acceptance.volatilities[place] ?? -1));
  return [
    ...(other < 0 ? [] : [finding('volatilities-differ', epoch, `${options[other]?.id ?? ''} has the volatility ${options[other]?.volatility ?? 0n}, it was accepted with ${acceptance.volatilities[other] ?? 'none'} ppm a year`)]),
    ...(acceptance.volatilitySource === 'bounded' ? [finding('volatilities-unsigned', epoch, `of ${options.length} option rows`)] : []),
    finding('options-chosen', epoch, `${options.length} option rows`),
  ];
}
