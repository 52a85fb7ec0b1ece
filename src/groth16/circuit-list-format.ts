import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** circuits.json is not what it must be. */
export class CircuitListError extends ClearproofError {
  readonly code = 'CIRCUIT_LIST';
}

/** What a circuit is compiled for: small shapes for tests, the demo, or a venue. */
export type CircuitUse = 'test' | 'demo' | 'production';

/** One entry of circuits.json. */
export interface CircuitDefinition {
  /** Lower-case letters, digits and hyphens; names files, keys and the circuit id. */
  readonly name: string;
  readonly template: string;
  /** Below circuits/. */
  readonly source: string;
  /** In the order of the template's parameters. */
  readonly parameters: readonly CircuitParameter[];
  /** In the order in which the template declares them, which is their order in a proof. */
  readonly publicSignals: readonly string[];
  readonly use: CircuitUse;
}

export interface CircuitParameter {
  readonly name: string;
  readonly value: number;
}

/** The one list of circuits, relative to the repository's root. */
export const CIRCUIT_LIST = 'circuits/circuits.json';

const USES: readonly string[] = ['test', 'demo', 'production'];
const FIELDS: readonly string[] = ['name', 'template', 'source', 'parameters', 'public', 'use'];
const CIRCUIT_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** In a folder: a bare file name would be looked up beside the generated main component first, and could be that file itself. */
const SOURCE = /^([a-z0-9-]+\/)+[a-z0-9-]+\.circom$/;

/** Browser-safe. @param file what the text is called in errors; throws CircuitListError naming file and field */
export function parseCircuitList(text: string, file: string): readonly CircuitDefinition[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CircuitListError(`${file} is not JSON: ${messageOf(cause)}`, { file }, { cause });
  }
  const list = new Fields(file, '').record(value, ['circuits']);
  const circuits = new Fields(file, 'circuits').array(list.circuits).map((entry, index) => parseEntry(entry, file, `circuits[${index}]`));
  circuits.forEach(({ name }, index) => {
    if (circuits.findIndex((other) => other.name === name) !== index) {
      throw new Fields(file, `circuits[${index}].name`).wrong(`"${name}" is there twice: give each circuit its own name`);
    }
  });
  return circuits;
}

/** The circuit called `name`, or CircuitListError with the names there are. */
export function findCircuit(circuits: readonly CircuitDefinition[], name: string): CircuitDefinition {
  const found = circuits.find((circuit) => circuit.name === name);
  if (found !== undefined) return found;
  const names = circuits.map((circuit) => circuit.name).join(', ');
  throw new CircuitListError(`no circuit is called "${name}" in ${CIRCUIT_LIST}: choose one of ${names}`, { name });
}

function parseEntry(value: unknown, file: string, place: string): CircuitDefinition {
  const at = (field: string): Fields => new Fields(file, `${place}.${field}`);
  const entry = new Fields(file, place).record(value, FIELDS);
  const parameters = Object.entries(at('parameters').record(entry.parameters)).map(([name, parameter]) => {
    if (!IDENTIFIER.test(name)) throw at('parameters').wrong(`"${name}" is not a name in circom`);
    return { name, value: at(`parameters.${name}`).count(parameter) };
  });
  const publicSignals = at('public').array(entry.public).map((name, index) => at(`public[${index}]`).matching(name, IDENTIFIER, 'a signal name'));
  if (publicSignals.length === 0) throw at('public').wrong('is empty: name the public signals in the order the template declares them');
  if (new Set(publicSignals).size !== publicSignals.length) throw at('public').wrong('names a signal twice');
  return {
    name: at('name').matching(entry.name, CIRCUIT_NAME, 'lower-case words joined by hyphens'),
    template: at('template').matching(entry.template, IDENTIFIER, 'a template name'),
    source: at('source').matching(entry.source, SOURCE, 'a path like folder/name.circom below circuits/'),
    parameters,
    publicSignals,
    use: parseUse(entry.use, at('use')),
  };
}

function parseUse(value: unknown, at: Fields): CircuitUse {
  if (typeof value !== 'string' || !USES.includes(value)) throw at.wrong(`must be one of ${USES.join(', ')}`);
  return value as CircuitUse;
}

/** Checks on one place of the file, whose errors name it. */
class Fields {
  constructor(
    private readonly file: string,
    private readonly place: string,
  ) {}

  wrong(problem: string): CircuitListError {
    const subject = this.place === '' ? this.file : `${this.file}: ${this.place}`;
    return new CircuitListError(`${subject} ${problem}`, { file: this.file, field: this.place });
  }

  /** An object with exactly the members `names`, or any when not given. */
  record(value: unknown, names?: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong('must be an object');
    const record = value as Readonly<Record<string, unknown>>;
    if (names === undefined) return record;
    const missing = names.find((name) => !Object.hasOwn(record, name));
    if (missing !== undefined) throw this.wrong(`lacks "${missing}"`);
    const surplus = Object.keys(record).find((name) => !names.includes(name));
    if (surplus !== undefined) throw this.wrong(`has "${surplus}", which means nothing here: remove it`);
    return record;
  }

  array(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw this.wrong('must be an array');
    return value;
  }

  matching(value: unknown, pattern: RegExp, what: string): string {
    if (typeof value !== 'string' || !pattern.test(value)) throw this.wrong(`must be ${what}`);
    return value;
  }

  count(value: unknown): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw this.wrong('must be a whole number, 0 or more');
    return value;
  }
}
