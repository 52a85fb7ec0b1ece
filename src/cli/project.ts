import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';

/** The program does not find its own package. */
export class ProjectNotFoundError extends ClearproofError {
  readonly code = 'PROJECT_NOT_FOUND';
}

/** Root of the package this file belongs to, whether it runs compiled or from source. */
export function projectRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'circuits', 'circuits.json'))) return folder;
    if (folder === dirname(folder)) throw new ProjectNotFoundError('circuits/circuits.json is in no folder above this program: reinstall the package');
  }
}

/** Where build products lie unless told otherwise. */
export function buildPath(...parts: readonly string[]): string {
  return join(projectRoot(), 'build', ...parts);
}
