import type { Account, Holding } from './account.js';
import { DuplicateHoldingError, TooManyHoldingsError } from './import-errors.js';
import type { Instrument } from './instrument.js';
import { at, detailsOf, quoted, type Place } from './place.js';
import { UnknownInstrumentError } from './unknown-instrument-error.js';

/** What every importer holds accounts against. */
export interface ImportRules {
  /** Name of the input for messages. */
  readonly file: string;
  readonly bySymbol: ReadonlyMap<string, Instrument>;
  /** Most holdings of an account: K of the circuit. */
  readonly slots: number;
}

/** The instrument of a symbol. @throws UnknownInstrumentError */
export function instrumentOf(symbol: string, rules: ImportRules, place: Place): Instrument {
  const found = rules.bySymbol.get(symbol);
  if (found !== undefined) return found;
  throw new UnknownInstrumentError(
    at(place, `${quoted(symbol)} is not in the instrument list: list it in the market file or remove the row`),
    detailsOf(place),
  );
}

/** One account while its rows come in. */
export class AccountDraft {
  private readonly quantities = new Map<number, bigint>();

  constructor(
    readonly userId: string,
    readonly subAccount: number,
    readonly owner: bigint | undefined,
    private readonly slots: number,
  ) {}

  /** @throws DuplicateHoldingError */
  add(instrument: Instrument, quantity: bigint, place: Place): void {
    if (this.quantities.has(instrument.index)) {
      throw new DuplicateHoldingError(place, `${instrument.id} stands twice in this account: add the quantities up in the ledger`);
    }
    this.quantities.set(instrument.index, quantity);
  }

  /** The account without its zero rows, holdings by index, frozen. @throws TooManyHoldingsError */
  finish(place: Place): Account {
    const holdings: Holding[] = [];
    for (const [index, quantity] of this.quantities) {
      if (quantity !== 0n) holdings.push(Object.freeze({ index, quantity }));
    }
    if (holdings.length > this.slots) {
      throw new TooManyHoldingsError(
        place,
        `the account holds ${holdings.length} instruments, the circuit has ${this.slots} slots: use a wider shape or split it over sub-accounts`,
      );
    }
    holdings.sort((a, b) => a.index - b.index);
    return Object.freeze({ userId: this.userId, subAccount: this.subAccount, owner: this.owner, holdings: Object.freeze(holdings) });
  }
}
