import { openingAfter, planTransition } from '../../../src/clearing/apply-transition.js';
import type { TransitionWish } from '../../../src/clearing/transition-plan.js';
import type { ClearedOpening } from '../../../src/commitment/cleared-account.js';
import type { TradeTerms } from '../../../src/commitment/trade-commitment.js';
import type { MarkClaim } from '../../../src/chain/account-claims.js';
import type { KeeperProver } from '../../../src/keeper/keeper-ports.js';
import type { ProvenVerdict } from '../../../src/liquidation/bid.js';
import { marginOf } from '../../../src/liquidation/liquidated-account.js';
import type { TransitionProof } from '../../../src/proving/prove-transition.js';
import type { MarketTable } from '../../../src/risk/market-table.js';

const PROOF = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] } as const;

/** A proof that was asked for. */
export interface AskedProof {
  readonly what: 'healthy' | 'unhealthy' | 'mark' | 'transition';
  readonly level: MarketTable['level'];
  readonly context?: bigint;
  readonly row?: number;
  readonly wish?: TransitionWish;
}

/** Says what is true, without a proof; what is not true it refuses, as the real one does. */
export class StandInProver implements KeeperProver {
  readonly asked: AskedProof[] = [];

  constructor(private readonly commitments: ReadonlyMap<MarketTable, bigint>) {}

  verdict(account: ClearedOpening, market: MarketTable, healthy: boolean, context: bigint): Promise<ProvenVerdict> {
    this.asked.push({ what: healthy ? 'healthy' : 'unhealthy', level: market.level, context });
    if (marginOf(market, account).healthy !== healthy) return Promise.reject(new Error('a verdict that is not true'));
    return Promise.resolve({ circuitId: healthy ? 1n : 2n, marketCommitment: this.marketCommitment(market), proof: PROOF });
  }

  mark(market: MarketTable, row: number): Promise<MarkClaim> {
    this.asked.push({ what: 'mark', level: market.level, row });
    return Promise.resolve({ circuitId: 3n, row, mark: market.rows[row]?.mark ?? 0n, proof: PROOF });
  }

  transition(before: ClearedOpening, market: MarketTable, wish: TransitionWish): Promise<TransitionProof> {
    this.asked.push({ what: 'transition', level: market.level, wish });
    const plan = planTransition(market, before, wish);
    const opening = openingAfter(plan, before.nonce + 1n);
    const { owned, reducing, unmargined } = plan.flags;
    const transition = { circuitId: 4n, marketCommitment: this.marketCommitment(market), newCommitment: this.commitmentOf(opening), reducing, unmargined, owned, proof: PROOF };
    const signals = { frame: 0n, oldCommitment: 0n, newCommitment: transition.newCommitment, terms: 0n, delta: 0n };
    return Promise.resolve({ circuit: 'stand-in', signals, proof: PROOF, transition, opening, plan });
  }

  commitmentOf({ nonce }: ClearedOpening): bigint {
    return nonce * 2n;
  }

  tradeCommitment(_market: MarketTable, { nonce }: TradeTerms): bigint {
    return nonce;
  }

  marketCommitment(market: MarketTable): bigint {
    return this.commitments.get(market) ?? 0n;
  }

  nonce(): bigint {
    return 12_345n;
  }
}
