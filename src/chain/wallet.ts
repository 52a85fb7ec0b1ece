import { readFile, stat } from 'node:fs/promises';
import { Wallet, type Provider, type Signer } from 'ethers';
import { OTHERS_MAY_READ } from '../file/atomic-file.js';
import { ClearproofError } from '../error/clearproof-error.js';

/** A signing key cannot be used. The key itself is never shown. */
export class KeyFileError extends ClearproofError {
  readonly code = 'KEY_FILE';
}

/** A signer that can send. */
export type ConnectedSigner = Signer & { readonly provider: Provider; readonly address: string };


/**
 * The account whose private key is the hex text in `file`.
 *
 * @throws KeyFileError when the file is missing, readable by others, or holds no key
 */
export async function walletFromFile(file: string, provider: Provider): Promise<ConnectedSigner> {
  return (await signerFromFile(file)).connect(provider) as ConnectedSigner;
}

/** As walletFromFile, for signing where no chain is: the account cannot send. */
export async function signerFromFile(file: string): Promise<Wallet> {
  let text: string;
  try {
    const { mode } = await stat(file);
    if ((mode & OTHERS_MAY_READ) !== 0) throw new KeyFileError(`${file} can be read by others: run "chmod 600 ${file}"`, { file });
    text = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if (cause instanceof KeyFileError) throw cause;
    throw new KeyFileError(`${file} cannot be read: name the file that holds the signing key`, { file }, { cause });
  }
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) throw new KeyFileError(`${file} holds no private key: it must be 64 hex digits`, { file });
  try {
    return new Wallet(text.startsWith('0x') ? text : `0x${text}`);
  } catch (cause) {
    throw new KeyFileError(`${file} holds no private key: the number is not between 1 and the order of secp256k1`, { file }, { cause });
  }
}
