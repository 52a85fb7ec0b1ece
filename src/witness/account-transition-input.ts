import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import { domainOf } from '../commitment/identity.js';
import { detailOf, marketCommitment, rowsTree, type RowDetail } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { tradeAmounts } from '../commitment/trade-commitment.js';
import { transitionFrame } from '../commitment/transition-frame.js';
import { evaluate } from '../margin/margin.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { AccountTransitionSignals } from '../statement/account-transition.js';
import type { TransitionAct, TransitionFlags } from '../statement/transition.js';
import { FUNDED_PERPETUALS, transitionDelta } from '../statement/transition-delta.js';
import { packTransitionTerms } from '../statement/transition-terms.js';
import { openRow } from '../tree/row-opening.js';
import type { Holding } from '../venue/account.js';
import { headerInput, ownerInput, rowValuesInput, type AccountSecret } from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';
import { transitionPostings, type TransitionPostings } from './transition-postings.js';

/** That an account becomes another one. Holds the owner's secret and both openings: never logged. */
export interface TransitionStatement {
  readonly base: bigint;
  readonly circuitId: bigint;
  readonly table: MarketTable;
  /** Undefined where the owner takes no part. */
  readonly owner: AccountSecret | undefined;
  /** Of an account that is opened: one that holds nothing. */
  readonly before: ClearedOpening;
  /** Every row held before, and every row named, in its slots; see docs/decisions/0009 for the others. */
  readonly after: ClearedOpening;
  readonly act: TransitionAct;
  readonly flags: TransitionFlags;
}

/** Public signals of the proof of `account-transition`. @throws TransitionRangeError */
export function accountTransitionSignals(poseidon: Poseidon, { base, circuitId, table, before, after, act, flags }: TransitionStatement): AccountTransitionSignals {
  const market = marketCommitment(poseidon, table);
  return {
    frame: transitionFrame(poseidon, domainOf(poseidon, base, circuitId), market),
    oldCommitment: act.kind === 'collateral' && act.opens ? 0n : clearedCommitment(poseidon, before),
    newCommitment: clearedCommitment(poseidon, after),
    terms: packTransitionTerms(act, flags),
    delta: transitionDelta(poseidon, base, market, act),
  };
}

/**
 * Input of `account-transition`: whether it is true is the circuit's to say.
 *
 * @throws UnknownInstrumentError for a row beyond the table's
 */
export function accountTransitionInput(poseidon: Poseidon, signals: AccountTransitionSignals, statement: TransitionStatement): CircuitInput {
  const { base, circuitId, table, owner, before, after, act } = statement;
  const posted = transitionPostings(table, before.slots, act);
  const at = namedSlots(after.slots, posted, act);
  const match = before.slots.map((old) => after.slots.map(({ index }) => bit(old.quantity !== 0n && old.index === index)));
  const needed = after.slots.map(({ quantity }, slot) => bit(quantity !== 0n || match.some((flag) => flag[slot] === 1n) || at.some((flag) => flag[slot] === 1n)));
  const rows = after.slots.map(({ index }, slot) => rowAt(table, needed[slot] === 1n ? index : 0));
  return {
    ...signals, base, circuitId, ...headerInput(poseidon, table), ...ownerInput(owner), key: after.key,
    ...tradeInput(act), held: posted.held, settled: posted.settled, at, match, needed, ...riskInput(table, statement),
    oldNonce: before.nonce, oldPeriod: BigInt(before.period), oldIndex: indices(before.slots), oldQuantity: quantities(before.slots), oldUsed: uses(before.slots),
    nonce: after.nonce, index: indices(after.slots), quantity: quantities(after.slots), used: uses(after.slots),
    ...rowsInput(poseidon, table, rows), ...perpetualsInput(rows, act),
  };
}

/** 1 at the slot of each posting's row. A trade names both rows, also where nothing is paid. */
function namedSlots(slots: readonly Holding[], { postings }: TransitionPostings, act: TransitionAct): bigint[][] {
  return postings.map((posting) => slots.map(({ index }) => bit(posting !== undefined && posting.row === index && (posting.total !== 0n || act.kind === 'trade'))));
}

function tradeInput(act: TransitionAct): CircuitInput {
  return act.kind === 'trade' ? { amounts: tradeAmounts(act.trade), tradeNonce: act.trade.nonce } : { amounts: 0n, tradeNonce: 0n };
}

/** Where the account before is worst, and the least excess after, which only the test for less risk asks for. */
function riskInput(table: MarketTable, { before, after, act, flags }: TransitionStatement): CircuitInput {
  const { excess } = evaluate(table, held(before.slots));
  const worst = excess.reduce((found, one, scenario) => (one < (excess[found] as bigint) ? scenario : found), 0);
  const { equity, requirement } = evaluate(table, held(after.slots));
  const converts = !flags.owned && convertsEntry(table, held(after.slots), act);
  return { converts: bit(converts), worst: excess.map((_, scenario) => bit(scenario === worst)), least: flags.reducing && !converts ? equity - requirement : 0n };
}

/** An entry for cash, and afterwards nothing is left that could be sold: without the owner such a trade takes no test of risk. */
export function convertsEntry(table: MarketTable, after: readonly Holding[], act: TransitionAct): boolean {
  if (act.kind !== 'trade') return false;
  const { row, payRow } = act.trade;
  return rowAt(table, row).kind === 'entry' && rowAt(table, payRow).kind === 'cash' && after.every(({ quantity }) => quantity <= 0n);
}

function rowsInput(poseidon: Poseidon, table: MarketTable, rows: readonly MarketRow[]): CircuitInput {
  const tree = rowsTree(poseidon, table.rows);
  const openings = rows.map(({ index }) => openRow(tree, index));
  const details = rows.map(detailOf);
  const ofDetails = (field: keyof RowDetail): bigint[] => details.map((detail) => detail[field]);
  return {
    place: openings.map(({ place }) => BigInt(place)), rowChildren: openings.map(({ children }) => children), ...rowValuesInput(rows),
    group: ofDetails('group'), predecessor: ofDetails('predecessor'), instrument: ofDetails('instrument'), cap: ofDetails('cap'),
    activationEpoch: ofDetails('activationEpoch'), price: ofDetails('price'), volatility: ofDetails('volatility'), multiplier: ofDetails('multiplier'),
    rates: ofDetails('rates'), strike: ofDetails('strike'), capped: rows.map(({ cap }) => bit(cap !== 0n)),
  };
}

function perpetualsInput(rows: readonly MarketRow[], act: TransitionAct): CircuitInput {
  const listed = Array.from({ length: FUNDED_PERPETUALS }, (_, place) => (act.kind === 'funding' ? (act.rates[place]?.group ?? 0) : 0));
  return { notPerpetual: rows.map(({ kind }) => bit(kind !== 'perpetual')), other: rows.map(({ group }) => listed.map((one) => bit(group !== one))) };
}

const bit = (flag: boolean): bigint => (flag ? 1n : 0n);
const held = (slots: readonly Holding[]): Holding[] => slots.filter(({ quantity }) => quantity !== 0n);
const indices = (slots: readonly Holding[]): bigint[] => slots.map(({ index }) => BigInt(index));
const quantities = (slots: readonly Holding[]): bigint[] => slots.map(({ quantity }) => quantity);
const uses = (slots: readonly Holding[]): bigint[] => slots.map(({ quantity }) => bit(quantity !== 0n));
