import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash } from '../content-hash.js';
import { allMutants, type Mutant } from './operators.js';
import type { Verdict } from './verdict.js';

/** A mutant takes a second or two; one that still compiles after this long loops. */
const PATIENCE_MS = 120_000;
/** It first compiles every sound circuit, which takes half a minute, and longer on a busy machine. */
const START_PATIENCE_MS = 900_000;
const FOLDER = 'build/soundness';

export interface Survivor {
  readonly id: string;
  readonly place: string;
  readonly before: string;
  readonly after: string;
  /** Why no vector can tell it from the sound circuit; undefined when nobody has said so. */
  readonly why: string | undefined;
}

export interface MutationResult {
  /** Killed and survived ones; those that do not compile or change no circuit do not count. */
  readonly total: number;
  readonly killed: number;
  readonly invalid: number;
  readonly unchanged: number;
  readonly survivors: readonly Survivor[];
}

/**
 * Judges mutants and gives the score.
 *
 * @param count how many, drawn with `seed`; undefined for all
 * @param report is told how far it is
 */
export async function runMutants(count: number | undefined, seed: number, report: (line: string) => void): Promise<MutationResult> {
  const all = allMutants();
  const mutants = count === undefined ? all : sample(all, count, seed);
  const known = new Results();
  const bench = new Bench(join(FOLDER, `bench-${process.pid}`));
  const start = performance.now();
  const verdicts: (readonly [Mutant, Verdict])[] = [];
  let judged = 0;
  try {
    for (const mutant of mutants) {
      let verdict = known.of(mutant);
      if (verdict === undefined) {
        verdict = await bench.judge(mutant);
        known.keep(mutant, verdict);
        judged += 1;
        if (judged % 25 === 0) report(progress(verdicts.length + 1, mutants.length, judged, performance.now() - start));
      }
      verdicts.push([mutant, verdict]);
    }
  } finally {
    bench.close();
  }
  return scored(verdicts);
}

function progress(done: number, total: number, judged: number, milliseconds: number): string {
  return `mutants: ${done} of ${total}, about ${Math.ceil(((total - done) * milliseconds) / judged / 60_000)} min left`;
}

function scored(verdicts: readonly (readonly [Mutant, Verdict])[]): MutationResult {
  const explained = JSON.parse(readFileSync(fileURLToPath(new URL('./survivors.json', import.meta.url)), 'utf8')) as Readonly<Record<string, string>>;
  const of = (kind: Verdict['kind']): Mutant[] => verdicts.filter(([, verdict]) => verdict.kind === kind).map(([mutant]) => mutant);
  const [killed, survived] = [of('killed').length, of('survived')];
  return {
    total: killed + survived.length, killed, invalid: of('invalid').length, unchanged: of('unchanged').length,
    survivors: survived.map(({ id, file, line, before, after }) => ({ id, place: `${file}:${line}`, before, after, why: explained[id] })),
  };
}

/** The mutants with the smallest hashes of seed and id: the same ones while the lines stay. */
function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const rank = (id: string): string => createHash('sha256').update(`${seed}|${id}`).digest('hex');
  return mutants.map((mutant) => ({ mutant, key: rank(mutant.id) })).sort((left, right) => (left.key < right.key ? -1 : 1)).slice(0, count).map(({ mutant }) => mutant);
}

/** Verdicts of earlier runs over the same circuits and the same tests, a line each, so that a run that was stopped goes on. */
class Results {
  private readonly file: string;
  private readonly verdicts = new Map<string, Verdict>();

  constructor() {
    mkdirSync(FOLDER, { recursive: true });
    this.file = join(FOLDER, `mutants-${contentHash(['circuits', 'test/soundness/mutation', 'test/circuits/support', 'test/builders', 'src/commitment', 'src/witness'])}.jsonl`);
    if (!existsSync(this.file)) return;
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      // The last line of a stopped run may be cut.
      if (!line.endsWith('}')) continue;
      const { id, verdict } = JSON.parse(line) as { readonly id: string; readonly verdict: Verdict };
      this.verdicts.set(id, verdict);
    }
  }

  of({ id }: Mutant): Verdict | undefined {
    return this.verdicts.get(id);
  }

  keep({ id, file, line }: Mutant, verdict: Verdict): void {
    appendFileSync(this.file, `${JSON.stringify({ id, file, line, verdict })}\n`);
  }
}

/** The process that judges, started anew when a mutant keeps it too long. */
class Bench {
  private child: ChildProcess | undefined;

  constructor(private readonly folder: string) {}

  async judge(mutant: Mutant): Promise<Verdict> {
    const child = this.child ?? (this.child = await this.start());
    const answer = this.answer(child);
    child.send(mutant);
    const verdict = await answer;
    if (verdict !== undefined) return verdict as Verdict;
    this.close();
    return { kind: 'invalid' };
  }

  close(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('./bench-process.ts', import.meta.url)), [this.folder], { execArgv: ['--import', 'tsx'] });
    if ((await this.answer(child, START_PATIENCE_MS)) !== 'ready') throw new Error('the process that judges mutants did not start');
    return child;
  }

  /** The child's next message; undefined when it takes too long. */
  private answer(child: ChildProcess, patience = PATIENCE_MS): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const stopped = (code: number | null): void => finish(() => reject(new Error(`the process that judges mutants ended with ${code}`)));
      const timer = setTimeout(() => finish(() => resolve(undefined)), patience);
      const finish = (then: () => void): void => {
        clearTimeout(timer);
        child.off('exit', stopped);
        child.off('message', heard);
        then();
      };
      const heard = (message: unknown): void => finish(() => resolve(message));
      child.once('exit', stopped);
      child.once('message', heard);
    });
  }
}
