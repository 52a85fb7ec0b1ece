import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ClearproofError } from '../error/clearproof-error.js';

/** Why a box was not made or opened: a key is none, the bytes are no box, or the key or what it is for is another. */
export type SealedBoxReason = 'key' | 'form' | 'closed';

/** A text was not sealed, or bytes do not open. No message says anything of the text. */
export class SealedBoxError extends ClearproofError {
  readonly code = 'SEALED_BOX';

  constructor(readonly reason: SealedBoxReason, message: string, options?: ErrorOptions) {
    super(message, { reason }, options);
  }
}

/** An X25519 key pair, 32 bytes each. */
export interface EncryptionKeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** First byte of every box. */
export const BOX_VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_BYTES + NONCE_BYTES;
const CIPHER = 'aes-256-gcm';
/** Lengths are padded to this: a length tells little of what is in it. */
const PAGE_BYTES = 1024;
const LENGTH_BYTES = 4;
/** DER around a raw X25519 key. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

/** A fresh key pair from the system's generator. */
export function newEncryptionKeyPair(): EncryptionKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_HEAD.length),
    publicKey: rawPublic(publicKey),
  };
}

/** Public half of a private key. @throws SealedBoxError */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return rawPublic(createPublicKey(privateOf(privateKey)));
}

/**
 * Seals a text to a key: version, ephemeral key, nonce, and the text, deflated and padded, under AES-256-GCM. The key is HKDF-SHA256 of
 * the X25519 secret over both public keys and `purpose`, which says what the box is and what it belongs to. docs/formats.md has the bytes.
 *
 * @throws SealedBoxError for what is no X25519 key
 */
export function sealText(text: string, publicKey: Uint8Array, purpose: string): Uint8Array {
  const ephemeral = generateKeyPairSync('x25519');
  const ephemeralPublic = rawPublic(ephemeral.publicKey);
  const nonce = randomBytes(NONCE_BYTES);
  const head = Buffer.concat([Buffer.from([BOX_VERSION]), ephemeralPublic, nonce]);
  const key = keyOf(sharedSecret(ephemeral.privateKey, publicKey), ephemeralPublic, publicKey, purpose);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(head);
  const body = Buffer.concat([cipher.update(padded(deflateRawSync(Buffer.from(text, 'utf8')))), cipher.final()]);
  return Buffer.concat([head, body, cipher.getAuthTag()]);
}

/** @param mostBytes of the text: what a stranger sends may deflate to anything. @throws SealedBoxError */
export function openText(box: Uint8Array, privateKey: Uint8Array, purpose: string, mostBytes: number): string {
  const bytes = Buffer.from(box);
  if (bytes.length < HEAD_BYTES + TAG_BYTES || bytes[0] !== BOX_VERSION) {
    throw new SealedBoxError('form', `${bytes.length} bytes are no sealed box of version ${BOX_VERSION}`);
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  const ephemeralPublic = head.subarray(1, 1 + KEY_BYTES);
  const own = privateOf(privateKey);
  const key = keyOf(sharedSecret(own, ephemeralPublic), ephemeralPublic, rawPublic(createPublicKey(own)), purpose);
  try {
    const decipher = createDecipheriv(CIPHER, key, head.subarray(1 + KEY_BYTES), { authTagLength: TAG_BYTES }).setAAD(head);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    return inflateRawSync(unpadded(opened), { maxOutputLength: mostBytes }).toString('utf8');
  } catch (cause) {
    throw new SealedBoxError('closed', 'this key does not open the box for this purpose', { cause });
  }
}

function sharedSecret(privateKey: KeyObject, publicKey: Uint8Array): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey: publicOf(publicKey) });
  } catch (cause) {
    // Also for points of small order, whose secret anybody knows.
    throw new SealedBoxError('key', 'the encryption key is no usable X25519 public key: it must be 32 bytes as "account encryption-key" makes them', { cause });
  }
}

function keyOf(secret: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, Buffer.concat([ephemeral, recipient]), purpose, KEY_BYTES));
}

/** Length, text, zeros to a whole page. */
function padded(content: Uint8Array): Buffer {
  const pages = Math.ceil((LENGTH_BYTES + content.length) / PAGE_BYTES);
  const page = Buffer.alloc(pages * PAGE_BYTES);
  page.writeUInt32BE(content.length);
  page.set(content, LENGTH_BYTES);
  return page;
}

function unpadded(page: Buffer): Buffer {
  const length = page.readUInt32BE();
  if (LENGTH_BYTES + length > page.length) throw new RangeError('the length is beyond the text');
  return page.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);
}

function publicOf(raw: Uint8Array): KeyObject {
  if (raw.length !== KEY_BYTES) throw new RangeError(`${raw.length} bytes`);
  return createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
}

function privateOf(raw: Uint8Array): KeyObject {
  if (raw.length !== KEY_BYTES) throw new SealedBoxError('key', `a private encryption key has ${KEY_BYTES} bytes, this one ${raw.length}`);
  return createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, raw]), format: 'der', type: 'pkcs8' });
}
