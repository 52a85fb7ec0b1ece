import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';

/** A rehearsal's folder is of another rehearsal, or its record of steps is damaged. */
export class RehearsalFolderError extends ClearproofError {
  readonly code = 'REHEARSAL_FOLDER';
}

/** A step of a rehearsal that is done. */
export interface StepTaken {
  readonly step: string;
  /** Wall clock of the run that finished it, to a tenth. */
  readonly seconds: number;
  /** How often it was begun: more than once where the rehearsal was stopped in it. */
  readonly runs: number;
  /** What is worth telling of it. */
  readonly note?: string;
}

interface StepsFile {
  readonly version: 1;
  readonly circuits: readonly string[];
  readonly taken: readonly StepTaken[];
  readonly begun?: { readonly step: string; readonly runs: number };
}

/** What a step is told, and the file that shows that it was done by a run that could not say so any more. */
export interface Step {
  readonly name: string;
  readonly proof?: string;
  readonly work: () => Promise<string | undefined>;
}

/** Steps of a rehearsal in its folder: each is taken once, however often the rehearsal is stopped. */
export class RehearsalSteps {
  private constructor(private readonly file: string, private state: StepsFile, private readonly say: (line: string) => void) {}

  /**
   * The steps that a folder has behind it.
   *
   * @throws RehearsalFolderError when it is a rehearsal over other circuits
   */
  static async open(folder: string, circuits: readonly string[], say: (line: string) => void): Promise<RehearsalSteps> {
    await mkdir(folder, { recursive: true });
    const file = stepsFile(folder);
    const state = existsSync(file) ? parseSteps(await readFile(file, 'utf8'), file) : { version: 1 as const, circuits, taken: [] };
    if (state.circuits.join() !== circuits.join()) {
      throw new RehearsalFolderError(`${folder} is a rehearsal over ${state.circuits.join(', ')}: delete it to rehearse over others`, { folder });
    }
    return new RehearsalSteps(file, state, say);
  }

  /** Those that are done, in order. */
  get taken(): readonly StepTaken[] {
    return this.state.taken;
  }

  async take({ name, proof, work }: Step): Promise<void> {
    const { taken, begun } = this.state;
    if (taken.some(({ step }) => step === name)) return;
    const runs = begun?.step === name ? begun.runs + 1 : 1;
    await this.write({ ...this.state, begun: { step: name, runs } });
    this.say(`\n== ${name}${runs > 1 ? `, begun for the ${runs}th time` : ''}`);
    const started = performance.now();
    const note = proof !== undefined && existsSync(proof) ? 'found done' : await work();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    this.say(`${name}: ${seconds} s`);
    await this.write({ version: 1, circuits: this.state.circuits, taken: [...taken, { step: name, seconds, runs, ...(note === undefined ? {} : { note }) }] });
  }

  private async write(state: StepsFile): Promise<void> {
    this.state = state;
    await writeFileAtomically(this.file, `${JSON.stringify(state, undefined, 1)}\n`);
  }
}

/** Removes a rehearsal that reached its end: nothing else in a folder of that name. */
export async function removeRehearsal(folder: string): Promise<void> {
  if (existsSync(stepsFile(folder))) await rm(folder, { recursive: true });
}

function stepsFile(folder: string): string {
  return join(folder, 'steps.json');
}

function parseSteps(text: string, file: string): StepsFile {
  try {
    const value = JSON.parse(text) as Partial<StepsFile>;
    if (value.version === 1 && Array.isArray(value.circuits) && Array.isArray(value.taken)) return value as StepsFile;
  } catch (cause) {
    throw new RehearsalFolderError(`${file} is not JSON (${messageOf(cause)}): delete the rehearsal's folder`, { file }, { cause });
  }
  throw new RehearsalFolderError(`${file} is no record of steps: delete the rehearsal's folder`, { file });
}
