import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CeremonyStart } from '../../src/ceremony/start.js';
import { developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';

export const POWER = 4;
const TOOLS = Object.freeze({ clearproof: '1.0.0', circom: '2.2.3', snarkjs: '0.7.6', solc: '0.8.37', node: 'v20.19.0' });

/** A folder with a test phase-1 file, and what it takes to start a ceremony over two tiny circuits in it. */
export interface CeremonySetup {
  readonly folder: string;
  readonly phaseOne: string;
  readonly start: CeremonyStart;
  readonly remove: () => Promise<void>;
}

export async function ceremonySetup(): Promise<CeremonySetup> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-ceremony-'));
  const phaseOne = join(folder, 'INSECURE.ptau');
  await writeFile(phaseOne, await developmentPowersOfTau(POWER));
  const circuits = [await productCircuit(), await rangeCircuit()].map(({ name, r1cs }) => ({ name, r1cs }));
  return {
    folder, phaseOne,
    start: {
      title: 'Keys of a test', minimumContributions: 2, insecurePhaseOne: true, circuits, tools: TOOLS, now: () => 1_800_000_000,
      phaseOne: { path: phaseOne, blake2b: 'ab'.repeat(64), power: POWER, published: false },
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
