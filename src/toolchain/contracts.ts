import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { poseidonContract } from 'circomlibjs';
import solc from 'solc';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { isCurrent, sourcesStamp } from './sources-stamp.js';

/** A Solidity source does not compile, or a file it imports is missing. */
export class ContractCompilationError extends ClearproofError {
  readonly code = 'CONTRACT_COMPILATION';
}

/** One compiled contract as it stands in build/contracts/<name>.json. Byte code is hex with 0x. */
export interface ContractArtifact {
  readonly name: string;
  readonly abi: readonly unknown[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

export interface CompileOptions {
  /** Directory of contracts/, node_modules/ and build/. */
  readonly root: string;
  /** Directories of sources below root; contracts/ and the generated verifiers unless told. */
  readonly directories?: readonly string[];
  /** Directory of the generated verifiers, when it is another than build/contracts/verifiers; they are compiled under the names they would have there. */
  readonly verifiers?: string;
  /** Directory of the artefacts, from root; build/contracts unless told. */
  readonly output?: string;
}

/** The same in foundry.toml, so that the tests run the code that is deployed. */
const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
} as const;

/** Hash contracts that registry and liquidations need: inputs of each. Their code comes from circomlib's generator, not from Solidity. */
const POSEIDON_INPUTS = [3, 5, 6] as const;

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

interface CompiledContract {
  readonly abi: readonly unknown[];
  readonly evm: { readonly bytecode: { readonly object: string }; readonly deployedBytecode: { readonly object: string } };
}

/** Where the generated verifiers stand, and where every artefact goes. */
export const CONTRACT_ARTIFACTS = 'build/contracts';
export const VERIFIER_SOURCES = 'build/contracts/verifiers';
/** Beside the artefacts: what they were made of. */
const STAMP = '.sources.json';

/**
 * Compiles contracts/, the generated verifiers and the Poseidon contracts into build/contracts/<Name>.json.
 * Nothing is written when anything fails.
 *
 * @returns names of the artefacts written
 * @throws ContractCompilationError with the compiler's text
 */
export async function compileContracts(options: CompileOptions): Promise<readonly string[]> {
  const { root, directories = ['contracts', VERIFIER_SOURCES], verifiers = VERIFIER_SOURCES, output = CONTRACT_ARTIFACTS } = options;
  const directory = path.resolve(root, output);
  const sources = await readSources(root, directories, verifiers);
  const artifacts = [...compileSources(root, sources), ...POSEIDON_INPUTS.map(poseidonArtifact)];
  const files = artifacts.map((artifact) => ({ name: `${artifact.name}.json`, content: `${JSON.stringify(artifact, undefined, 1)}\n` }));
  // Gone while files change: a stamp never speaks of a mixture.
  await rm(path.join(directory, STAMP), { force: true });
  for (const { name, content } of files) await writeFileAtomically(path.join(directory, name), content);
  await writeFileAtomically(path.join(directory, STAMP), sourcesStamp(await madeOf(root, sources), files));
  return artifacts.map((artifact) => artifact.name);
}

/** As `compileContracts`, unless these very sources, settings and compiler made the artefacts that are there, which takes half a minute less. */
export async function ensureContracts(options: CompileOptions): Promise<void> {
  const { root, directories = ['contracts', VERIFIER_SOURCES], verifiers = VERIFIER_SOURCES, output = CONTRACT_ARTIFACTS } = options;
  const directory = path.resolve(root, output);
  if (!(await isCurrent(directory, STAMP, await madeOf(root, await readSources(root, directories, verifiers))))) await compileContracts(options);
}

/** Everything the artefacts follow from. Imported packages are what package-lock.json says, by their hashes. */
async function madeOf(root: string, sources: Readonly<Record<string, string>>): Promise<string> {
  const lock = await readFile(path.join(root, 'package-lock.json'), 'utf8').catch(() => '');
  return JSON.stringify([(solc.version as () => string)(), SETTINGS, POSEIDON_INPUTS, Object.entries(sources), lock]);
}

/** Compiles named sources; imports are looked up among them and then in node_modules. Interfaces and libraries without code are left out. */
export function compileSources(root: string, sources: Readonly<Record<string, string>>): readonly ContractArtifact[] {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: SETTINGS,
  };
  const output = runCompiler(input, root);
  const failures = (output.errors ?? []).filter((entry) => entry.severity === 'error');
  if (failures.length > 0) {
    throw new ContractCompilationError(`Solidity sources do not compile:\n${failures.map((entry) => entry.formattedMessage).join('\n')}`, {
      errors: failures.length,
    });
  }
  return Object.keys(sources).flatMap((source) =>
    Object.entries(output.contracts?.[source] ?? {})
      .filter(([, contract]) => contract.evm.bytecode.object !== '')
      .map(([name, contract]) => ({
        name,
        abi: contract.abi,
        bytecode: `0x${contract.evm.bytecode.object}`,
        deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
      })),
  );
}

function runCompiler(input: unknown, root: string): CompilerOutput {
  const resolve = createRequire(path.resolve(root, 'package.json'));
  const compile = solc.compile as (input: string, callbacks: { import: (name: string) => unknown }) => string;
  const text = compile(JSON.stringify(input), {
    import(name) {
      try {
        return { contents: readModule(resolve, name) };
      } catch (cause) {
        return { error: `${name} is neither a source of this project nor in node_modules: ${messageOf(cause)}` };
      }
    },
  });
  return JSON.parse(text) as CompilerOutput;
}

function readModule(resolve: NodeJS.Require, name: string): string {
  return readFileSync(resolve.resolve(name), 'utf8');
}

async function readSources(root: string, directories: readonly string[], verifiers: string): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  for (const directory of directories) {
    const folder = path.resolve(root, directory === VERIFIER_SOURCES ? verifiers : directory);
    for (const name of await solidityFiles(folder)) {
      sources[path.join(directory, name).split(path.sep).join('/')] = await readFile(path.join(folder, name), 'utf8');
    }
  }
  return sources;
}

async function solidityFiles(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory, { recursive: true });
    return names.filter((name) => name.endsWith('.sol')).sort();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}

function poseidonArtifact(inputs: number): ContractArtifact {
  const bytecode = poseidonContract.createCode(inputs);
  return { name: `Poseidon${inputs}`, abi: poseidonContract.generateABI(inputs), bytecode, deployedBytecode: '0x' };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = await compileContracts({ root: process.cwd() });
  console.log(`${names.length} contracts in build/contracts`);
}
