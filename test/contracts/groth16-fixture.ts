import { pathToFileURL } from 'node:url';
import { writeFileAtomically } from '../../src/file/atomic-file.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { toSolidityProof } from '../../src/chain/epoch-submission.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { parseVerificationKey, verificationKeyWords } from '../../src/groth16/verification-key.js';
import { finishVerifierSource } from '../../src/toolchain/verifier-source.js';
import { G2, multiply, pointOutsideSubgroup, type Point } from './bn254.js';
import { KnownTrapdoor, renderVerifier } from './known-trapdoor.js';

export const BATCH_SIGNALS = 4;
export const TRANSITION_SIGNALS = 5;
export const CLOSE_SIGNALS = 11;
/** Of B in proofs that forge's tests make themselves: the chain has no multiplication in G2. */
const SCALARS_B = [5n, 7n, 11n, 13n] as const;
const KEYS = [BATCH_SIGNALS, TRANSITION_SIGNALS, CLOSE_SIGNALS] as const;
const TRAPDOOR_VERIFIER = 'TrapdoorVerifier';
export const GROTH16_FIXTURE = 'build/test/groth16-fixture.json';

/** Sources of verifiers of keys with a known trapdoor, by file name. */
export function trapdoorSources(): Readonly<Record<string, string>> {
  const sources = KEYS.map((signals) => {
    const contractName = `${TRAPDOOR_VERIFIER}${signals}`;
    const source = renderVerifier(new KnownTrapdoor(signals).verificationKey());
    return [`${contractName}.sol`, finishVerifierSource(source, { contractName, developmentKey: true })] as const;
  });
  return Object.fromEntries(sources);
}

/**
 * What forge's tests of real verifiers read: byte code and key, a proof with its signals, the same re-randomised, what a proof of any
 * other signals is simulated with, points B by their scalars, and a bad point.
 */
export async function writeGroth16Fixture(file: string = GROTH16_FIXTURE): Promise<void> {
  const content = Object.fromEntries(
    compileSources('.', trapdoorSources()).map((artifact) => {
      const key = new KnownTrapdoor(Number(artifact.name.slice(TRAPDOOR_VERIFIER.length)));
      const signals = Array.from({ length: key.signals }, (_, signal) => (BigInt(signal) * 0x9e3779b97f4a7c15n ** 3n + 1n) % FIELD_MODULUS);
      const proof = key.prove(signals);
      const again = KnownTrapdoor.rerandomise(3n, 5n, proof, 987_654_321n);
      const { constant, deltaInverse, weights } = key.simulation();
      const simulation = [constant, deltaInverse, ...weights].map(String);
      const keyWords = verificationKeyWords(parseVerificationKey(key.verificationKey(), artifact.name)).map(String);
      return [artifact.name, { bytecode: artifact.bytecode, key: keyWords, signals: signals.map(String), proof: words(proof), rerandomised: words(again), simulation }];
    }),
  );
  const outsideSubgroup = words2(pointOutsideSubgroup());
  const pointsB = Object.fromEntries(SCALARS_B.map((scalar) => [`b${scalar}`, words2(multiply(G2, scalar))]));
  await writeFileAtomically(file, `${JSON.stringify({ ...content, ...pointsB, outsideSubgroup }, undefined, 1)}\n`);
}

/** The four words of a point of G2 in the order of calldata. */
function words2(point: Point): readonly string[] {
  if (point === undefined) throw new Error('a point of the fixture is infinity, or none was found');
  const { x, y } = point;
  return [x[1], x[0], y[1], y[0]].map(String);
}

/** The eight words of a proof in the order of calldata. */
function words(proof: Groth16Proof): readonly string[] {
  const { a, b, c } = toSolidityProof(proof);
  return [...a, ...b.flat(), ...c].map(String);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await writeGroth16Fixture();
