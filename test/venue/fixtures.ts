import { ClearproofError } from '../../src/error/clearproof-error.js';
import type { Account } from '../../src/venue/account.js';
import type { ByteSource } from '../../src/venue/byte-source.js';
import type { Instrument } from '../../src/venue/instrument.js';
import { collectSnapshot, readSnapshot, type SnapshotFormat } from '../../src/venue/snapshot-reader.js';

/** Instruments most importer tests use. */
export const INSTRUMENTS: readonly Instrument[] = Object.freeze([
  Object.freeze({ index: 0, id: 'USD', kind: 'cash', asset: 'USD', quantityDecimals: 6 }),
  Object.freeze({ index: 1, id: 'USD-ENTRY', kind: 'entry', asset: 'USD', quantityDecimals: 6 }),
  Object.freeze({ index: 2, id: 'BTC', kind: 'spot', asset: 'BTC', quantityDecimals: 8 }),
  Object.freeze({ index: 3, id: 'BTC-PERP', kind: 'perpetual', asset: 'USD', quantityDecimals: 8 }),
  Object.freeze({ index: 4, id: 'WEI', kind: 'spot', asset: 'WEI', quantityDecimals: 0 }),
]);

/** An input out of memory, handed over in pieces of `step` bytes. */
export function bytesSource(content: string | Uint8Array, step = 7, name = 'accounts.test'): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, bytes: pieces(bytes, step) };
}

/** Imports a text in one go. */
export async function importText(content: string | Uint8Array, format: SnapshotFormat, slots = 8): Promise<readonly Account[]> {
  return (await collectSnapshot(readSnapshot(bytesSource(content), format, INSTRUMENTS, slots))).accounts;
}

/** A check for assert.rejects and assert.throws: the code, and the file, row and field of the place. */
export function refusal(code: string, place: Readonly<Record<string, string | number>>): (error: unknown) => true {
  return (error) => {
    if (!(error instanceof ClearproofError)) throw error;
    const found = JSON.stringify({ code: error.code, ...error.details });
    const wanted = JSON.stringify({ code, ...place });
    if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}: ${error.message}`, { cause: error });
    return true;
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source needs no waiting here
async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
}
