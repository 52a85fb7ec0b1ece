import { isError, type TransactionReceipt, type TransactionResponse } from 'ethers';

const PATIENCE_MS = 3_000;

/**
 * Waits until a transaction is in a block. ethers looks for the receipt and then for the next block: it misses a block that comes between
 * the two, and a chain that mines on demand makes no other. So it is asked anew from time to time, which looks for the receipt first.
 *
 * @param patienceMs how long one wait may take, milliseconds
 * @throws what `wait` throws of a transaction that reverted or was replaced, and of an end point that went away
 */
export async function minedReceipt(response: Pick<TransactionResponse, 'wait'>, patienceMs = PATIENCE_MS): Promise<TransactionReceipt | null> {
  for (;;) {
    try {
      return await response.wait(1, patienceMs);
    } catch (cause) {
      if (!isEndOfPatience(cause)) throw cause;
    }
  }
}

/** A request that the end point did not answer in time has the same code. */
function isEndOfPatience(cause: unknown): boolean {
  return isError(cause, 'TIMEOUT') && cause.shortMessage === 'wait for transaction timeout';
}
