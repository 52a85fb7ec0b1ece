import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { readText } from '../files.js';
import type { Runner } from '../runner.js';
import { ConformanceCaseError, parseCases, type ConformanceCase } from './conformance-case.js';
import { differences, runCase, type CaseFinding } from './run-case.js';

/** How a case went. */
export interface CaseOutcome {
  readonly name: string;
  readonly holds: boolean;
  readonly differences: readonly string[];
  readonly found: CaseFinding;
}

/** Files of cases lie here below the folder. */
const CASES_FOLDER = 'cases';

/** All cases of a folder, in the order of its files. @throws ConformanceCaseError for none, or a name twice; errors of parseCases */
export async function readCases(folder: string): Promise<readonly ConformanceCase[]> {
  const path = join(folder, CASES_FOLDER);
  const files = (await readdir(path).catch((cause: unknown) => {
    throw new ConformanceCaseError(`${path} cannot be read: name the folder of the corpus`, { path }, { cause });
  })).filter((file) => file.endsWith('.json')).sort();
  const cases = (await Promise.all(files.map(async (file) => parseCases(await readText(join(path, file)), join(path, file))))).flat();
  if (cases.length === 0) throw new ConformanceCaseError(`${path} has no cases`, { path });
  const names = cases.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new ConformanceCaseError(`two cases are called ${twice}`);
  return cases;
}

/** Runs every case on this program. */
export async function runCases(folder: string, each: (outcome: CaseOutcome) => void = () => undefined): Promise<readonly CaseOutcome[]> {
  const poseidon = await bulkPoseidon();
  const outcomes: CaseOutcome[] = [];
  for (const one of await readCases(folder)) {
    const found = await runCase(poseidon, folder, one);
    const differ = differences(one, found);
    const outcome = { name: one.name, holds: differ.length === 0, differences: differ, found };
    outcomes.push(outcome);
    each(outcome);
  }
  return outcomes;
}

const DIFFERS = 1;

export function addConformanceCommand(program: Command, run: Runner): void {
  program.command('conformance')
    .description('run a corpus of conformance cases on this program\'s verifier: 0 when all hold, 1 when one does not')
    .argument('<folder>', 'the corpus, as test/vectors/conformance')
    .addHelpText('after', '\nExample:\n  clearproof conformance test/vectors/conformance')
    .action(run(async (output, _options, [folder = '']) => {
      const outcomes = await runCases(folder, ({ name, holds, differences: differ }) => output.say(holds ? `ok      ${name}` : `DIFFERS ${name}: ${differ.join('; ')}`));
      const wrong = outcomes.filter(({ holds }) => !holds).length;
      output.say(wrong === 0 ? `all ${outcomes.length} cases hold` : `${wrong} of ${outcomes.length} cases differ`);
      output.result({ cases: outcomes.length, differ: wrong, outcomes });
      return wrong === 0 ? 0 : DIFFERS;
    }));
}
