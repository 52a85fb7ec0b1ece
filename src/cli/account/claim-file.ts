import { writeFileAtomically } from '../../file/atomic-file.js';
import { toSolidityProof } from '../../chain/epoch-submission.js';
import type { MarginClaim } from '../../chain/account-claims.js';
import type { VenueLocation } from '../../attestation/attestation.js';
import { bigintAsText } from '../output.js';

/** What a margin proof is for and says, beside the claim itself. */
export interface ClaimDescription {
  readonly venue: VenueLocation;
  readonly circuit: string;
  /** Margin level and time of the table. */
  readonly level: string;
  readonly marketTime: number;
  /** Of the nullifiers. */
  readonly scope: bigint;
  readonly context: bigint;
}

const FORMAT = 'clearproof-margin-claim';
const VERSION = 1;

/** Text of a claim file; `claim` in it is what contracts and ABI encoders take, as it stands. docs/formats.md. */
export function claimText(claim: MarginClaim, description: ClaimDescription): string {
  const content = {
    format: FORMAT, version: VERSION, ...description, marketTime: BigInt(description.marketTime),
    claim: { ...claim, epoch: BigInt(claim.epoch), proof: toSolidityProof(claim.proof) },
  };
  return `${JSON.stringify(content, bigintAsText, 2)}\n`;
}

export async function writeClaim(file: string, claim: MarginClaim, description: ClaimDescription): Promise<void> {
  await writeFileAtomically(file, claimText(claim, description));
}
