import { createHash, createHmac, randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { ClearproofError } from '../error/clearproof-error.js';
import { SECRET_FILE, temporaryName, writeFileAtomically } from '../file/atomic-file.js';

const KEY_BYTES = 32;
const KEY_TEXT = /^[0-9a-f]{64}\n?$/;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** Of group and others. */
const FOREIGN_RIGHTS = 0o077;

/** The file with the receipt key is no such file, or others may read it. */
export class ReceiptKeyError extends ClearproofError {
  readonly code = 'RECEIPT_KEY';
}

/** Which receipt a token opens. */
export interface ReceiptReference {
  readonly chainId: bigint;
  /** Address; its case does not matter. */
  readonly registry: string;
  readonly venueId: bigint;
  readonly epoch: number;
  readonly position: number;
}

/** Whose account an access key opens, in every epoch. */
export interface AccessReference {
  readonly chainId: bigint;
  /** Address; its case does not matter. */
  readonly registry: string;
  readonly venueId: bigint;
  readonly userId: string;
  readonly subAccount: number;
}

/** Makes receipt tokens and access keys. Whoever has it can open every receipt of the venue. */
export class ReceiptKey {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /**
   * Reads the key, or makes one at the first start: of several processes that start together, one makes it.
   *
   * @throws ReceiptKeyError when the file holds no key, or group or others have any right to it
   */
  static async load(path: string): Promise<ReceiptKey> {
    return (await readKey(path)) ?? (await makeKey(path).then(() => readKey(path))) ?? Promise.reject(malformed(path));
  }

  /** A key from text as the file has it. @throws ReceiptKeyError */
  static fromText(text: string, path: string): ReceiptKey {
    if (!KEY_TEXT.test(text)) throw malformed(path);
    return new ReceiptKey(Buffer.from(text.trim(), 'hex'));
  }

  /** 256 bits, base64url: HMAC-SHA-256 over what the receipt is of. The same for the same receipt, always. */
  tokenOf({ chainId, registry, venueId, epoch, position }: ReceiptReference): string {
    return createHmac('sha256', this.#key).update(['receipt', chainId, registry.toLowerCase(), venueId, epoch, position].join('|')).digest('base64url');
  }

  /** 32 bytes, the same in every epoch: HMAC-SHA-256 over whose account it is. The user id stands last, for it may hold the separator. */
  accessKeyOf({ chainId, registry, venueId, userId, subAccount }: AccessReference): Uint8Array {
    return createHmac('sha256', this.#key).update(['access', chainId, registry.toLowerCase(), venueId, subAccount, userId].join('|')).digest();
  }

  /** 32 bytes that entries of nobody are made from in the buckets of one attestation. */
  paddingKeyOf(attestationSha256: string): Uint8Array {
    return createHmac('sha256', this.#key).update(['padding', attestationSha256].join('|')).digest();
  }
}

/** What the database has of a token. Undefined for what can be no token. */
export function receiptTokenSha256(token: string): Uint8Array | undefined {
  // 43 characters of base64 carry 258 bits; only tokens whose last two are 0 are made.
  if (!TOKEN.test(token) || Buffer.from(token, 'base64url').toString('base64url') !== token) return undefined;
  return createHash('sha256').update(token).digest();
}

async function readKey(path: string): Promise<ReceiptKey | undefined> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (file === undefined) return undefined;
  try {
    const { mode } = await file.stat();
    if ((mode & FOREIGN_RIGHTS) !== 0) {
      throw new ReceiptKeyError(`${path} may be read by others: whoever read it can open every receipt; chmod 600 it, and if anybody may have read it, move it away and send new tokens`, { path });
    }
    return ReceiptKey.fromText(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

/** A link is made or not, and never over another file. */
async function makeKey(path: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeFileAtomically(temporary, `${randomBytes(KEY_BYTES).toString('hex')}\n`, SECRET_FILE);
    await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function malformed(path: string): ReceiptKeyError {
  return new ReceiptKeyError(`${path} holds no receipt key (64 hex digits): restore it from a backup; a new key opens no receipt that was handed out`, { path });
}
