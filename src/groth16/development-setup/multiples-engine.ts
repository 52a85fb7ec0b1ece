import type { CurveMemory, Group } from './curve-memory.js';
import { GeneratorTable } from './fixed-base.js';

/** One piece of work for a worker: multiply these scalars with the group's generator. */
export interface MultiplesTask {
  readonly group: Group;
  readonly bits: number;
  readonly first: number;
  readonly scalars: Uint8Array;
}

/** A worker's answer: affine points in Montgomery form, for the scalars from number `first` on. */
export interface MultiplesResult {
  readonly group: Group;
  readonly first: number;
  readonly points: Uint8Array;
}

/** Tables of both groups in one thread, made when first needed. */
export class MultiplesEngine {
  private readonly tables = new Map<string, GeneratorTable>();

  constructor(private readonly memory: CurveMemory) {}

  run(task: MultiplesTask): MultiplesResult {
    const key = `${task.group} ${task.bits}`;
    const table = this.tables.get(key) ?? new GeneratorTable(this.memory, task.group, task.bits);
    this.tables.set(key, table);
    return { group: task.group, first: task.first, points: table.multiply(task.scalars) };
  }
}
