import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { toSolidityProof } from '../../src/chain/epoch-submission.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { finishVerifierSource } from '../../src/toolchain/verifier-source.js';
import { pointOutsideSubgroup } from './bn254.js';
import { KnownTrapdoor, renderVerifier } from './known-trapdoor.js';

export const BATCH_SIGNALS = 4;
export const CLOSE_SIGNALS = 11;
export const GROTH16_FIXTURE = 'build/test/groth16-fixture.json';

/** Sources of verifiers of keys with a known trapdoor, by file name. */
export function trapdoorSources(): Readonly<Record<string, string>> {
  const sources = [BATCH_SIGNALS, CLOSE_SIGNALS].map((signals) => {
    const contractName = `TrapdoorVerifier${signals}`;
    const source = renderVerifier(new KnownTrapdoor(signals).verificationKey());
    return [`${contractName}.sol`, finishVerifierSource(source, { contractName, developmentKey: true })] as const;
  });
  return Object.fromEntries(sources);
}

/**
 * What forge's tests of real verifiers read: byte code, a proof with its signals, the same re-randomised, what a proof of any
 * other signals is simulated with, and a bad point.
 */
export async function writeGroth16Fixture(file: string = GROTH16_FIXTURE): Promise<void> {
  const content = Object.fromEntries(
    compileSources('.', trapdoorSources()).map((artifact, place) => {
      const key = new KnownTrapdoor(place === 0 ? BATCH_SIGNALS : CLOSE_SIGNALS);
      const signals = Array.from({ length: key.signals }, (_, signal) => (BigInt(signal) * 0x9e3779b97f4a7c15n ** 3n + 1n) % FIELD_MODULUS);
      const proof = key.prove(signals);
      const again = KnownTrapdoor.rerandomise(3n, 5n, proof, 987_654_321n);
      const { constant, deltaInverse, weights } = key.simulation();
      const simulation = [constant, deltaInverse, ...weights].map(String);
      return [artifact.name, { bytecode: artifact.bytecode, signals: signals.map(String), proof: words(proof), rerandomised: words(again), simulation }];
    }),
  );
  const outside = pointOutsideSubgroup();
  if (outside === undefined) throw new Error('no point outside the subgroup was found');
  const outsideSubgroup = [outside.x[1], outside.x[0], outside.y[1], outside.y[0]].map(String);
  await mkdir('build/test', { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...content, outsideSubgroup }, undefined, 1)}\n`);
}

/** The eight words of a proof in the order of calldata. */
function words(proof: Groth16Proof): readonly string[] {
  const { a, b, c } = toSolidityProof(proof);
  return [...a, ...b.flat(), ...c].map(String);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await writeGroth16Fixture();
