import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { proofFromJson, proofToJson, type ProofJson } from '../groth16/proof-json.js';

interface StoredProof {
  readonly circuit: string;
  readonly publicSignals: readonly string[];
  readonly proof: ProofJson;
}

/** Finished proofs of one epoch, one file each, so that a killed run loses at most the proofs under way. */
export class ProofStore {
  constructor(private readonly directory: string) {}

  async write(name: string, circuit: string, publicSignals: readonly bigint[], proof: Groth16Proof): Promise<void> {
    const stored: StoredProof = { circuit, publicSignals: publicSignals.map(String), proof: proofToJson(proof) };
    await writeFileAtomically(this.fileOf(name), `${JSON.stringify(stored, undefined, 1)}\n`);
  }

  /**
   * The stored proof of exactly this statement, or why there is none to use: a torn, altered or foreign file counts as
   * not there, since the proof can be made again. The caller verifies what it gets.
   */
  async read(name: string, circuit: string, publicSignals: readonly bigint[]): Promise<Groth16Proof | { readonly unusable: string } | undefined> {
    const file = this.fileOf(name);
    try {
      const stored = JSON.parse(await readFile(file, 'utf8')) as StoredProof;
      const expected = publicSignals.map(String);
      if (stored.circuit !== circuit || JSON.stringify(stored.publicSignals) !== JSON.stringify(expected)) {
        return { unusable: `${file} proves another statement` };
      }
      return proofFromJson(stored.proof);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      return { unusable: `${file} cannot be used: ${messageOf(cause)}` };
    }
  }

  private fileOf(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}
