import type { ClearingHouseClient } from '../../chain/clearing-client.js';
import { orderSignerOf } from '../../chain/trade-signatures.js';
import type { SignedOrder } from '../../clearing/order.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** An order is not signed with the key that controls the account. */
export class OrderSignatureError extends ClearproofError {
  readonly code = 'ORDER_SIGNATURE';
}

/** @throws OrderSignatureError for an order of a contract too: whether it would sign, only the chain says */
export async function requireSigned(house: ClearingHouseClient, { venue, house: at, order, signature }: SignedOrder, file: string): Promise<void> {
  const account = await house.account(order.handle);
  const signer = orderSignerOf({ chainId: venue.chainId, house: at }, venue.venueId, order, signature);
  if (account !== undefined && signer === account.controller) return;
  throw new OrderSignatureError(
    `${file}: account ${order.handle} is controlled by ${account?.controller ?? 'nobody'}, the order is signed by ${signer ?? 'no key'}: have it signed with the controller's`,
    { file, handle: order.handle },
  );
}
