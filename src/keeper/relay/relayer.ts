import { faultFields, type KeeperLog } from '../keeper-log.js';
import type { KeeperClock } from '../keeper-ports.js';
import type { Attempts } from './attempts.js';
import { Pauses } from './pauses.js';
import type { RelayMetrics } from './relay-metrics.js';
import type { RelayState, RelayStateStore } from './relay-state.js';
import type { Route } from './route.js';

export interface RelayerParts {
  readonly routes: readonly Pick<Route, 'name' | 'cursor' | 'look'>[];
  readonly attempts: Attempts;
  readonly store: RelayStateStore;
  readonly clock: KeeperClock;
  readonly log: KeeperLog;
  readonly metrics: RelayMetrics;
  readonly pollMs: number;
}

/**
 * Carries messages along its routes. It has no authority: whatever it does, anybody could, and what it remembers can be lost. Several may run
 * beside one another, each with a key of its own.
 */
export class Relayer {
  private readonly pauses = new Pauses();

  constructor(private readonly parts: RelayerParts) {}

  /** Until told to stop. A chain that does not answer stops the routes that need it, and no other. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, pollMs } = this.parts;
    while (!stop.aborted) {
      await this.look(stop);
      await clock.wait(pollMs, stop);
    }
  }

  /** Every route once. */
  async look(stop: AbortSignal): Promise<void> {
    const { routes, attempts, store, clock, log, metrics } = this.parts;
    attempts.beginLook();
    for (const route of routes) {
      if (stop.aborted) return;
      if (this.pauses.rests(route.name, clock.now())) continue;
      try {
        await route.look(attempts);
        this.pauses.done(route.name);
      } catch (thrown) {
        this.pauses.failed(route.name, clock.now());
        const fields = faultFields(thrown);
        metrics.failed(route.name, String(fields['code']));
        log.warn('route-failed', { route: route.name, ...fields });
      }
    }
    const state: RelayState = { cursors: new Map(routes.map(({ name, cursor }) => [name, cursor])) };
    await store.save(state).catch((thrown: unknown) => log.warn('state-not-saved', faultFields(thrown)));
  }
}
