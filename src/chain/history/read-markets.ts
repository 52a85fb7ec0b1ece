import { LEVEL_CODE } from '../../commitment/market-commitment.js';
import type { MarginLevel } from '../../risk/market-table.js';
import { listingsDigest, NO_DIGEST, parametersDigest, tableRulesDigest } from '../board-digests.js';
import type { InstrumentListing, ParameterSetWords, TableRules, VolatilitySource } from '../market-board-client.js';
import { NodeContradictionError } from './history-errors.js';
import { MARKET_BOARD_HISTORY, STATED_MARKETS_HISTORY } from './history-events.js';
import type { HistoryEvent } from './log-reader.js';
import type { HistoryInstrument, HistoryParameterSet, HistoryTable, MarketBoardHistory, MarketHistory } from './market-history.js';
import { matchChanges, type ChangeDialect } from './match-changes.js';
import { plainStruct } from './plain-values.js';
import type { HistoryPlace } from './history-place.js';
import { venueTopic } from './read-registry.js';
import type { TimelockChange } from './timelock-changes.js';
import type { HistoryEpoch, HistoryGap } from './venue-history.js';

const VOLATILITY_SOURCES: readonly VolatilitySource[] = ['none', 'signed', 'bounded'];

export interface MarketsPart {
  readonly markets: MarketHistory;
  /** Of the price board that the market board was made with. */
  readonly priceBoard: string | undefined;
  readonly changes: readonly TimelockChange[];
}

/** Accepted tables and, of a market board, what they follow from. @throws NodeContradictionError */
export async function readMarkets(place: HistoryPlace, address: string): Promise<MarketsPart> {
  const { state, venueId } = place;
  const priceBoard = await state.tryValue(address, MARKET_BOARD_HISTORY, 'PRICES', []);
  if (typeof priceBoard !== 'string') {
    const events = await place.logs.read(address, STATED_MARKETS_HISTORY, [null, venueTopic(venueId)]);
    const tables = events.map((event) => tableOf(event, STATED_MARKETS_HISTORY));
    return { markets: { kind: tables.length > 0 ? 'stated' : 'other', address, tables, board: undefined }, priceBoard: undefined, changes: [] };
  }
  const events = await place.logs.read(address, MARKET_BOARD_HISTORY, [null, venueTopic(venueId)]);
  const tables = events.filter(({ name }) => name === 'MarketAccepted').map((event) => tableOf(event, MARKET_BOARD_HISTORY));
  return {
    markets: { kind: 'board', address, tables, board: await readBoard(place, address, events) },
    priceBoard, changes: matchChanges(events, DIALECT, state.block),
  };
}

interface AcceptedEvent {
  readonly commitment: bigint;
  readonly market: { readonly level: number; readonly snapshotTime: number; readonly settlementAssets: number };
  readonly circuitId?: bigint;
  readonly acceptance?: { readonly round: number; readonly volatilities: number };
  readonly parameters?: string;
  readonly volatilities?: readonly number[];
}

function tableOf({ name, args, at }: HistoryEvent, source: typeof MARKET_BOARD_HISTORY): HistoryTable {
  const said = plainStruct<AcceptedEvent>(source.getEvent(name)?.inputs ?? [], args);
  const { circuitId, acceptance, parameters, volatilities } = said;
  const volatilitySource = VOLATILITY_SOURCES[acceptance?.volatilities ?? 0];
  if (volatilitySource === undefined) throw new NodeContradictionError(`a table in block ${at.block} names a source of volatilities that this version does not know: take a newer version`);
  return Object.freeze({
    commitment: said.commitment, level: levelOf(said.market.level, at.block), snapshotTime: said.market.snapshotTime, settlementAssets: said.market.settlementAssets,
    acceptance: circuitId === undefined || acceptance === undefined || parameters === undefined || volatilities === undefined
      ? undefined : { circuitId, round: acceptance.round, volatilitySource, volatilities, parameters },
    at,
  });
}

function levelOf(code: number, block: number): MarginLevel {
  const level = (['maintenance', 'initial'] as const).find((name) => LEVEL_CODE[name] === BigInt(code));
  if (level === undefined) throw new NodeContradictionError(`a table in block ${block} was accepted at level ${code}, which there is not: ask another node`, { code });
  return level;
}

async function readBoard({ state, venueId, fromBlock }: HistoryPlace, address: string, events: readonly HistoryEvent[]): Promise<MarketBoardHistory> {
  const outputs = MARKET_BOARD_HISTORY.getFunction('rulesOf')?.outputs ?? [];
  const [rules] = Object.values(plainStruct<Record<string, TableRules>>(outputs, await state.call(address, MARKET_BOARD_HISTORY, 'rulesOf', [venueId])));
  const active = await state.value(address, MARKET_BOARD_HISTORY, 'parametersDigest', [venueId]) as string;
  const parameterSets = setsOf(events);
  if ((parameterSets.at(-1)?.digest ?? active) !== active) throw new NodeContradictionError('the last activated parameter set is not the one active on the market board: ask another node', { active });
  const instruments = events.filter(({ name }) => name === 'InstrumentListed').map(instrumentOf);
  const count = Number(await state.value(address, MARKET_BOARD_HISTORY, 'instrumentCount', [venueId]));
  if (fromBlock === 0 && instruments.length !== count) {
    throw new NodeContradictionError(`the market board lists ${count} instruments, the node has events of ${instruments.length}: it lost its logs, ask another node`, { event: 'InstrumentListed', count });
  }
  return {
    rules: rules === undefined || rules.timelock === 0 ? undefined : rules,
    minTimelock: Number(await state.value(address, MARKET_BOARD_HISTORY, 'MIN_TIMELOCK', [])),
    ruleChanges: events.filter(({ name }) => name === 'RulesActivated').map((event) => ({ rules: eventStruct<{ rules: TableRules }>(event).rules, at: event.at })),
    instruments, parameterSets,
    activeParameters: active === NO_DIGEST ? undefined : active,
  };
}

function eventStruct<Shape>({ name, args }: HistoryEvent): Shape {
  return plainStruct<Shape>(MARKET_BOARD_HISTORY.getEvent(name)?.inputs ?? [], args);
}

function instrumentOf(event: HistoryEvent): HistoryInstrument {
  const { index, digest, listing } = eventStruct<{ index: bigint; digest: bigint; listing: InstrumentListing }>(event);
  return Object.freeze({ ...listing, index: Number(index), digest, at: event.at });
}

function setsOf(events: readonly HistoryEvent[]): HistoryParameterSet[] {
  const proposed = new Map<string, ParameterSetWords>();
  return events.flatMap((event) => {
    if (event.name === 'ParametersProposed') {
      const { digest, parameters } = eventStruct<{ digest: string; parameters: ParameterSetWords }>(event);
      proposed.set(digest, parameters);
      return [];
    }
    if (event.name !== 'ParametersActivated') return [];
    const { digest } = eventStruct<{ digest: string }>(event);
    return [{ digest, parameters: proposed.get(digest), at: event.at }];
  });
}

const DIALECT: ChangeDialect = {
  contract: 'market-board',
  activates: ({ name }) => {
    if (name === 'RulesActivated') return 'rules';
    if (name === 'InstrumentListed') return 'instruments';
    return name === 'ParametersActivated' ? 'parameters' : undefined;
  },
  proposal: (event) => {
    if (event.name === 'RulesProposed') {
      const { rules } = eventStruct<{ rules: TableRules }>(event);
      return { content: { what: 'table-rules', rules }, digest: tableRulesDigest(rules) };
    }
    if (event.name === 'InstrumentsProposed') {
      const { listings } = eventStruct<{ listings: readonly InstrumentListing[] }>(event);
      return { content: { what: 'instruments', listings }, digest: listingsDigest(listings) };
    }
    if (event.name !== 'ParametersProposed') return undefined;
    const { parameters } = eventStruct<{ parameters: ParameterSetWords }>(event);
    return { content: { what: 'parameters', parameters }, digest: parametersDigest(parameters) };
  },
};

/** Epochs over a table that no event accepts: the node has no log of it, or it lies before the first block read. */
export function marketGaps({ tables, kind }: MarketHistory, epochs: readonly Pick<HistoryEpoch, 'epoch' | 'record'>[], fromBlock: number): HistoryGap[] {
  if (kind === 'other') return [];
  const known = new Set(tables.map(({ commitment }) => commitment));
  // What was accepted before the first block read is told of as a whole.
  return epochs.filter(({ record }) => !known.has(record.marketCommitment) && record.acceptedInBlock >= fromBlock).map(({ epoch }) => (fromBlock === 0
    ? { kind: 'market-log-missing', epoch, detail: `the node has no event that accepts the market table of epoch ${epoch}` }
    : { kind: 'before-first-block', epoch, detail: `the market table of epoch ${epoch} was accepted before block ${fromBlock}: what it follows from was not compared` }));
}
