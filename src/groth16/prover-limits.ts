import { ClearproofError } from '../error/clearproof-error.js';
import { residentBytes } from './process-memory.js';

/** A proof took more memory or time than its process may have. The same proof under the same limit would again. */
export class ProverLimitError extends ClearproofError {
  readonly code = 'PROVER_LIMIT';
}

/** What one process of a pool may take; undefined: as much as there is. */
export interface ProverLimits {
  /** Resident bytes of a process and of the program it runs; its JavaScript heap is held to the same. */
  readonly memoryBytes?: number;
  /** Time for one proof, with the start of its process and the loading of its keys where it is the first. */
  readonly milliseconds?: number;
}

/** How often memory is looked at: a process may be over its limit for as long. */
const LOOK_MILLISECONDS = 200;
const MEBIBYTE = 2 ** 20;

/** Watches one proof of a process. `exceeded` is called at most once, and never after `stop`. */
export function watchProof(pid: number, circuit: string, limits: ProverLimits, exceeded: (error: ProverLimitError) => void): { stop(): void } {
  let over = false;
  const stop = (): void => {
    over = true;
    clearTimeout(timer);
    clearInterval(looks);
  };
  const exceed = (error: ProverLimitError): void => {
    if (over) return;
    stop();
    exceeded(error);
  };
  const { milliseconds, memoryBytes } = limits;
  const timer = milliseconds === undefined ? undefined : setTimeout(() => exceed(timeLimit(circuit, milliseconds)), milliseconds);
  const look = async (most: number): Promise<void> => {
    const bytes = await residentBytes(pid);
    if (bytes !== undefined && bytes > most) exceed(memoryLimit(circuit, most));
  };
  const looks = memoryBytes === undefined ? undefined : setInterval(() => void look(memoryBytes), LOOK_MILLISECONDS);
  return { stop };
}

/** Flags of Node for a process under these limits. */
export function heapFlags({ memoryBytes }: ProverLimits): string[] {
  return memoryBytes === undefined ? [] : [`--max-old-space-size=${Math.max(1, Math.floor(memoryBytes / MEBIBYTE))}`];
}

/** Whether a process that ended like this ran out of the heap it was allowed: V8 aborts then. */
export function isHeapLimit({ memoryBytes }: ProverLimits, code: number | null, signal: string | null): boolean {
  return memoryBytes !== undefined && (signal === 'SIGABRT' || code === 134);
}

export function memoryLimit(circuit: string, memoryBytes: number): ProverLimitError {
  return new ProverLimitError(
    `a proof for ${circuit} took more than the ${Math.floor(memoryBytes / MEBIBYTE)} MiB a prover process may have and was stopped: raise the memory limit, or take a smaller circuit or another prover`,
    { circuit, limit: 'memory', memoryBytes },
  );
}

function timeLimit(circuit: string, milliseconds: number): ProverLimitError {
  return new ProverLimitError(
    `a proof for ${circuit} took longer than ${milliseconds} ms and was stopped: raise the time limit, or look for what holds the machine up`,
    { circuit, limit: 'time', milliseconds },
  );
}
