import { useOneThread } from './curves.js';
import { createProver } from './prover-config.js';
import { toErrorMessage, type FromWorker, type ToWorker } from './prover-messages.js';
import type { Prover } from './prover.js';

/** Entry of a worker process of the pool: proves one job after the other, with keys kept in memory. */
let prover: Promise<Prover> | undefined;

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') {
    prover = (message.oneThread ? useOneThread() : Promise.resolve()).then(() => createProver(message.config, message.oneThread));
  } else {
    void prove(message.id, message);
  }
});
// The pool closes the channel to end its workers; it is also closed when the pool's process dies.
process.on('disconnect', () => process.exit(0));
// The pool decides when work stops: an interrupt from the terminal reaches the whole process group.
process.on('SIGINT', () => undefined);

async function prove(id: number, { circuit, input }: Extract<ToWorker, { kind: 'prove' }>): Promise<void> {
  try {
    if (prover === undefined) throw new Error('proving was asked for before the start');
    answer({ kind: 'proven', id, statement: await (await prover).prove(circuit, input) });
  } catch (thrown) {
    answer({ kind: 'failed', id, failure: toErrorMessage(thrown) });
  }
}

function answer(message: FromWorker): void {
  process.send?.(message);
}
