import { ContractRevertedError } from '../../chain/errors.js';
import type { NumberedCall } from '../../chain/numbered-sender.js';
import { faultFields, type KeeperLog } from '../keeper-log.js';
import type { KeeperClock } from '../keeper-ports.js';
import { Pauses } from './pauses.js';
import type { RelayAction, RelayMetrics } from './relay-metrics.js';
import type { RelayChain } from './relay-ports.js';

/** Something to send. */
export interface Attempt {
  /** What failed waits under it. */
  readonly key: string;
  readonly action: RelayAction;
  readonly call: NumberedCall;
}

/** Sends, one transaction a chain at a time, and lets what was refused wait longer each time. */
export class Attempts {
  private readonly pauses = new Pauses();
  /** Chains on which a transaction is under way. */
  private readonly busy = new Set<string>();

  constructor(private readonly clock: KeeperClock, private readonly log: KeeperLog, private readonly metrics: RelayMetrics) {}

  rests(key: string): boolean {
    return this.pauses.rests(key, this.clock.now());
  }

  /** Every chain may be tried again. */
  beginLook(): void {
    this.busy.clear();
  }

  /** @param number asked for before it was looked what is to be done. @throws ChainUnreachableError and its like */
  async send(chain: RelayChain, number: number, { key, action, call }: Attempt): Promise<void> {
    if (this.rests(key) || this.busy.has(chain.name)) return;
    try {
      const outcome = await chain.send(call, number);
      // Whatever else is sent would have the same number.
      if (outcome === 'waiting' || outcome === 'occupied') this.busy.add(chain.name);
      if (outcome === 'done') this.pauses.done(key);
      if (outcome === 'reverted') this.pauses.failed(key, this.clock.now());
      this.metrics.acted(action, outcome === 'reverted' ? 'failed' : outcome === 'occupied' ? 'waiting' : outcome);
      this.log[outcome === 'done' ? 'info' : 'warn'](`${action}-${outcome}`, { what: call.what, chain: chain.name });
    } catch (thrown) {
      if (!(thrown instanceof ContractRevertedError)) throw thrown;
      this.pauses.failed(key, this.clock.now());
      this.metrics.acted(action, 'refused');
      this.log.warn(`${action}-refused`, { what: call.what, chain: chain.name, ...faultFields(thrown) });
    }
  }
}
