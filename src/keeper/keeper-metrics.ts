import { Counter, Gauge, Registry } from 'prom-client';
import type { ActionKind, KeeperRole } from './keeper-action.js';

/** How an intent ended. */
export type Outcome = 'sent' | 'done' | 'reverted' | 'lost' | 'refused' | 'dear' | 'rehearsed' | 'failed';

/** A keeper's metrics; a registry of its own, so that several keepers fit one process. */
export class KeeperMetrics {
  readonly registry = new Registry();
  private readonly actions = new Counter({
    name: 'clearproof_keeper_actions_total', help: 'What became of actions.', labelNames: ['role', 'kind', 'outcome'], registers: [this.registry],
  });
  private readonly faults = new Counter({
    name: 'clearproof_keeper_faults_total', help: 'Looks that ended early, by error code.', labelNames: ['code'], registers: [this.registry],
  });
  private readonly looks = new Counter({ name: 'clearproof_keeper_looks_total', help: 'Looks at the venue that were finished.', registers: [this.registry] });
  private readonly block = new Gauge({ name: 'clearproof_keeper_block', help: 'Block of the last look.', registers: [this.registry] });
  private readonly lastLook = new Gauge({ name: 'clearproof_keeper_last_look_seconds', help: 'Unix time of the last finished look.', registers: [this.registry] });
  private readonly waiting = new Gauge({ name: 'clearproof_keeper_transactions_waiting', help: 'Transactions sent and in no block yet.', registers: [this.registry] });
  private readonly accounts = new Gauge({
    name: 'clearproof_keeper_accounts', help: 'Accounts followed, and those of them in liquidation.', labelNames: ['state'], registers: [this.registry],
  });

  acted(role: KeeperRole, kind: ActionKind, outcome: Outcome): void {
    this.actions.inc({ role, kind, outcome });
  }

  /** @param code of a ClearproofError: their number is bounded */
  failed(code: string): void {
    this.faults.inc({ code });
  }

  looked(look: { readonly block: number; readonly seconds: number; readonly waiting: number; readonly accounts: number; readonly liquidating: number }): void {
    this.looks.inc();
    this.block.set(look.block);
    this.lastLook.set(look.seconds);
    this.waiting.set(look.waiting);
    this.accounts.set({ state: 'followed' }, look.accounts);
    this.accounts.set({ state: 'liquidating' }, look.liquidating);
  }

  /** Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
