import { join } from 'node:path';
import type { Receipt } from '../../attestation/receipt.js';
import type { VenueLocation } from '../../attestation/attestation.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { baseOfVenue } from '../../attestation/venue-base.js';
import type { ExitClaim, MarginClaim, MarkClaim, SignerClaim } from '../../chain/account-claims.js';
import { circuitIdOf, digestOf } from '../../commitment/digest.js';
import { keyOf } from '../../commitment/identity.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { nullifierOf } from '../../commitment/nullifier.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { readCircuitList, type CircuitDefinition } from '../../groth16/circuit-list.js';
import type { Prover } from '../../groth16/prover.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { AccountTerms } from '../../statement/account-terms.js';
import { circuitOfShape, describeShape } from '../../proving/account-circuits.js';
import { proveAccountExit, proveAccountMargin, proveAccountSigner, proveRowMark, type OwnedAccount } from '../../proving/prove-account.js';
import type { Output } from '../output.js';
import { projectRoot } from '../project.js';
import { openProver } from '../prover.js';

/** No circuit of circuits.json has the account's shape. */
export class AccountCircuitError extends ClearproofError {
  readonly code = 'ACCOUNT_CIRCUIT';
}

/** The signing key named is not the one that the owner was made with. */
export class SigningKeyError extends ClearproofError {
  readonly code = 'SIGNING_KEY';
}

/** Makes proofs about accounts that their owners hold the secret of. */
export class AccountProver {
  constructor(
    private readonly prover: Prover,
    private readonly poseidon: Poseidon,
    private readonly catalogue: readonly CircuitDefinition[],
  ) {}

  /** An `account-margin` proof of these terms under a table. @throws AccountCircuitError, and what proveAccountMargin throws of what is not true */
  async margin({ receipt, owner }: OwnedAccount, market: MarketTable, terms: AccountTerms): Promise<MarginClaim> {
    const definition = this.circuitOf('AccountMargin', receipt, market);
    const { circuit, signals: { nullifier, nullifierNext }, proof } = await proveAccountMargin(this.prover, this.poseidon, definition, { receipt, owner, terms, market });
    return { circuitId: circuitIdOf(circuit), epoch: receipt.epoch, marketCommitment: marketCommitment(this.poseidon, market), nullifier, nullifierNext, proof };
  }

  /** An `account-exit` proof under the epoch's own table. */
  async exit(owned: OwnedAccount, recipient: string): Promise<ExitClaim> {
    const definition = this.circuitOf('AccountExit', owned.receipt, owned.receipt.market);
    const { circuit, signals: { equity, nullifier }, proof } = await proveAccountExit(this.prover, this.poseidon, definition, owned, BigInt(recipient));
    return { circuitId: circuitIdOf(circuit), equity, recipient, nullifier, proof };
  }

  /** An `account-signer` proof: both epochs' nullifiers are of the account, which was made with this signing key. @throws SigningKeyError */
  async signer(owned: OwnedAccount, epochs: { readonly epoch: number; readonly laterEpoch: number }, address: string): Promise<SignerClaim> {
    const signer = checksumAddress(address);
    if (digestOf(signer) !== owned.owner.signingKeyDigest) {
      throw new SigningKeyError(`${signer} is not the signing key of the owner file: name the address given to "owner new --signing-key"`, { signer });
    }
    const definition = this.circuitOf('AccountSigner');
    const { circuit, signals: { nullifier, laterNullifier }, proof } = await proveAccountSigner(this.prover, this.poseidon, definition, { ...owned, ...epochs });
    return { circuitId: circuitIdOf(circuit), ...epochs, nullifier, laterNullifier, signer, proof };
  }

  /** A `row-mark` proof: anybody with the table makes it. */
  async mark(venue: VenueLocation, table: MarketTable, row: number): Promise<MarkClaim> {
    const definition = this.circuitOf('RowMark', undefined, table);
    const { circuit, signals: { mark }, proof } = await proveRowMark(this.prover, this.poseidon, definition, venue, table, row);
    return { circuitId: circuitIdOf(circuit), row, mark, proof };
  }

  /** The circuit for an account and a table. @throws AccountCircuitError */
  circuitOf(template: 'AccountMargin' | 'AccountExit' | 'AccountSigner' | 'RowMark', receipt?: Receipt, table?: MarketTable): CircuitDefinition {
    const parameters = {
      ...(receipt === undefined ? {} : { K: receipt.slots, DEPTH: receipt.depth }), ...(table === undefined ? {} : { S: table.scenarios.length }),
    };
    const found = circuitOfShape(this.catalogue, { template, parameters });
    if (found !== undefined) return found;
    throw new AccountCircuitError(`circuits.json has no ${describeShape({ template, parameters })}: take a version of the program that knows the venue's circuits`, { template });
  }
}

/** What the vault knows an account by in its receipt's epoch, or another. Venue and user compute it alike. */
export function vaultNullifier(receipt: Receipt, epoch = receipt.epoch): bigint {
  return nullifierOf(portablePoseidon, {
    key: keyOf(portablePoseidon, receipt), base: baseOfVenue(portablePoseidon, receipt.venue), epoch: BigInt(epoch), scope: 0n,
  });
}

/** Whether a table is the one that the receipt's epoch closed over, which the vault knows by its commitment. */
export function isOwnTable({ market }: Receipt, table: MarketTable): boolean {
  return table === market || marketCommitment(portablePoseidon, table) === marketCommitment(portablePoseidon, market);
}

/** Runs work with a prover that is closed afterwards. @param keys folder of proving keys; the project's unless told */
export async function withAccountProver<Result>(output: Output, keys: string | undefined, work: (prover: AccountProver) => Promise<Result>): Promise<Result> {
  const pool = await openProver(output, keys);
  try {
    output.progress('proving');
    return await work(new AccountProver(pool, await bulkPoseidon(), await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json'))));
  } finally {
    output.progressDone();
    await pool.close();
  }
}
