import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { Auction, Lot } from '../liquidation/auction.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Intent, KeeperRole } from './keeper-action.js';
import type { KeeperChain, KeeperProver } from './keeper-ports.js';
import type { ProofMemory } from './proof-memory.js';
import type { ReferenceTable } from './venue-view.js';

/** What proofs of a liquidation are made with. */
export interface LiquidationTools {
  readonly chain: KeeperChain;
  readonly prover: KeeperProver;
  readonly memory: ProofMemory;
}

/** Tables that an account is judged, and sold, under. */
export interface JudgedTables {
  readonly maintenance: { readonly at: ReferenceTable; readonly market: MarketTable };
  readonly initial: { readonly at: ReferenceTable; readonly market: MarketTable };
}

/** An account under water, whose opening is known. Secret. */
export interface SunkAccount {
  readonly handle: bigint;
  readonly commitment: bigint;
  readonly opening: ClearedOpening;
}

/** Whether an auction is to be marked: under the newest table its price means something. */
export function needsMark(auction: Auction | undefined, { initial: { at } }: JudgedTables): boolean {
  return auction === undefined || auction.marketCommitment !== at.commitment;
}

/** Opens an auction, or marks it anew. @param feeRow row that penalties are counted in */
export function markIntent(role: KeeperRole, tools: LiquidationTools, tables: JudgedTables, account: SunkAccount, lot: Lot, feeRow: number): Intent {
  const { initial } = tables;
  const mark = (row: number): ReturnType<KeeperProver['mark']> => tools.memory.once(`mark:${row}:${initial.at.commitment}`, () => tools.prover.mark(initial.market, row));
  return {
    role, kind: 'mark', key: `mark:${lot.handle}:${lot.row}:${lot.payRow}:${lot.accountSells ? 'sells' : 'buys'}`, handle: lot.handle,
    build: async () => ({
      kind: 'mark', lot, marketCommitment: initial.at.commitment,
      marks: { mark: await mark(lot.row), payMark: await mark(lot.payRow), feeMark: await mark(feeRow), underWater: await underWater(tools, tables, account) },
    }),
  };
}

/** The verdict that an account does not meet the newest maintenance table. @param sender of one that starts a liquidation */
export async function underWater({ chain, prover, memory }: LiquidationTools, { maintenance }: Pick<JudgedTables, 'maintenance'>, account: SunkAccount, sender?: string): ReturnType<KeeperProver['verdict']> {
  const { handle, commitment, opening } = account;
  return memory.once(`under-water:${handle}:${commitment}:${maintenance.at.commitment}:${sender ?? ''}`, async () => {
    const context = await chain.verdictContext(handle, sender);
    return prover.verdict(opening, maintenance.market, false, context);
  });
}
