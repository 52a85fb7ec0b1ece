import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { SECRET_FILE } from '../file/atomic-file.js';
import { CheckingProver, type ProofBackend } from './checking-prover.js';
import { proofFromSnarkjs } from './proof-json.js';
import type { Prover } from './prover.js';
import { loadCircuitKey } from './proving-key.js';
import { witnessFile } from './witness-calculator.js';
import { withWitnessFolder } from './witness-folder.js';

/** A proving program could not be started, failed, took too long, or left no proof. */
export class ExternalProverError extends ClearproofError {
  readonly code = 'EXTERNAL_PROVER';
}

/** A program with rapidsnark's command line: `prover circuit.zkey witness.wtns proof.json public.json`. */
export interface ExternalProverOptions {
  readonly path: string;
  readonly timeoutMilliseconds: number;
}

/** Longest part of the program's complaint that is shown. */
const MOST_CHARACTERS = 200;

/** Proves with a program of its own for each proof. The witness is in a private folder for as long as the program runs. */
export function externalProver(keysDirectory: string, options: ExternalProverOptions): Prover {
  return new CheckingProver(keysDirectory, externalBackend(options));
}

function externalBackend(options: ExternalProverOptions): ProofBackend {
  return {
    load: loadCircuitKey,
    prove: (key, wires) => withWitnessFolder(async (folder) => {
      const [witness, proof, publicSignals] = ['witness.wtns', 'proof.json', 'public.json'].map((file) => join(folder, file)) as [string, string, string];
      await writeFile(witness, witnessFile(wires), { mode: SECRET_FILE, flag: 'wx' });
      await run(options, [key.zkeyFile, witness, proof, publicSignals]);
      return proofFromSnarkjs(await readProof(proof, options.path));
    }),
  };
}

async function readProof(file: string, program: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ExternalProverError(`${program} ended well but left no readable proof: ${messageOf(cause)}`, { program }, { cause });
  }
}

function run({ path, timeoutMilliseconds }: ExternalProverOptions, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    // A process that leaves takes its program along: it would hold the witness for nobody.
    const leave = (): void => void child.kill('SIGKILL');
    process.once('exit', leave);
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMilliseconds);
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4 * MOST_CHARACTERS)));
    child.on('error', (cause) => {
      clearTimeout(timer);
      process.off('exit', leave);
      reject(new ExternalProverError(`${path} cannot be started (${cause.message}): check the prover's path`, { program: path }, { cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('exit', leave);
      if (code === 0) return resolve();
      const lastLine = complaint.trim().split('\n').at(-1)?.slice(-MOST_CHARACTERS) ?? '';
      const how = late ? `took longer than ${timeoutMilliseconds} ms and was stopped` : code === null ? `was ended by ${signal}` : `failed with exit code ${code}`;
      reject(new ExternalProverError(`${path} ${how}${lastLine === '' ? '' : `: ${lastLine}`}`, { program: path, exitCode: code ?? -1, lastLine }));
    });
  });
}
