import type { Boards } from '../../chain/board-changes.js';
import type { Deployment } from '../../chain/deployment.js';
import { MarketBoardClient } from '../../chain/market-board-client.js';
import { PriceBoardClient } from '../../chain/price-board-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { ClearproofError } from '../../error/clearproof-error.js';

/** The venue's market source is a stand-in. */
export class NoBoardsError extends ClearproofError {
  readonly code = 'NO_BOARDS';
}

/** A configuration names other feeds than the price board reads. */
export class OtherFeedsError extends ClearproofError {
  readonly code = 'OTHER_FEEDS';
}

/** @throws NoBoardsError */
function priceBoardOf({ prices }: Deployment): string {
  if (prices !== undefined) return prices;
  throw new NoBoardsError('the venue has no price board, for its tables are the parameter admin\'s word: deploy with --timelock');
}

/** Clients of both boards. @throws NoBoardsError */
export function boardsOf(signer: ConnectedSigner, deployment: Deployment): Boards {
  return {
    prices: new PriceBoardClient(priceBoardOf(deployment), deployment.venueId, signer),
    markets: new MarketBoardClient(deployment.markets, deployment.venueId, signer),
  };
}
