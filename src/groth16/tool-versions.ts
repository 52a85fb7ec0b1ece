import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';

/** What made circuits, keys and verifiers: with these versions anybody gets the same bytes. */
export interface ToolVersions {
  readonly clearproof: string;
  /** Of the package circom2, which holds one build of the compiler. */
  readonly circom: string;
  readonly snarkjs: string;
  /** Of the package, which is the compiler's. */
  readonly solc: string;
  /** With the leading v. */
  readonly node: string;
}

/** A package that this program is built with is not installed as it must be. */
export class ToolVersionError extends ClearproofError {
  readonly code = 'TOOL_VERSION';
}

let found: ToolVersions | undefined;

/** Versions of what is installed here, read once. @throws ToolVersionError */
export function toolVersions(): ToolVersions {
  found ??= Object.freeze({
    clearproof: packageVersion('package.json', 'clearproof'),
    circom: packageVersion('node_modules/circom2/package.json', 'circom2'),
    snarkjs: packageVersion('node_modules/snarkjs/package.json', 'snarkjs'),
    solc: packageVersion('node_modules/solc/package.json', 'solc'),
    node: process.version,
  });
  return found;
}

/** Not by the module resolver: packages need not export their package.json. */
function packageVersion(path: string, name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, path);
    const read = existsSync(file) ? readPackage(file) : undefined;
    if (read?.name === name && typeof read.version === 'string') return read.version;
    if (folder === dirname(folder)) throw new ToolVersionError(`${path} of ${name} is in no folder above this program: run "npm ci"`, { package: name });
  }
}

function readPackage(file: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown; readonly version?: unknown };
  } catch (cause) {
    throw new ToolVersionError(`${file} cannot be read (${messageOf(cause)}): run "npm ci"`, { file }, { cause });
  }
}
