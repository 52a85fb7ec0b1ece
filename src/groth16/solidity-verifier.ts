import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { zKey } from 'snarkjs';
import { requireCurve } from './curves.js';

/** Solidity source of the verifier contract for a proving key's circuit, by snarkjs's own template. */
export async function solidityVerifierSource(zkeyFile: string): Promise<string> {
  // snarkjs exports no path to its templates; they lie beside its entry's folder.
  const entry = createRequire(import.meta.url).resolve('snarkjs');
  const template = await readFile(join(dirname(entry), '..', 'templates', 'verifier_groth16.sol.ejs'), 'utf8');
  await requireCurve();
  return zKey.exportSolidityVerifier(zkeyFile, { groth16: template });
}
