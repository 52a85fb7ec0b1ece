import { instrumentDigest } from '../commitment/market-commitment.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { MAX_MOVE, packRates } from '../risk/row-terms.js';
import { kindCode } from '../venue/instrument.js';
import { SignalsShapeError } from './named-signals.js';
import { pointOf } from './public-vector.js';

/** What the point z is derived from, besides the vector. */
export interface TableContext {
  readonly base: bigint;
  readonly marketCommitment: bigint;
  /** Unix seconds. */
  readonly snapshotTime: bigint;
}

/** Added to a move, so that it is an unsigned word. */
const MOVE_OFFSET = MAX_MOVE + 1;

/** What a row is, as the board reads it from the row's line: `kind + 8 * continues + 16 * cap`, cap 0 where there is none. */
export function listedClass({ kind, predecessor, cap }: Pick<MarketRow, 'kind' | 'predecessor' | 'cap'>): bigint {
  return BigInt(kindCode(kind)) + (predecessor > 0 ? 8n : 0n) + 16n * cap;
}

/**
 * Prices, parameters and identities of a table as the board knows them: number of rows, `P + 256` and `B + 256` of each
 * scenario, then of each row instrument digest, listed class, activation epoch, price, volatility, multiplier, rates and strike.
 *
 * @throws SignalsShapeError for a table that no parameter set made: the board has no words for it
 */
export function tableVector({ moves, rows }: MarketTable): bigint[] {
  if (moves === undefined) throw new SignalsShapeError('the table has no scenario moves: make it from a parameter set');
  const words = rows.flatMap((row) => {
    const { terms, volatility = 0n } = row;
    if (terms === undefined) throw new SignalsShapeError(`row ${row.index}, ${row.id}, has no terms: make the table from a parameter set`);
    return [instrumentDigest(row), listedClass(row), BigInt(row.activationEpoch), row.oraclePrice, volatility, terms.multiplier, packRates(terms), terms.strike];
  });
  return [BigInt(rows.length), ...moves.flatMap(({ price, basis }) => [BigInt(price + MOVE_OFFSET), BigInt(basis + MOVE_OFFSET)]), ...words];
}

/** `keccak256(abi.encode(base, marketCommitment, snapshotTime, vector)) mod p`, as the board computes it. */
export function tablePoint({ base, marketCommitment, snapshotTime }: TableContext, vector: readonly bigint[]): bigint {
  return pointOf([base, marketCommitment, snapshotTime], vector);
}
