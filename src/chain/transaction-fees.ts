import { ClearproofError } from '../error/clearproof-error.js';

/** What a transaction may cost, wei a unit of gas (EIP-1559). */
export interface TransactionFees {
  /** Base fee and priority fee together never exceed it. */
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
}

/** Most that a publisher pays, wei a unit of gas. */
export interface FeeCaps {
  readonly maxFee: bigint;
  /** Of a first attempt; replacements may go beyond, up to `maxFee`. */
  readonly priorityFee: bigint;
}

/** Blocks ask for more than the configured cap. Waiting may help, raising the cap will. `details.baseFee`, `details.cap`, wei a unit of gas. */
export class FeeCapError extends ClearproofError {
  readonly code = 'FEE_CAP';
}

/** Nodes take a replacement from 10 % on; some from 12.5 %. */
const BUMP_NUMERATOR = 1_125n;
const BUMP_DENOMINATOR = 1_000n;

/** For a first attempt: holds through a doubling of the base fee, six full blocks, where the cap allows. @throws FeeCapError when the cap does not reach the base fee */
export function firstFees(baseFee: bigint, suggestedPriority: bigint, caps: FeeCaps): TransactionFees {
  if (baseFee > caps.maxFee) {
    throw new FeeCapError(
      `the base fee is ${baseFee} wei and the configured cap ${caps.maxFee} wei: wait until blocks are emptier or raise the cap`, { baseFee, cap: caps.maxFee },
    );
  }
  const priorityFee = least(suggestedPriority, caps.priorityFee);
  const maxFee = least(2n * baseFee + priorityFee, caps.maxFee);
  return { maxFee, priorityFee: least(priorityFee, maxFee) };
}

/** For a replacement of the same nonce: at least 12.5 % above the attempt before, both. Undefined where that exceeds the cap. */
export function replacementFees(before: TransactionFees, wanted: TransactionFees, caps: FeeCaps): TransactionFees | undefined {
  const maxFee = most(bumped(before.maxFee), wanted.maxFee);
  const priorityFee = most(bumped(before.priorityFee), wanted.priorityFee);
  if (maxFee > caps.maxFee || priorityFee > maxFee) return undefined;
  return { maxFee, priorityFee };
}

function bumped(fee: bigint): bigint {
  const raised = (fee * BUMP_NUMERATOR + BUMP_DENOMINATOR - 1n) / BUMP_DENOMINATOR;
  // From 0, 12.5 % more is still 0, which nodes take for no replacement.
  return raised > fee ? raised : fee + 1n;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
