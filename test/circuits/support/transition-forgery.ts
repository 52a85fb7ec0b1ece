import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { hashList } from '../../../src/commitment/hash-list.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { tradeAmounts, tradeParties, type TradeTerms } from '../../../src/commitment/trade-commitment.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import type { TransitionAct, TransitionFlags } from '../../../src/statement/transition.js';
import type { Holding } from '../../../src/venue/account.js';
import type { TransitionStatement } from '../../../src/witness/account-transition-input.js';
import type { CircuitInput, InputValue } from '../../../src/witness/circuit-input.js';
import { smallMarket } from '../../builders/market.js';
import { OWNED, deposit, transition, transitionInput } from '../../builders/transition.js';
import { ROW_INPUTS, withColumn } from './forgeries-of-accounts.js';
import type { ExpectedRefusal } from './refusal.js';
import type { TransitionCheck } from './switched-transitions.js';

/** One lie about a transition, made as consistent as can be, and the only place that refuses it. */
export interface TransitionForgery {
  readonly name: string;
  readonly make: (poseidon: Poseidon) => CircuitInput;
  readonly at: ExpectedRefusal;
  /** With this check switched off the lie is accepted. */
  readonly check?: TransitionCheck;
}

export type Pairs = readonly (readonly [index: number, quantity: bigint])[];
export type Edit = (input: CircuitInput, poseidon: Poseidon, statement: TransitionStatement) => CircuitInput;

/** How a lie differs from what an honest prover shows. */
export interface Lie {
  readonly table?: MarketTable;
  readonly flags?: TransitionFlags;
  /** All slots after; the honest ones where undefined. */
  readonly slots?: Pairs;
  readonly change?: (poseidon: Poseidon) => Partial<TransitionStatement>;
  readonly edit?: Edit;
}

export const slots = (pairs: Pairs): Holding[] => pairs.map(([index, quantity]) => ({ index, quantity }));
export const set = (changes: CircuitInput): Edit => (input) => ({ ...input, ...changes });
export const raised = (name: string, by: bigint): Edit => (input) => ({ ...input, [name]: (input[name] as bigint) + by });

/** What is shown of an account that holds `held` before, honest but for the lie. */
export function told(held: Pairs, act: TransitionAct, { table = smallMarket(), flags = OWNED, slots: after, change = () => ({}), edit = (input) => input }: Lie = {}): TransitionForgery['make'] {
  return (poseidon) => {
    const honest = transition(poseidon, table, slots(held), act, flags, change(poseidon));
    const statement = after === undefined ? honest : { ...honest, after: { ...honest.after, slots: slots(after) } };
    return edit(transitionInput(poseidon, statement), poseidon, statement);
  };
}

/** The input with one element of a list replaced, or one of a list within. */
export function placed(name: string, place: number, value: InputValue, within?: number): Edit {
  return (input) => withColumn(input, name, place, within === undefined ? value : ((input[name] as InputValue[])[place] as InputValue[]).map((one, at) => (at === within ? value : one)));
}

export const both = (...edits: readonly Edit[]): Edit => (input, poseidon, statement) => edits.reduce((made, edit) => edit(made, poseidon, statement), input);

/** A slot that opens another row than its own. */
export function opens(slot: number, row: number, table = smallMarket()): Edit {
  return (input, poseidon) => {
    const other = transitionInput(poseidon, transition(poseidon, table, [], deposit(row, 1n, true)));
    return [...ROW_INPUTS, 'notPerpetual', 'other'].reduce((made, name) => withColumn(made, name, slot, (other[name] as InputValue[])[0] as InputValue), input);
  };
}

/** A trade of other terms, whose packed amounts may be beyond what they can be, with the commitment to them. */
export function trading(change: Partial<TradeTerms>, more = 0n): Edit {
  return (input, poseidon, { base, table, act }) => {
    if (act.kind !== 'trade') throw new Error('only a trade has terms');
    const terms = { ...act.trade, ...change };
    const amounts = tradeAmounts(terms) + more;
    return { ...input, amounts, delta: hashList(poseidon, tagOf('trade'), [base, tradeParties(terms), amounts, marketCommitment(poseidon, table), terms.nonce]) };
  };
}
