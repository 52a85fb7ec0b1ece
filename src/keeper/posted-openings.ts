import { postedOpenings } from '../chain/liquidation-bidders-client.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import { openSealedOpening } from '../liquidation/sealed-opening.js';
import { followedOpening, type FollowedVenue } from './followed-opening.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { OpeningSource } from './keeper-ports.js';
import type { AccountNow } from './venue-view.js';

/** What a bidder opens with. */
export interface BidderKeys {
  /** As the venue approved it. */
  readonly address: string;
  /** X25519. Never logged. */
  readonly privateKey: Uint8Array;
}

/** Openings that were sealed to a bidder, and what they became since. What does not open is somebody's noise: it is told and left. */
export class PostedOpenings implements OpeningSource {
  private readonly followed = new Map<bigint, ClearedOpening>();

  constructor(
    private readonly venue: FollowedVenue,
    private readonly keys: BidderKeys,
    private readonly log: KeeperLog,
  ) {}

  handles(): Promise<readonly bigint[]> {
    return Promise.resolve([...this.followed.keys()]);
  }

  async openingOf(account: AccountNow): Promise<ClearedOpening | undefined> {
    const { handle } = account;
    const known = this.followed.get(handle);
    const found = (known === undefined ? undefined : await this.follow(account, known)) ?? await this.opened(account);
    if (found !== undefined) this.followed.set(handle, found);
    return found;
  }

  private async opened(account: AccountNow): Promise<ClearedOpening | undefined> {
    const { provider, bidders, fromBlock } = this.venue;
    for (const { commitment, ciphertexts } of [...await postedOpenings(provider, bidders, account.handle, fromBlock)].reverse()) {
      const own = ciphertexts.find(({ bidder }) => bidder === this.keys.address);
      const opening = own === undefined ? undefined : this.open(account, commitment, own.ciphertext);
      const found = opening === undefined ? undefined : await this.follow(account, opening);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private open({ handle }: AccountNow, commitment: bigint, ciphertext: Uint8Array): ClearedOpening | undefined {
    const { poseidon, venue: { chainId }, bidders } = this.venue;
    try {
      return openSealedOpening(poseidon, ciphertext, this.keys.privateKey, { chainId, bidders, handle, commitment }).opening;
    } catch (thrown) {
      this.log.warn('opening-refused', { handle, ...faultFields(thrown) });
      return undefined;
    }
  }

  private async follow(account: AccountNow, opening: ClearedOpening): Promise<ClearedOpening | undefined> {
    try {
      return await followedOpening(this.venue, account, opening);
    } catch (thrown) {
      this.log.warn('opening-not-followed', { handle: account.handle, ...faultFields(thrown) });
      return undefined;
    }
  }
}
