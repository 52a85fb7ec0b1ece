import type { VenueLocation } from '../attestation/attestation.js';
import type { Receipt } from '../attestation/receipt.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { slotsOf } from '../commitment/account-leaf.js';
import { circuitIdOf } from '../commitment/digest.js';
import { keyOf, ownerOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Prover } from '../groth16/prover.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt, tieredRows } from '../risk/tiers.js';
import type { AccountExitSignals } from '../statement/account-exit.js';
import type { AccountMarginSignals } from '../statement/account-margin.js';
import type { AccountSignerSignals } from '../statement/account-signer.js';
import type { AccountTerms } from '../statement/account-terms.js';
import type { RowMarkSignals } from '../statement/row-mark.js';
import { accountExitInput, accountExitSignals } from '../witness/account-exit-input.js';
import { accountMarginInput, accountMarginSignals, type MarginStatement } from '../witness/account-margin-input.js';
import type { AccountSecret, AccountSetting } from '../witness/account-parts.js';
import { accountSignerInput, accountSignerSignals } from '../witness/account-signer-input.js';
import { rowMarkInput, rowMarkSignals } from '../witness/row-mark-input.js';
import { checkTerms } from './account-checks.js';
import { MarkRangeError, OwnerMismatchError } from './account-errors.js';
import { parameterOf } from './circuit-advice.js';
import { ShapeMismatchError } from './shape-mismatch-error.js';

/** A proof about one account or row, with its public signals by name. */
export interface ProvenStatementOf<Signals> {
  readonly circuit: string;
  readonly signals: Signals;
  readonly proof: Groth16Proof;
}

/** What an owner file holds. Never logged, never in an error. */
export interface OwnerSecret {
  readonly secret: bigint;
  readonly signingKeyDigest: bigint;
}

/** Who proves, and of which account. */
export interface OwnedAccount {
  readonly receipt: Receipt;
  readonly owner: OwnerSecret;
}

/** What is proven of an account in an epoch's tree. */
export interface MarginRequest extends OwnedAccount {
  /** Healthy or held. */
  readonly terms: AccountTerms;
  /** The table to meet; the epoch's own unless told. */
  readonly market?: MarketTable;
}

/** Bits of the marks that contracts value at. */
const MARK_BITS = 47n;

/**
 * Proves what the terms say of a receipt's account, in an `account-margin` circuit of its shape.
 *
 * @throws OwnerMismatchError, ShapeMismatchError, TermsRangeError, the errors of checkTerms, and the prover's
 */
export async function proveAccountMargin(
  prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, { receipt, owner, terms, market = receipt.market }: MarginRequest,
): Promise<ProvenStatementOf<AccountMarginSignals>> {
  const secret = ownedSecret(poseidon, receipt, owner);
  const setting = settingOf(poseidon, circuit, receipt, market);
  checkTerms(market, receipt.holdings, terms);
  return proveMargin(prover, poseidon, circuit, { ...setting, terms, owner: secret });
}

/** Proves a statement of `account-margin` as it is: whether it is true is the circuit's to say. @throws the prover's errors */
export async function proveMargin(prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, statement: MarginStatement): Promise<ProvenStatementOf<AccountMarginSignals>> {
  const signals = accountMarginSignals(poseidon, statement);
  const { proof } = await prover.prove(circuit.name, accountMarginInput(poseidon, signals, statement));
  return { circuit: circuit.name, signals, proof };
}

/**
 * Proves what a receipt's account is worth under its epoch's own table, for a recipient.
 *
 * @param recipient address as an integer
 * @throws OwnerMismatchError, ShapeMismatchError, and the prover's errors
 */
export async function proveAccountExit(
  prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, { receipt, owner }: OwnedAccount, recipient: bigint,
): Promise<ProvenStatementOf<AccountExitSignals>> {
  const secret = ownedSecret(poseidon, receipt, owner);
  const statement = { ...settingOf(poseidon, circuit, receipt, receipt.market), owner: secret, recipient };
  const signals = accountExitSignals(poseidon, statement);
  const { proof } = await prover.prove(circuit.name, accountExitInput(poseidon, signals, statement));
  return { circuit: circuit.name, signals, proof };
}

/** The same account in two epochs. */
export interface SignerRequest extends OwnedAccount {
  readonly epoch: number;
  readonly laterEpoch: number;
}

/**
 * Proves which signing key the account's owner was made with, for its nullifiers of two epochs.
 *
 * @throws OwnerMismatchError, and the prover's errors
 */
export async function proveAccountSigner(
  prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, { receipt, owner, epoch, laterEpoch }: SignerRequest,
): Promise<ProvenStatementOf<AccountSignerSignals>> {
  const statement = {
    base: baseOfVenue(poseidon, receipt.venue), circuitId: circuitIdOf(circuit.name), epoch: BigInt(epoch), laterEpoch: BigInt(laterEpoch),
    owner: ownedSecret(poseidon, receipt, owner),
  };
  const signals = accountSignerSignals(poseidon, statement);
  const { proof } = await prover.prove(circuit.name, accountSignerInput(signals, statement));
  return { circuit: circuit.name, signals, proof };
}

/**
 * Proves the mark of one row of a table.
 *
 * @throws UnknownInstrumentError, MarkRangeError, ShapeMismatchError, and the prover's errors
 */
export async function proveRowMark(
  prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, venue: VenueLocation, table: MarketTable, row: number,
): Promise<ProvenStatementOf<RowMarkSignals>> {
  requireShape(circuit, { S: table.scenarios.length });
  const { id, mark } = rowAt(table, row);
  if (mark < 0n || mark >= 1n << MARK_BITS) throw new MarkRangeError(`the mark of ${id} is not in [0, 2^${MARK_BITS}): no contract values anything at it`, { row, mark });
  const signals = rowMarkSignals(poseidon, baseOfVenue(poseidon, venue), circuitIdOf(circuit.name), table, row);
  const { proof } = await prover.prove(circuit.name, rowMarkInput(poseidon, signals, table));
  return { circuit: circuit.name, signals, proof };
}

/** The owner, once it is the receipt's. @throws OwnerMismatchError */
function ownedSecret(poseidon: Poseidon, receipt: Receipt, { secret, signingKeyDigest }: OwnerSecret): AccountSecret {
  if (ownerOf(poseidon, secret, signingKeyDigest) !== receipt.owner) {
    throw new OwnerMismatchError('the owner file is not the one this account was made for: take the file whose owner number the receipt names', { owner: receipt.owner });
  }
  return { secret, signer: signingKeyDigest, userId: receipt.userId, subAccount: receipt.subAccount };
}

/** @throws ShapeMismatchError for a circuit of another shape, LeafShapeError for a receipt that fits in no leaf */
function settingOf(poseidon: Poseidon, circuit: CircuitDefinition, receipt: Receipt, table: MarketTable): AccountSetting {
  requireShape(circuit, { K: receipt.slots, S: table.scenarios.length, DEPTH: receipt.depth });
  // Unused slots stand where the epoch's own table put them, whatever table is proven against.
  const slots = slotsOf(receipt.holdings, receipt.slots, tieredRows(receipt.market));
  return {
    base: baseOfVenue(poseidon, receipt.venue), circuitId: circuitIdOf(circuit.name), epoch: BigInt(receipt.epoch),
    account: { key: keyOf(poseidon, receipt), salt: receipt.salt, slots }, place: { source: 'tree', path: receipt.path }, depth: receipt.depth, table,
  };
}

/** @throws ShapeMismatchError for a circuit whose parameters are others */
export function requireShape(circuit: CircuitDefinition, wanted: Readonly<Record<string, number>>): void {
  for (const [parameter, value] of Object.entries(wanted)) {
    const has = parameterOf(circuit, parameter);
    if (has !== value) throw new ShapeMismatchError(`circuit ${circuit.name} has ${parameter} = ${has}, this account or table wants ${value}: take a circuit of that shape`, { circuit: circuit.name, parameter });
  }
}
