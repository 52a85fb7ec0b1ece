import { nullifierOf } from '../commitment/nullifier.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { AccountExitSignals } from '../statement/account-exit.js';
import {
  frameOfSetting, ownerInput, rowDetails, rowValuesInput, settingInput, slotRows, type AccountSecret, type AccountSetting,
} from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';

/** Whose account is claimed, and who is to be paid. */
export interface ExitStatement extends AccountSetting {
  readonly owner: AccountSecret;
  /** Address as an integer. */
  readonly recipient: bigint;
}

/** Public signals of the proof of `account-exit`. */
export function accountExitSignals(poseidon: Poseidon, statement: ExitStatement): AccountExitSignals {
  const { base, epoch, recipient, account: { key, slots }, table } = statement;
  const worth = slotRows(table, slots).reduce((sum, { mark }, slot) => sum + mark * (slots[slot]?.quantity ?? 0n), 0n);
  return {
    frame: frameOfSetting(poseidon, statement), equity: worth < 0n ? 0n : worth, recipient, nullifier: nullifierOf(poseidon, { key, base, epoch, scope: 0n }),
  };
}

/** Input of `account-exit`. */
export function accountExitInput(poseidon: Poseidon, signals: AccountExitSignals, statement: ExitStatement): CircuitInput {
  const rows = slotRows(statement.table, statement.account.slots);
  return {
    ...signals, ...settingInput(poseidon, statement), ...ownerInput(statement.owner), ...rowValuesInput(rows), detail: rowDetails(poseidon, rows),
  };
}
