import { powersOfTau } from 'snarkjs';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { littleEndian } from './binary-file.js';
import { requireCurve } from './curves.js';
import { DEVELOPMENT_POWERS } from './development-setup/trapdoor.js';
import { checkPowers } from './powers-of-tau-check.js';
import { TAU_G1 } from './powers-of-tau-layout.js';
import { PowersOfTau } from './powers-of-tau.js';
import { PUBLISHED_POWERS, findPublished, publishedBytes, publishedName, type PublishedPowers } from './published-powers.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** snarkjs, which looks at every point and contribution, does not take a phase-1 file. */
export class PowersRefusedError extends ClearproofError {
  readonly code = 'POWERS_REFUSED';
}

/** What a phase-1 file is. Its layout, a sample of its points and, where asked, all of them are in order. */
export interface PhaseOneFile {
  /** File name, without folders. */
  readonly file: string;
  readonly bytes: number;
  /** It serves circuits of up to 2^power rows. */
  readonly power: number;
  /** Power of the ceremony that the file says to be part of. */
  readonly ceremonyPower: number;
  /** blake2b-512 of the whole file. */
  readonly blake2b: string;
  /** Whether the published table has this hash. */
  readonly published: boolean;
  /** Whether its tau is the public one of this project's test file. */
  readonly testFile: boolean;
  /** What the file lists; claims of the file unless it is published or was checked whole. */
  readonly contributions: readonly { readonly kind: 'contribution' | 'beacon'; readonly name: string | undefined }[];
  /** Points looked at one by one. */
  readonly sampled: number;
  /** Whether snarkjs looked at every point and every contribution. */
  readonly whole: boolean;
}

/** Steps of an inspection, in order: checks of the sample, bytes hashed, lists that snarkjs is through with. */
export type InspectionStep = 'sample' | 'hash' | 'whole';

export interface InspectionOptions {
  /** Also have snarkjs check every pairing: needs memory for a section at a time, and hours from power 20 on. */
  readonly whole?: boolean;
  readonly report?: (step: InspectionStep, done: number, total: number) => void;
  /** What is taken for published; tests have their own. */
  readonly table?: readonly PublishedPowers[];
}

/**
 * Checks layout and points of a phase-1 file, hashes it and looks its hash up in the published table. Downloads nothing.
 *
 * A file that is not published may well be in order: whoever made it may know its secrets and forge with every key made from it.
 *
 * @throws PowersUnreadableError, PowersLayoutError, PowersNotPreparedError, PowersContentError, PowersRefusedError
 */
export async function inspectPhaseOne(path: string, { whole = false, report = () => undefined, table = PUBLISHED_POWERS }: InspectionOptions = {}): Promise<PhaseOneFile> {
  const file = await PowersOfTau.open(path);
  try {
    const sampled = await checkPowers(file, (done, total) => report('sample', done, total));
    const blake2b = await file.blake2b((done, total) => report('hash', done, total));
    if (whole) await checkWhole(path, file, report);
    const { name, bytes, power, ceremonyPower } = file;
    const contributions = file.contributions.map((contribution) => ({ kind: contribution.kind, name: contribution.name }));
    const published = findPublished(blake2b, table) !== undefined;
    return { file: name, bytes, power, ceremonyPower, blake2b, published, testFile: await isTestFile(file), contributions, sampled, whole };
  } finally {
    await file.close();
  }
}

/** What a file that is not published may have been meant to be: a published one that was damaged or whose download stopped. */
export function likelyDamage({ power, bytes, published, testFile }: Pick<PhaseOneFile, 'power' | 'bytes' | 'published' | 'testFile'>): string | undefined {
  if (published || testFile || !PUBLISHED_POWERS.some((row) => row.power === power) || bytes !== publishedBytes(power)) return undefined;
  return `it is as long as ${publishedName(power)}: a damaged or changed copy of it?`;
}

async function isTestFile(file: PowersOfTau): Promise<boolean> {
  const { G1 } = await requireCurve();
  const known = G1.toAffine(G1.timesScalar(G1.g, littleEndian(DEVELOPMENT_POWERS.tau, ELEMENT_BYTES)));
  return Buffer.compare(known, await file.point(TAU_G1, 1)) === 0;
}

/** snarkjs's own verification: every power by a random combination, every contribution by pairings, all Lagrange points. */
async function checkWhole(path: string, { name, power }: PowersOfTau, report: NonNullable<InspectionOptions['report']>): Promise<void> {
  const problems: string[] = [];
  const costs = costsOfWhole(power);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let [started, done] = [0, 0];
  const ignore = (): void => undefined;
  const debug = (line: string): void => {
    // A line for each list or domain that begins.
    if (!/^(Verifying powers in|Power )/.test(line)) return;
    if (started > 0) done += costs[started - 1] ?? 0;
    started += 1;
    report('whole', done, total);
  };
  await requireCurve();
  let holds: boolean;
  try {
    holds = await powersOfTau.verify(path, { info: ignore, warn: ignore, error: (line) => problems.push(line), debug });
  } catch (cause) {
    throw new PowersRefusedError(`${name} is refused by snarkjs (${messageOf(cause)}): do not use this file`, { file: name }, { cause });
  }
  if (!holds) throw new PowersRefusedError(`${name} is refused by snarkjs (${problems.join('; ') || 'it gives no reason'}): do not use this file`, { file: name });
  report('whole', total, total);
}

/** Points that snarkjs goes through one after another, those of G2 three times as dear: four lists, then their Lagrange points domain by domain. */
function costsOfWhole(power: number): readonly number[] {
  const domains = (levels: number, cost: number): readonly number[] => Array.from({ length: levels }, (_, bits) => cost * 2 ** bits);
  const lists = [2, 3, 1, 1].map((cost) => cost * 2 ** power);
  return [...lists, ...domains(power + 2, 1), ...domains(power + 1, 3), ...domains(power + 1, 1), ...domains(power + 1, 1)];
}
