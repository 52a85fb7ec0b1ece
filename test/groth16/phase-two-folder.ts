import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { applyBeacon, contributeToKey, initialKey } from '../../src/groth16/phase-two.js';
import { productCircuit } from './tiny-circuits.js';

/** Hash of the block that the beacon is drawn from. */
export const BLOCK_HASH = 'ab'.repeat(32);
export const ITERATIONS = 10;

/** Keys of one circuit: initial, after each of two contributions, and after the beacon. */
export interface PhaseTwoFolder {
  readonly folder: string;
  readonly ptau: string;
  readonly r1cs: string;
  /** Paths, by number of contributions. */
  readonly keys: readonly [string, string, string, string];
  readonly hashes: readonly string[];
  readonly read: (file: string) => Promise<Uint8Array>;
  readonly write: (name: string, bytes: Uint8Array) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function phaseTwoFolder(): Promise<PhaseTwoFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-phase-two-'));
  const write = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  const ptau = await write('test.ptau', await developmentPowersOfTau(4));
  const { r1cs } = await productCircuit();
  const keys = [0, 1, 2, 3].map((index) => join(folder, `${index}.zkey`)) as [string, string, string, string];
  await initialKey({ r1cs, ptau, out: keys[0] });
  const one = await contributeToKey({ from: keys[0], to: keys[1], name: 'Alice', entropy: new Uint8Array(0) });
  const two = await contributeToKey({ from: keys[1], to: keys[2], name: 'Bob', entropy: new Uint8Array(32) });
  const three = await applyBeacon({ from: keys[2], to: keys[3], name: 'beacon', blockHash: BLOCK_HASH, iterations: ITERATIONS });
  return {
    folder, ptau, r1cs, keys, write,
    hashes: [one, two, three].map(({ contributionHash }) => contributionHash),
    read: async (file) => new Uint8Array(await readFile(file)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
