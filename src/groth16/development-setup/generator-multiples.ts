import { startThread } from '../child-module.js';
import { ELEMENT_BYTES } from '../r1cs.js';
import { curveImage } from './curve-image.js';
import { CurveMemory, type CurveImage, type Group } from './curve-memory.js';
import { POINT_BYTES, windowBits } from './fixed-base.js';
import { MultiplesEngine, type MultiplesResult, type MultiplesTask } from './multiples-engine.js';

/** Scalars a worker takes at a time: enough to hide the message, few enough to share the work evenly. */
const TASK_SCALARS = 8192;
/** Below this many scalars starting workers takes longer than the work. */
const INLINE_SCALARS = 6000;

/** Plain little-endian scalars by group. */
export interface Scalars {
  readonly g1m: Uint8Array;
  readonly g2m: Uint8Array;
}

/**
 * The points scalar * generator for every scalar of both groups, affine, over `threads` worker threads.
 * Few scalars are multiplied in this thread.
 */
export async function generatorMultiples(scalars: Scalars, threads: number): Promise<Scalars> {
  const total = (scalars.g1m.length + scalars.g2m.length) / ELEMENT_BYTES;
  const inline = total <= INLINE_SCALARS;
  const tasks = planTasks(scalars, inline ? 1 : threads);
  const points = { g1m: pointBuffer(scalars, 'g1m'), g2m: pointBuffer(scalars, 'g2m') };
  const accept = (result: MultiplesResult): void => {
    points[result.group].set(result.points, result.first * POINT_BYTES[result.group]);
  };
  const image = await curveImage();
  if (inline) {
    const engine = new MultiplesEngine(await CurveMemory.open(image));
    for (const task of tasks) accept(engine.run(task));
  } else {
    const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => runWorker(image, tasks, accept));
    await Promise.all(workers);
  }
  return points;
}

function pointBuffer(scalars: Scalars, group: Group): Uint8Array {
  return new Uint8Array((scalars[group].length / ELEMENT_BYTES) * POINT_BYTES[group]);
}

/** G2 first: its pieces take longest, and the end of the queue should be fine-grained. */
function planTasks(scalars: Scalars, threads: number): MultiplesTask[] {
  return (['g2m', 'g1m'] as const).flatMap((group) => {
    const count = scalars[group].length / ELEMENT_BYTES;
    const bits = windowBits(count / threads);
    return Array.from({ length: Math.ceil(count / TASK_SCALARS) }, (_, index) => ({
      group,
      bits,
      first: index * TASK_SCALARS,
      scalars: scalars[group].slice(index * TASK_SCALARS * ELEMENT_BYTES, (index + 1) * TASK_SCALARS * ELEMENT_BYTES),
    }));
  });
}

/** One thread that takes tasks from the shared queue until it is empty. */
function runWorker(image: CurveImage, queue: MultiplesTask[], accept: (result: MultiplesResult) => void): Promise<void> {
  const worker = startThread(import.meta.url, 'multiples-worker', image);
  const done = new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const task = queue.shift();
      if (task === undefined) resolve();
      else worker.postMessage(task);
    };
    worker.on('message', (result: MultiplesResult) => {
      accept(result);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('a set-up worker stopped before its work was done')));
    next();
  });
  return done.finally(() => worker.terminate());
}
