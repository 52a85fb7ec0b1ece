import { parentPort, workerData } from 'node:worker_threads';
import { CurveMemory, type CurveImage } from './curve-memory.js';
import { MultiplesEngine, type MultiplesTask } from './multiples-engine.js';

/** Entry of a worker thread of the development set-up: answers each task with its points. */
const engine = CurveMemory.open(workerData as CurveImage).then((memory) => new MultiplesEngine(memory));

parentPort?.on('message', (task: MultiplesTask) => {
  void engine.then((ready) => {
    const result = ready.run(task);
    parentPort?.postMessage(result, [result.points.buffer as ArrayBuffer]);
  });
});
