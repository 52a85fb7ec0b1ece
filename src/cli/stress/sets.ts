import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClearproofError } from '../../error/clearproof-error.js';
import { parseSurface } from '../../risk/option/surface-json.js';
import { parseParameterSet } from '../../risk/parameter-set/parameter-set-json.js';
import { parseStressSet, type StressScenario, type StressSet } from '../../risk/stress/stress-set.js';
import type { OptionSources } from '../../risk/stress/stressed-table.js';
import { readText } from '../files.js';
import { projectRoot } from '../project.js';

/** No set has the scenario asked for, or several have. */
export class ScenarioNameError extends ClearproofError {
  readonly code = 'SCENARIO_NAME';
}

/** Where what options are valued from comes from. */
export interface OptionFiles {
  readonly parameters?: string;
  readonly surface?: string;
}

/** Stress sets that come with the program. */
const SHIPPED = ['src', 'risk', 'stress', 'sets'];

/** The sets of the files named, or all shipped ones. */
export async function readStressSets(files: readonly string[] | undefined): Promise<readonly StressSet[]> {
  const folder = join(projectRoot(), ...SHIPPED);
  const chosen = files ?? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, name));
  return Promise.all(chosen.map(async (file) => parseStressSet(await readText(file), file)));
}

/** A scenario named "set/scenario", or by its own name where that is enough. @throws ScenarioNameError */
export function findScenario(sets: readonly StressSet[], name: string): { readonly set: StressSet; readonly scenario: StressScenario } {
  const all = sets.flatMap((set) => set.scenarios.map((scenario) => ({ set, scenario })));
  const found = all.filter(({ set, scenario }) => name === scenario.name || name === `${set.name}/${scenario.name}`);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = all.map(({ set, scenario }) => `${set.name}/${scenario.name}`).join(', ');
  throw new ScenarioNameError(`"${name}" names ${found.length === 0 ? 'no scenario' : 'several scenarios'}: take one of ${known}`, { name });
}

/** What options are valued from, when both files are given. @throws OptionSourcesError when one is without the other */
export async function readOptionSources({ parameters, surface }: OptionFiles): Promise<OptionSources | undefined> {
  if (parameters === undefined && surface === undefined) return undefined;
  if (parameters === undefined || surface === undefined) throw new OptionSourcesError('--parameters and --surface belong together: options are valued from both');
  return { set: parseParameterSet(await readText(parameters), parameters), surface: parseSurface(await readText(surface), surface) };
}

/** One of the two files that options need is missing. */
export class OptionSourcesError extends ClearproofError {
  readonly code = 'OPTION_SOURCES';
}
