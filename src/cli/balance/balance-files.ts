import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSignedBalance, serializeSignedBalance } from '../../attestation/balance-receipt-format.js';
import type { SignedBalance } from '../../attestation/balance-receipt.js';
import { ClearproofError, messageOf } from '../../error/clearproof-error.js';
import { SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../../file/atomic-file.js';
import { decodeUtf8, fileSource, linesOf } from '../../venue/byte-source.js';
import { FileReadError, readText, refuseExisting } from '../files.js';

/** A file of balance receipts has none, or several where one is needed. */
export class BalanceFileError extends ClearproofError {
  readonly code = 'BALANCE_FILE';
}

/** One receipt a line: a file of one is that receipt's own file. Mode 600. @throws SecretFileError when the file is there */
export async function writeBalances(file: string, balances: readonly SignedBalance[]): Promise<void> {
  await refuseExisting(file);
  await writeFileAtomically(file, linesFor(balances), SECRET_FILE);
}

/** One file a receipt, numbered in the order of the accounts. Modes 700 and 600. @throws SecretFileError when the folder is there */
export async function writeBalanceFolder(folder: string, balances: readonly SignedBalance[]): Promise<void> {
  await refuseExisting(folder);
  await mkdir(folder, { recursive: true, mode: SECRET_FOLDER });
  for (const [place, balance] of balances.entries()) await writeFileAtomically(join(folder, `${String(place).padStart(8, '0')}.json`), linesFor([balance]), SECRET_FILE);
}

/** A user's own receipt. @throws BalanceFileError for a file of several, and the errors of the format */
export async function readBalance(file: string): Promise<SignedBalance> {
  const text = (await readText(file)).trim();
  if (text.includes('\n{')) throw new BalanceFileError(`${file} holds several balance receipts, one a line: name a file of one`, { file });
  return parseSignedBalance(text, file);
}

/** All receipts of a file or of a folder's `.json` and `.ndjson` files, one after the other. @throws FileReadError, and the errors of the format */
export async function* balancesIn(path: string): AsyncGenerator<SignedBalance> {
  for (const file of await filesOf(path)) {
    for await (const { text, row } of linesOf(decodeUtf8(fileSource(file)), file)) yield parseSignedBalance(text, `${file}, line ${row}`);
  }
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    return (await readdir(path)).filter((name) => /\.(json|ndjson)$/.test(name)).sort().map((name) => join(path, name));
  } catch (cause) {
    throw new FileReadError(`${path} cannot be read (${messageOf(cause)}): check the path`, { file: path }, { cause });
  }
}

function* linesFor(balances: readonly SignedBalance[]): Generator<string> {
  for (const balance of balances) yield `${serializeSignedBalance(balance)}\n`;
}
