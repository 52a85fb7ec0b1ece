import { signOpenings, type HouseTarget } from '../chain/trade-signatures.js';
import type { ConnectedSigner } from '../chain/wallet.js';
import { requireRoomToSettle, type SettledRow } from '../clearing/room-to-settle.js';
import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { ReceiptSource } from './keeper-ports.js';

/** The venue's own bidder: its operator signs for what it holds itself, by the rules that it signs for others. */
export class OperatorReceipts implements ReceiptSource {
  constructor(
    private readonly operator: ConnectedSigner,
    private readonly target: HouseTarget & { readonly venueId: bigint },
    private readonly poseidon: Poseidon,
    private readonly settledRowsOf: (opening: ClearedOpening) => Promise<readonly SettledRow[]>,
  ) {}

  /** @throws NoFreeSlotError for an account that could not pay what it owes */
  async receiptFor(handle: bigint, opening: ClearedOpening): Promise<string | undefined> {
    requireRoomToSettle(opening, await this.settledRowsOf(opening));
    return signOpenings(this.operator, this.target, this.target.venueId, [{ handle, commitment: clearedCommitment(this.poseidon, opening) }]);
  }
}
