import { readFile } from 'node:fs/promises';
import { CIRCUIT_LIST, CircuitListError, parseCircuitList, type CircuitDefinition } from './circuit-list-format.js';

export {
  CIRCUIT_LIST, CircuitListError, findCircuit, parseCircuitList, type CircuitDefinition, type CircuitParameter, type CircuitUse,
} from './circuit-list-format.js';

/** Reads the list from a file. Throws CircuitListError naming file and field. */
export async function readCircuitList(path: string = CIRCUIT_LIST): Promise<readonly CircuitDefinition[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CircuitListError(`${path} cannot be read: run from the repository's root`, { file: path }, { cause });
  }
  return parseCircuitList(text, path);
}
