import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import solc from 'solc';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { runTool } from './command-line.js';
import { compileSources } from './contracts.js';
import { isCurrent, sourcesStamp } from './sources-stamp.js';

/** Hyperlane's contracts cannot be had, or are not the ones that this version was written for. */
export class HyperlanePackageError extends ClearproofError {
  readonly code = 'HYPERLANE_PACKAGE';
}

/**
 * The package that the mailbox, its hooks and its security modules are in. It is no dependency: 110 MB, of which a hundredth is needed, and
 * another OpenZeppelin than ours. Nothing of it is kept in this repository.
 */
export const HYPERLANE_PACKAGE = '@hyperlane-xyz/core@12.1.0';
/** As the registry states it, and as it was when the contracts were read. */
const INTEGRITY = 'sha512-8kl5+zuir0nKHXfeo2ssySvB2P3eVdTYAJX24O9+lpFFA9BUytYVFPCcJ+8fxX0OAY4HICBOUt/OB180j+EABg==';
export const HYPERLANE_ARTIFACTS = 'build/hyperlane';

/** What is compiled: file in the package, and the contract in it. */
const CONTRACTS: readonly (readonly [file: string, name: string])[] = [
  ['contracts/Mailbox.sol', 'Mailbox'],
  ['contracts/hooks/MerkleTreeHook.sol', 'MerkleTreeHook'],
  ['contracts/hooks/PausableHook.sol', 'PausableHook'],
  ['contracts/isms/multisig/StaticMultisigIsm.sol', 'StaticMessageIdMultisigIsmFactory'],
  ['contracts/isms/multisig/StaticMultisigIsm.sol', 'StaticMessageIdMultisigIsm'],
];
/** Where the package has what it imports from elsewhere. */
const CARRIED: readonly (readonly [prefix: string, folder: string])[] = [
  ['@openzeppelin/contracts/', 'dependencies/@openzeppelin-contracts-4.9.3/contracts/'],
  ['@openzeppelin/contracts-upgradeable/', 'dependencies/@openzeppelin-contracts-upgradeable-4.9.3/contracts/'],
];
const UNPACKED = ['package/contracts', ...CARRIED.map(([, folder]) => `package/${folder}`.replace(/\/$/, ''))];
const IMPORT = /^\s*import\s(?:[^'"]*\sfrom\s*)?['"]([^'"]+)['"]\s*;|\bfrom\s+['"]([^'"]+)['"]\s*;/gm;
const STAMP = '.sources.json';
const PATIENCE_MS = 600_000;

export interface HyperlaneOptions {
  /** Directory of build/. */
  readonly root: string;
  /** Puts the package's archive into a folder, and says where: npm unless told. */
  readonly pack?: (folder: string) => Promise<string>;
}

/**
 * Hyperlane's contracts as artefacts in build/hyperlane, made once: fetches the package, checks it, and compiles with the compiler and settings of our
 * own contracts.
 *
 * @returns the folder
 * @throws HyperlanePackageError, ContractCompilationError
 */
export async function ensureHyperlane({ root, pack = packWithNpm }: HyperlaneOptions): Promise<string> {
  const folder = path.resolve(root, HYPERLANE_ARTIFACTS);
  if (await isCurrent(folder, STAMP, madeOf())) return folder;
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(path.join(folder, 'package-'));
  try {
    const archive = await pack(scratch);
    await requireIntegrity(archive);
    await unpack(archive, scratch);
    const sources = await reachedSources(path.join(scratch, 'package'));
    const wanted = new Set(CONTRACTS.map(([, name]) => name));
    const artifacts = compileSources(root, sources).filter(({ name }) => wanted.has(name));
    const files = artifacts.map((artifact) => ({ name: `${artifact.name}.json`, content: `${JSON.stringify(artifact, undefined, 1)}\n` }));
    await rm(path.join(folder, STAMP), { force: true });
    for (const { name, content } of files) await writeFileAtomically(path.join(folder, name), content);
    await writeFileAtomically(path.join(folder, STAMP), sourcesStamp(madeOf(), files));
    return folder;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function madeOf(): string {
  return JSON.stringify([(solc.version as () => string)(), INTEGRITY, CONTRACTS]);
}

/** @throws HyperlanePackageError */
async function packWithNpm(folder: string): Promise<string> {
  try {
    await promisify(execFile)('npm', ['pack', HYPERLANE_PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: folder, timeout: PATIENCE_MS, maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    throw new HyperlanePackageError(
      `${HYPERLANE_PACKAGE} cannot be fetched (110 MB, once): Hyperlane's contracts come from npm and are not in this repository; check that the network and npm's registry can be reached`,
      { package: HYPERLANE_PACKAGE }, { cause },
    );
  }
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new HyperlanePackageError(`npm pack of ${HYPERLANE_PACKAGE} left no archive: take another npm`, { package: HYPERLANE_PACKAGE });
  return path.join(folder, archive);
}

/** @throws HyperlanePackageError */
async function requireIntegrity(archive: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive, { highWaterMark: 2 ** 20 }), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found === INTEGRITY) return;
  throw new HyperlanePackageError(
    `the archive of ${HYPERLANE_PACKAGE} is not the one that this version was written for (its hash is ${found}): nothing of it was unpacked; ask who changed it`,
    { package: HYPERLANE_PACKAGE, found },
  );
}

/** @throws HyperlanePackageError */
async function unpack(archive: string, folder: string): Promise<void> {
  try {
    await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, ...UNPACKED]);
  } catch (cause) {
    throw new HyperlanePackageError(`${archive} cannot be unpacked: check that tar is there and the disk has room`, { file: archive }, { cause });
  }
}

/** The wanted files with all they import, under the names by which they import one another. @throws HyperlanePackageError */
async function reachedSources(folder: string): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  const waiting = [...new Set(CONTRACTS.map(([file]) => file))];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sources[name] !== undefined) continue;
    const text = await readFile(path.join(folder, placeOf(name)), 'utf8').catch((cause: unknown) => {
      throw new HyperlanePackageError(`${HYPERLANE_PACKAGE} lacks ${placeOf(name)} (${messageOf(cause)})`, { file: name }, { cause });
    });
    sources[name] = text;
    for (const match of text.matchAll(IMPORT)) waiting.push(importedName(name, (match[1] ?? match[2]) as string));
  }
  return sources;
}

function placeOf(name: string): string {
  const carried = CARRIED.find(([prefix]) => name.startsWith(prefix));
  return carried === undefined ? name : `${carried[1]}${name.slice(carried[0].length)}`;
}

function importedName(importer: string, imported: string): string {
  return imported.startsWith('.') ? path.posix.join(path.posix.dirname(importer), imported) : imported;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runTool(async () => console.log(`Hyperlane's contracts in ${path.relative(process.cwd(), await ensureHyperlane({ root: process.cwd() }))}`));
}
