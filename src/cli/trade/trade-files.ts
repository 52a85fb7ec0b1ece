import { parseOrder, serializeOrder } from '../../clearing/order-format.js';
import type { SignedOrder } from '../../clearing/order.js';
import { parseTrade, serializeTrade, type TradeFile } from '../../clearing/trade-format.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { readSecretText } from '../files.js';

/** An order says who wants what: its file is for the venue and the other side. @throws SecretFileError, and the errors of bundles */
export async function readOrder(file: string): Promise<SignedOrder> {
  return parseOrder(await readSecretText(file), file);
}

export async function writeOrder(file: string, order: SignedOrder): Promise<void> {
  await writeFileAtomically(file, serializeOrder(order), SECRET_FILE);
}

/** With it the commitment on the chain can be opened. @throws SecretFileError, and the errors of bundles */
export async function readTrade(file: string): Promise<TradeFile> {
  return parseTrade(await readSecretText(file), file);
}

export async function writeTrade(file: string, trade: TradeFile): Promise<void> {
  await writeFileAtomically(file, serializeTrade(trade), SECRET_FILE);
}
