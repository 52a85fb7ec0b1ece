import { execFile, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What native/Cargo.toml asks for. */
export const LEAST_CARGO = '1.89';
/** Build products of native/, beside all others. */
export const CARGO_FOLDER = 'build/native/target';

/** Rust's build tool, or why it cannot be used: continues "…: ". */
export type Cargo = { readonly path: string; readonly version: string } | { readonly missing: string };

/** The cargo of PATH, or where rustup puts it. */
export async function findCargo(): Promise<Cargo> {
  for (const path of ['cargo', join(homedir(), '.cargo', 'bin', 'cargo')]) {
    const version = await versionOf(path);
    if (version === undefined) continue;
    if (isRecent(version)) return { path, version };
    return { missing: `cargo is ${version}, and ${LEAST_CARGO} or newer is needed` };
  }
  return { missing: 'there is no cargo here' };
}

/** Whether a cargo of this version builds native/. By numbers: 1.100 is newer than 1.89. */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_CARGO.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** What a run of cargo came to. */
export interface CargoRun {
  /** Exit code, or the signal that ended it. */
  readonly status: number | string;
  /** Standard output, which was shown as well. */
  readonly output: string;
}

/** Runs cargo over native/ and shows what it says. Nothing is looked up on the network: there is nothing to look up. */
export function runCargo(path: string, [verb, ...options]: readonly [string, ...string[]]): Promise<CargoRun> {
  return new Promise((resolve, reject) => {
    const args = [verb, '--manifest-path', 'native/Cargo.toml', ...options];
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, CARGO_TARGET_DIR: CARGO_FOLDER } });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece);
      process.stdout.write(piece);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ status: code ?? String(signal), output: Buffer.concat(pieces).toString() }));
  });
}

/** Whether a part of Rust's tools that cargo calls is installed. */
export async function hasPart(path: string, part: string): Promise<boolean> {
  return (await said(path, [part, '--version'])) !== undefined;
}

async function versionOf(path: string): Promise<string | undefined> {
  return /^cargo (\d+\.\d+\.\d+)/.exec((await said(path, ['--version'])) ?? '')?.[1];
}

async function said(path: string, args: readonly string[]): Promise<string | undefined> {
  return promisify(execFile)(path, args).then(({ stdout }) => stdout, () => undefined);
}
