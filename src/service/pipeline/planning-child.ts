import type { ChildProcess } from 'node:child_process';
import { startProcess } from '../../groth16/child-module.js';
import { fromPublicFailure, PlannerError, type PlannerAnswers, type PlannerReply } from './plan-messages.js';

/** Who plans, as a step sees it. One question at a time. */
export interface Planning {
  /** @throws what planning throws, told in public */
  ask<Kind extends keyof PlannerAnswers>(kind: Kind, question: PlannerAnswers[Kind]['question']): Promise<PlannerAnswers[Kind]['answer']>;
  /** Lets the plan go. */
  close(): void;
}

/** The planning process as its parent sees it. */
export class PlanningChild implements Planning {
  private readonly child: ChildProcess;
  private readonly ended: Promise<never>;
  private settle: ((reply: PlannerReply) => void) | undefined;

  /** @param signal ends the process at once */
  constructor(private readonly signal: AbortSignal, heapMebibytes?: number) {
    const flags = heapMebibytes === undefined ? [] : [`--max-old-space-size=${heapMebibytes}`];
    this.child = startProcess(import.meta.url, 'planner-process', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }, flags);
    this.child.on('message', (reply: PlannerReply) => this.settle?.(reply));
    this.ended = new Promise((_resolve, reject) => {
      const died = (how: string): void => reject(new PlannerError(`the planning process ended early (${how}): look for lack of memory`, { how }));
      this.child.on('error', (cause) => died(cause.message));
      this.child.on('exit', (code, by) => died(by === null ? `exit code ${code}` : `signal ${by}`));
    });
    // Told to whoever asks next; nobody may be asking when it ends.
    this.ended.catch(() => undefined);
    signal.addEventListener('abort', this.kill, { once: true });
    if (signal.aborted) this.kill();
  }

  /** @throws PlannerError also when the process ends */
  async ask<Kind extends keyof PlannerAnswers>(kind: Kind, question: PlannerAnswers[Kind]['question']): Promise<PlannerAnswers[Kind]['answer']> {
    this.signal.throwIfAborted();
    const replied = new Promise<PlannerReply>((resolve) => (this.settle = resolve));
    // A channel that breaks here is followed by the process's end.
    this.child.send({ kind, ...question }, () => undefined);
    const reply = await Promise.race([replied, this.ended]);
    if (reply.kind === 'failed') throw fromPublicFailure(reply);
    return reply.answer as PlannerAnswers[Kind]['answer'];
  }

  close(): void {
    this.signal.removeEventListener('abort', this.kill);
    if (this.child.connected) this.child.disconnect();
  }

  private readonly kill = (): void => {
    this.child.kill('SIGKILL');
  };
}
