import type { Asked, Told } from './protocol.js';
import EngineWorker from './worker.js?worker&inline';

/** The worker that reads, asks and verifies, so that the page stays awake. Its code lies in the page's own script. */
export class EngineClient {
  private worker: Worker;

  constructor(private readonly hear: (told: Told) => void) {
    this.worker = this.started();
  }

  ask(asked: Asked): void {
    this.worker.postMessage(asked);
  }

  /** Drops whatever it is doing. */
  restart(): void {
    this.worker.terminate();
    this.worker = this.started();
  }

  private started(): Worker {
    const worker = new EngineWorker();
    const current = (): boolean => this.worker === worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if (current()) this.hear(data);
    });
    worker.addEventListener('error', (event) => {
      if (current()) this.hear({ kind: 'fault', message: event.message || 'the worker did not start' });
    });
    return worker;
  }
}
