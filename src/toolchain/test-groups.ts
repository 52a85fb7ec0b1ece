/** Test files that one process of mocha runs, one after the other. */
export interface TestGroup {
  /** Of its report, build/report/mocha-<name>.json. */
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Groups that take longest, in the order of their processor time, so that none of them is left to run alone at the end: a group takes
 * the files whose paths begin so and that no group before it has.
 */
const LONGEST: readonly (readonly [name: string, ...beginnings: readonly string[]])[] = [
  ['soundness-gates', 'test/soundness/gates.test.ts'],
  ['circuits-account', 'test/circuits/account/'],
  ['circuits-market', 'test/circuits/market/'],
  ['circuits', 'test/circuits/'],
  ['soundness', 'test/soundness/'],
  ['service-api', 'test/service/api/', 'test/service/client/', 'test/service/config/', 'test/service/run/'],
  ['service', 'test/service/'],
  ['store', 'test/store/', 'test/chaos/', 'test/docs/', 'test/cli/service/'],
  ['flows-vault', 'test/flows/vault-', 'test/flows/omission-'],
  ['flows', 'test/flows/'],
  ['cli-account', 'test/cli/account', 'test/cli/challenge', 'test/cli/market'],
  ['cli', 'test/cli/'],
  ['web', 'test/web/'],
  ['proving', 'test/proving/'],
];

/** Every file in one group: those of `LONGEST`, then one for each other folder of test/. A group without files is left out. */
export function testGroups(files: readonly string[]): readonly TestGroup[] {
  const groups = new Map<string, string[]>(LONGEST.map(([name]) => [name, []]));
  for (const file of [...files].sort()) {
    const name = LONGEST.find(([, ...beginnings]) => beginnings.some((beginning) => file.startsWith(beginning)))?.[0] ?? folderOf(file);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return [...groups].filter(([, own]) => own.length > 0).map(([name, own]) => ({ name, files: own }));
}

/** Files right below test/ are a group of their own. */
function folderOf(file: string): string {
  const [, folder, ...rest] = file.split('/');
  return rest.length > 0 && folder !== undefined ? folder : 'rules';
}
