import type { Duty, Scene } from './duty.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { KeeperMetrics } from './keeper-metrics.js';
import type { KeeperChain, KeeperClock, KeeperSender, PreparedTransaction, VenueNow } from './keeper-ports.js';
import { withChanges, withSent, withoutSent, type KeeperState, type SentTransaction } from './keeper-state.js';
import type { KeeperStateStore } from './keeper-state-format.js';
import { perform } from './perform.js';

/** All that a keeper is made of. */
export interface KeeperParts {
  readonly chain: KeeperChain;
  readonly sender: KeeperSender;
  readonly store: KeeperStateStore;
  readonly duties: readonly Duty[];
  readonly clock: KeeperClock;
  readonly log: KeeperLog;
  readonly metrics: KeeperMetrics;
  readonly settings: KeeperSettings;
}

export interface KeeperSettings {
  readonly pollMs: number;
  readonly maxGasPrice: bigint;
  readonly dryRun: boolean;
}

/** A transaction that no node knows after this long, and that this process cannot send again, is taken for lost: what it was for is looked at anew. */
const LOST_AFTER_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Looks at a venue again and again, and acts. The contracts hold the truth: what a keeper remembers only saves it work, so a keeper may be
 * stopped at any moment, run beside others, or be started with a state of last week.
 */
export class Keeper {
  /** By hash: what this process signed and no block holds yet. */
  private readonly prepared = new Map<string, PreparedTransaction>();

  constructor(
    private readonly parts: KeeperParts,
    private state: KeeperState,
  ) {}

  /** Until told to stop. A node that does not answer, or anything else that goes wrong, is waited out: no fault ends a keeper. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, log, metrics, settings } = this.parts;
    for (let faults = 0; !stop.aborted;) {
      try {
        await this.look(stop);
        faults = 0;
      } catch (thrown) {
        faults += 1;
        const fields = faultFields(thrown);
        metrics.failed(String(fields['code']));
        log.warn('look-failed', { ...fields, faults });
      }
      await clock.wait(faults === 0 ? settings.pollMs : pauseAfter(faults), stop);
    }
  }

  /** One look at the venue, and all that is to be done. @throws ChainUnreachableError and its like */
  async look(stop: AbortSignal): Promise<void> {
    const { chain, metrics, clock } = this.parts;
    const now = await chain.now();
    await this.follow(now);
    await this.settleSent();
    const scene: Scene = { now, state: this.state };
    for (const duty of this.parts.duties) await this.serve(duty, scene, stop);
    const accounts = [...this.state.accounts.values()];
    metrics.looked({
      block: now.block, seconds: Math.floor(clock.now() / 1_000), waiting: this.state.sent.length, accounts: accounts.length,
      liquidating: accounts.filter(({ standing }) => standing === 'liquidating').length,
    });
  }

  private async serve(duty: Duty, scene: Scene, stop: AbortSignal): Promise<void> {
    const { chain, sender, clock, log, metrics, settings: { dryRun, maxGasPrice } } = this.parts;
    for (const intent of await duty.look(scene)) {
      if (stop.aborted) return;
      if (this.state.sent.some(({ key }) => key === intent.key)) continue;
      await perform(intent, {
        sender, clock, log, metrics, dryRun, maxGasPrice, gasPrice: () => chain.gasPrice(),
        remember: async (sent, prepared) => {
          this.prepared.set(sent.hash, prepared);
          await this.keep(withSent(this.state, sent));
        },
      });
    }
  }

  /** A node may be behind the one that was asked before: then there is nothing new. */
  private async follow({ block }: VenueNow): Promise<void> {
    if (block <= this.state.block) return;
    const changes = await this.parts.chain.changes(this.state.block + 1, block);
    await this.keep(withChanges(this.state, changes, block));
  }

  private async settleSent(): Promise<void> {
    const { sender, log, metrics } = this.parts;
    const gone = new Set<string>();
    for (const sent of this.state.sent) {
      const state = await sender.stateOf(sent.hash);
      if (state === 'waiting') continue;
      if (state === 'lost' && await this.sentAgain(sent)) continue;
      gone.add(sent.hash);
      this.prepared.delete(sent.hash);
      metrics.acted(sent.role, sent.kind, state);
      log[state === 'done' ? 'info' : 'warn'](`action-${state}`, fieldsOf(sent));
    }
    if (gone.size > 0) await this.keep(withoutSent(this.state, gone));
  }

  /** The very same transaction: it cannot be done twice. @returns whether it may still come into a block */
  private async sentAgain({ hash, sentAt }: SentTransaction): Promise<boolean> {
    const young = this.parts.clock.now() - sentAt < LOST_AFTER_MS;
    try {
      await this.prepared.get(hash)?.broadcast();
    } catch (thrown) {
      // Also where its nonce is used: another transaction of this key took its place.
      this.parts.log.warn('send-again-failed', { transaction: hash, ...faultFields(thrown) });
      return young;
    }
    return young || this.prepared.has(hash);
  }

  private async keep(state: KeeperState): Promise<void> {
    await this.parts.store.save(state);
    this.state = state;
  }
}

function fieldsOf({ role, kind, handle, hash }: SentTransaction): { readonly role: string; readonly action: string; readonly handle: bigint; readonly transaction: string } {
  return { role, action: kind, handle, transaction: hash };
}

function pauseAfter(faults: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(faults - 1, 16));
}
