import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClearproofError } from '../../../src/error/clearproof-error.js';
import type { LogFields } from '../../../src/service/log.js';
import type { Lane, LeasedWork, LeaseQueue } from '../../../src/service/worker/lease-queue.js';
import { runnableLane } from '../../../src/service/worker/run-lease.js';
import { runWorker, type WorkerOptions } from '../../../src/service/worker/run-worker.js';
import { DatabaseUnavailableError } from '../../../src/store/database.js';
import { WorkerRefusedError } from '../../../src/store/pins.js';

class SpoiltError extends ClearproofError {
  readonly code = 'SPOILT';
}

/** Leases by name, and what became of each. */
class TestQueue implements LeaseQueue<string> {
  readonly outcomes: string[] = [];
  held = true;
  finishFails = 0;
  takeFails = 0;
  beats = 0;

  constructor(private readonly waiting: string[]) {}

  take(): Promise<string | undefined> {
    if (this.takeFails-- > 0) return Promise.reject(new DatabaseUnavailableError('away'));
    return Promise.resolve(this.waiting.shift());
  }

  heartbeat(): Promise<boolean> {
    this.beats += 1;
    return Promise.resolve(this.held);
  }

  finish(lease: string): Promise<boolean> {
    if (this.finishFails-- > 0) return Promise.reject(new DatabaseUnavailableError('away'));
    this.outcomes.push(this.held ? `finished ${lease}` : `late ${lease}`);
    return Promise.resolve(this.held);
  }

  fail(lease: string, error: Error, again: boolean): Promise<'ready' | 'dead'> {
    this.outcomes.push(`failed ${lease} ${error.name} ${again ? 'again' : 'for good'}`);
    return Promise.resolve(again ? 'ready' : 'dead');
  }

  release(lease: string): Promise<void> {
    this.outcomes.push(`released ${lease}`);
    return Promise.resolve();
  }
}

describe('a worker', () => {
  interface Run {
    readonly done: Promise<void>;
    readonly stop: AbortController;
    readonly lines: readonly { readonly event: string; readonly fields: LogFields }[];
    readonly calls: readonly string[];
  }
  function start(queue: TestQueue, handle: Lane<string>['handle'], change: Partial<WorkerOptions> = {}, leaseSeconds = 60): Run {
    const stop = new AbortController();
    const lines: { event: string; fields: LogFields }[] = [];
    const calls: string[] = [];
    const note = (event: string, fields: LogFields): void => void lines.push({ event, fields });
    const called = (name: string) => (): Promise<void> => {
      calls.push(name);
      return Promise.resolve();
    };
    const lane: Lane<string> = { queue, atOnce: 1, handle, describe: (lease) => ({ lease }), isFinal: (error) => error instanceof SpoiltError };
    const done = runWorker({
      registration: { id: 'w', register: called('register'), seen: () => Promise.resolve(), stopped: called('stopped') },
      lanes: [runnableLane(lane)], sweeps: [], leaseSeconds, pollMilliseconds: 5, graceMilliseconds: 0,
      log: { info: note, warn: note, error: note }, stop: stop.signal, recover: called('recover'), close: called('close'), ...change,
    });
    return { done, stop, lines, calls };
  }
  const nothing = (): Promise<() => Promise<void>> => Promise.resolve(() => Promise.resolve());
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(5);
  }
  /** Ends when it is told to, as a proof does. */
  const endless = ({ signal }: LeasedWork<string>): Promise<never> => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('told to end')), { once: true });
  });

  it('registers, cleans up, works, and signs off when it is told to stop', async () => {
    const queue = new TestQueue(['a', 'b']);
    const { done, stop, calls } = start(queue, nothing);
    await until(() => queue.outcomes.length === 2);
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, ['finished a', 'finished b']);
    assert.deepEqual(calls, ['register', 'recover', 'stopped', 'close']);
  });

  it('has work that failed tried again, unless that is of no use, and shows nothing of errors that are not its own', async () => {
    const queue = new TestQueue(['a', 'b']);
    const errors = [new TypeError('salt 123456'), new SpoiltError('spoilt')];
    const { done, stop, lines } = start(queue, () => Promise.reject(errors.shift() ?? new Error('asked too often')));
    await until(() => queue.outcomes.length === 2);
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, ['failed a TypeError again', 'failed b SpoiltError for good']);
    assert.deepEqual(lines.filter(({ event }) => event === 'work-failed').map(({ fields }) => [fields['code'], fields['outcome']]), [['INTERNAL', 'ready'], ['SPOILT', 'dead']]);
    assert.doesNotMatch(JSON.stringify(lines), /123456/);
  });

  it('stops working on what it lost the lease of, and stores nothing of it', async () => {
    const queue = new TestQueue(['a']);
    queue.held = false;
    const { done, stop, lines } = start(queue, endless, {}, 0.03);
    await until(() => lines.some(({ event }) => event === 'lease-lost'));
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, []);
  });

  it('keeps a lease alive for as long as the work lasts', async () => {
    const queue = new TestQueue(['a']);
    const { done, stop } = start(queue, async () => {
      await until(() => queue.beats >= 5);
      return () => Promise.resolve();
    }, {}, 0.03);
    await until(() => queue.outcomes.length === 1);
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, ['finished a']);
  });

  it('hands work back when the time to finish is over', async () => {
    const queue = new TestQueue(['a', 'b']);
    const { done, stop, lines } = start(queue, endless, { graceMilliseconds: 20 });
    await until(() => lines.some(({ event }) => event === 'work-taken'));
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, ['released a'], 'and takes no more');
  });

  it('stores a result as soon as the database is back, and hands back what it could not read for', async () => {
    const queue = new TestQueue(['a', 'b']);
    [queue.takeFails, queue.finishFails] = [1, 2];
    const { done, stop, lines } = start(queue, ({ lease }) => (lease === 'a' ? nothing() : Promise.reject(new DatabaseUnavailableError('away'))));
    await until(() => queue.outcomes.length === 2);
    stop.abort();
    await done;
    assert.deepEqual(queue.outcomes, ['finished a', 'released b']);
    assert.equal(lines.filter(({ event }) => event === 'store-failed').length, 2);
  });

  it('takes nothing when it is refused, and hands back what it has when it is refused later', async () => {
    const queue = new TestQueue(['a']);
    const refused = new WorkerRefusedError('other keys');
    const registration = { id: 'w', register: () => Promise.reject(refused), seen: () => Promise.resolve(), stopped: () => Promise.resolve() };
    const first = start(queue, nothing, { registration });
    await assert.rejects(first.done, { code: 'WORKER_REFUSED' });
    assert.deepEqual([queue.outcomes, first.calls], [[], ['close']]);
    let taken = false;
    const later = start(queue, (work) => {
      taken = true;
      return endless(work);
    }, { registration: { ...registration, register: () => Promise.resolve(), seen: () => (taken ? Promise.reject(refused) : Promise.resolve()) } }, 0.05);
    await assert.rejects(later.done, { code: 'WORKER_REFUSED' });
    assert.deepEqual([queue.outcomes, later.calls.at(-1)], [['released a'], 'close']);
  });
});
