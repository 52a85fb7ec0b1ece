import type { VaultLimit } from '../../chain/vault-venue-client.js';
import type { FieldChange } from './board.js';
import type { Backed } from './figure.js';
import { printable } from './printable.js';

/** What a rule, feed or limit says, as the contract has it. */
export type FieldValue = bigint | number | boolean | string | readonly string[];
export type Fields = Readonly<Record<string, FieldValue>>;

/** A line of an instrument: nine fields, the longest of 32 characters. */
const MAX_TEXT = 160;

const NONE = '';
const SECONDS = 'seconds';
const PPM = 'ppm';

/** Units of the fields that rules, feeds and limits have. */
const UNITS: Readonly<Record<string, string>> = {
  timelock: SECONDS, payoutTableAge: SECONDS, demandWindow: SECONDS, answerWindow: SECONDS, requestDelay: SECONDS, hatchAfter: SECONDS, claimWindow: SECONDS,
  limitWindow: SECONDS, demandBond: 'wei', newRiskMaxAge: SECONDS, liquidationMaxAge: SECONDS, sequencerGrace: SECONDS, threshold: 'signatures',
  tableMaxAge: SECONDS, rateStep: PPM, rateShare: PPM, moveStep: 'sixtieths', volatilityBound: PPM, volatilityMaxAge: SECONDS,
  heartbeat: SECONDS, maxDeviation: 'ppm an hour', maxConfidence: PPM, minPrice: '10^-8 of the settlement currency', maxPrice: '10^-8 of the settlement currency',
  maxDeposits: 'quanta', maxLoans: 'quanta', payoutLimit: 'token base units', amount: 'token base units',
  staleAfter: SECONDS, haltAfter: SECONDS, maxSubmissionAge: SECONDS, marketTolerance: SECONDS, challengeWindow: SECONDS, bond: 'wei',
  valueUnitsPerFundUnit: 'value units in a base unit of the fund\'s token', valueScale: 'decimals of a value unit',
};

/** Rules are records of plain values, whatever their names. */
export function asFields(rules: object | undefined): Fields | undefined {
  return rules === undefined ? undefined : { ...rules };
}

/** Without the asset, which names the record. */
export function limitFields(limit: VaultLimit | undefined): Fields | undefined {
  return limit === undefined ? undefined : { ...limit.coverage, payoutLimit: limit.payoutLimit };
}

export function unitOfField(field: string): string {
  return UNITS[field] ?? '';
}

/** Each field that differs between two sets of fields, in the order of the newer one, then those that are gone. */
export function fieldDiff(subject: string, before: Fields | undefined, after: Fields | undefined, { standing, source }: Backed): FieldChange[] {
  const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...names].flatMap((field): FieldChange[] => {
    const [from, to] = [textOf(before?.[field]), textOf(after?.[field])];
    return from === to ? [] : [{ subject, field, from, to, unit: unitOfField(field), direction: 'neutral', standing, source }];
  });
}

/** A field's value as text: integers in plain digits, lists with commas, and texts of a contract made fit to print. */
export function textOf(value: FieldValue | undefined): string {
  if (value === undefined) return NONE;
  if (typeof value === 'string') return isHex(value) ? value : printable(value, NONE, MAX_TEXT);
  if (typeof value === 'object') return value.map(textOf).join(', ');
  return String(value);
}

/** Addresses and hashes are longer than a name may be, and cannot be hostile. */
function isHex(value: string): boolean {
  return /^0x[0-9a-fA-F]{1,64}$/.test(value);
}
