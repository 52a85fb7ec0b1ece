import { canonicalText } from '../../attestation/canonical-json.js';
import { newEncryptionKeyPair, publicKeyOf, type EncryptionKeyPair } from '../../attestation/sealed-box.js';
import { openEnvelope } from '../../attestation/format-fields.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { createSecretFile, readSecretText } from '../files.js';

/** An encryption key file contradicts itself. The key is never shown. */
export class EncryptionKeyError extends ClearproofError {
  readonly code = 'ENCRYPTION_KEY';
}

const FORMAT = 'clearproof-encryption-key';
const KEY = /^0x[0-9a-f]{64}$/;
const MAX_LENGTH = 1_024;

/** Makes a key pair: the private key stays in `file` (mode 0600). @returns the public key, bytes in hex. @throws SecretFileError when the file is there */
export async function newEncryptionKey(file: string): Promise<string> {
  const { privateKey, publicKey } = newEncryptionKeyPair();
  const content = { format: FORMAT, version: 1, privateKey: hexOf(privateKey), publicKey: hexOf(publicKey) };
  await createSecretFile(file, `${canonicalText(content, { file })}\n`);
  return content.publicKey;
}

/** @throws SecretFileError, EncryptionKeyError, and the errors of bundles */
export async function readEncryptionKey(file: string): Promise<EncryptionKeyPair> {
  const { fields } = openEnvelope(await readSecretText(file), { file }, FORMAT, ['privateKey', 'publicKey'], MAX_LENGTH);
  const [privateKey, publicKey] = ['privateKey', 'publicKey'].map((name) => bytesOf(fields.field(name).textLike(KEY, '32 bytes: 0x and 64 lower-case hex digits'))) as [Uint8Array, Uint8Array];
  if (hexOf(publicKeyOf(privateKey)) !== hexOf(publicKey)) {
    throw new EncryptionKeyError(`${file}: its public key is not that of its private key: the file was changed, take a copy that was not`, { file });
  }
  return { privateKey, publicKey };
}

/** Bytes as hex with 0x, as contracts take them. */
export function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** Bytes of hex with 0x, as events hold them. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
}
