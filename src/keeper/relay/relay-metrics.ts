import { Counter, Gauge, Registry } from 'prom-client';

/** What validators and relayers do. */
export type RelayAction = 'sign' | 'relay' | 'process' | 'make' | 'credit';
export type RelayOutcome = 'done' | 'waiting' | 'refused' | 'failed' | 'dear';

/** Metrics of a validator or relayer; a registry of its own, so that several fit one process. */
export class RelayMetrics {
  readonly registry = new Registry();
  private readonly actions = new Counter({ name: 'clearproof_relay_actions_total', help: 'What became of actions.', labelNames: ['action', 'outcome'], registers: [this.registry] });
  private readonly faults = new Counter({ name: 'clearproof_relay_faults_total', help: 'Looks that ended early, by route and error code.', labelNames: ['route', 'code'], registers: [this.registry] });
  private readonly block = new Gauge({ name: 'clearproof_relay_block', help: 'Source block up to which a route is read.', labelNames: ['route'], registers: [this.registry] });
  private readonly lastLook = new Gauge({ name: 'clearproof_relay_last_look_seconds', help: 'Unix time of the last finished look.', labelNames: ['route'], registers: [this.registry] });
  private readonly waiting = new Gauge({ name: 'clearproof_relay_messages_waiting', help: 'Messages made and not taken.', labelNames: ['route'], registers: [this.registry] });

  acted(action: RelayAction, outcome: RelayOutcome): void {
    this.actions.inc({ action, outcome });
  }

  /** @param code of a ClearproofError: their number is bounded */
  failed(route: string, code: string): void {
    this.faults.inc({ route, code });
  }

  looked(route: string, block: number, seconds: number, waiting = 0): void {
    this.block.set({ route }, block);
    this.lastLook.set({ route }, seconds);
    this.waiting.set({ route }, waiting);
  }

  /** Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
