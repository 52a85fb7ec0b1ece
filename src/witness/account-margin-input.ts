import { detailOf, type RowDetail } from '../commitment/market-commitment.js';
import { nullifierOf } from '../commitment/nullifier.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { AccountMarginSignals } from '../statement/account-margin.js';
import { packTerms, termsParts, type AccountTerms } from '../statement/account-terms.js';
import {
  frameOfSetting, ownerInput, rowValuesInput, settingInput, slotRows, sourceInput, type AccountSecret, type AccountSetting,
} from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';

/** What is said of an account, and by whom: by nobody where the verdict takes no secret. */
export interface MarginStatement extends AccountSetting {
  readonly terms: AccountTerms;
  readonly owner: AccountSecret | undefined;
}

/** Public signals of the proof of `account-margin`. */
export function accountMarginSignals(poseidon: Poseidon, statement: MarginStatement): AccountMarginSignals {
  const { terms, owner, base, epoch, account: { key } } = statement;
  const name = (of: bigint): bigint => (owner === undefined ? 0n : nullifierOf(poseidon, { key, base, epoch: of, scope: terms.scope }));
  return { frame: frameOfSetting(poseidon, statement), terms: packTerms(terms), nullifier: name(epoch), nullifierNext: name(epoch + 1n) };
}

/** Input of `account-margin`: whether it is true is the circuit's to say. */
export function accountMarginInput(poseidon: Poseidon, signals: AccountMarginSignals, statement: MarginStatement): CircuitInput {
  const { terms, owner, account: { key, slots }, place, table } = statement;
  const rows = slotRows(table, slots);
  const details = rows.map(detailOf);
  const ofDetails = (field: keyof RowDetail): bigint[] => details.map((detail) => detail[field]);
  return {
    ...signals, ...termsParts(terms), ...settingInput(poseidon, statement), ...ownerInput(owner), ...rowValuesInput(rows),
    key, source: sourceInput(place.source),
    from: slots.map(({ index, quantity }) => (quantity !== 0n && index === terms.withdrawal?.row ? 1n : 0n)),
    group: ofDetails('group'), predecessor: ofDetails('predecessor'), instrument: ofDetails('instrument'), cap: ofDetails('cap'),
    activationEpoch: ofDetails('activationEpoch'), price: ofDetails('price'), volatility: ofDetails('volatility'), multiplier: ofDetails('multiplier'),
    rates: ofDetails('rates'), strike: ofDetails('strike'), capped: rows.map(({ cap }) => (cap === 0n ? 0n : 1n)),
  };
}
