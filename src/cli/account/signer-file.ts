import { canonicalText } from '../../attestation/canonical-json.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { openEnvelope, readCircuitName, readEpoch, readProof } from '../../attestation/format-fields.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import type { Groth16Proof } from '../../groth16/proof.js';
import { proofToJson } from '../../groth16/proof-json.js';
import { readText } from '../files.js';

/** That an account's owner was made with a signing key. Whose account it is the reader says: its nullifier is in no file. */
export interface SignerProof {
  readonly circuit: string;
  /** Of the nullifier that it is proven for. */
  readonly epoch: number;
  /** Address of the signing key. */
  readonly signer: string;
  readonly proof: Groth16Proof;
}

const FORMAT = 'clearproof-signing-key';
const FIELDS = ['circuit', 'epoch', 'signer', 'proof'];
const MAX_LENGTH = 4_096;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

export async function writeSignerProof(file: string, { circuit, epoch, signer, proof }: SignerProof): Promise<void> {
  await writeFileAtomically(file, `${canonicalText({ format: FORMAT, version: 1, circuit, epoch: epoch.toString(), signer, proof: { ...proofToJson(proof) } }, { file })}\n`);
}

/** Reads what "account prove-signer" wrote. @throws the errors of bundles */
export async function readSignerProof(file: string): Promise<SignerProof> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  return {
    circuit: readCircuitName(fields.field('circuit')), epoch: readEpoch(fields.field('epoch')),
    signer: checksumAddress(fields.field('signer').textLike(ADDRESS, 'an address: 0x and 40 hex digits')), proof: readProof(fields.field('proof')),
  };
}
