import { concatBytes } from '@noble/hashes/utils';
import { ClearproofError } from '../../error/clearproof-error.js';
import { littleEndian } from '../binary-file.js';
import { BASE_FIELD_MODULUS } from '../curve-points.js';
import { POWERS_SECTIONS, PREPARED_SECTIONS, sectionBytes } from '../powers-of-tau-layout.js';
import { ELEMENT_BYTES } from '../r1cs.js';
import { curveImage } from './curve-image.js';
import { CurveMemory, type Group } from './curve-memory.js';
import { POINT_BYTES } from './fixed-base.js';
import { generatorMultiples } from './generator-multiples.js';
import { evaluateLagrange } from './lagrange.js';
import { DEVELOPMENT_POWERS } from './trapdoor.js';

export { DEVELOPMENT_POWERS } from './trapdoor.js';

/** Default number of threads, as for development keys. */
const DEFAULT_THREADS = 2;
/** What readers of phase-1 files ask for at least. */
const LEAST_DEVELOPMENT_POWER = 2;
/** Scalars and points of the longest section (2^(power + 2) of them) are in memory together: 1 GiB. */
const MOST_DEVELOPMENT_POWER = 21;

/** A test phase-1 file is asked for of a power that it cannot have. */
export class DevelopmentPowersError extends ClearproofError {
  readonly code = 'DEVELOPMENT_POWERS';
}

/**
 * A phase-1 file (.ptau) prepared for phase 2, whole in memory: **everybody knows its secrets**, so every key made from it is INSECURE,
 * whoever contributes to phase 2. The same bytes for the same power, always; 1152 bytes a power of tau, 2^power of them.
 *
 * Keys made from it are, before any contribution, those of `provingKeyFromTrapdoor` at DEVELOPMENT_POWERS and delta = 1.
 * As in the published files, which are cut out of one of 2^28, the Lagrange points of the doubled domain are whole;
 * `snarkjs powersoftau prepare phase2` leaves the last power out of them, which no proof notices.
 *
 * @param power 2 to 21: the largest circuit it serves has 2^power rows
 * @throws DevelopmentPowersError
 */
export async function developmentPowersOfTau(power: number, threads = DEFAULT_THREADS): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of developmentPowersParts(power, threads)) parts.push(part);
  return concatBytes(...parts);
}

/** Length of the file. */
export function developmentPowersBytes(power: number): number {
  const sections = [...POWERS_SECTIONS, ...PREPARED_SECTIONS];
  // Head of the file and of eleven sections, the header, and the count of no contributions.
  return 12 + 12 * (sections.length + 2) + 12 + ELEMENT_BYTES + 4 + sections.reduce((sum, part) => sum + sectionBytes(part, power), 0);
}

/** The same in parts, one after another, so that a large file need not fit in memory. Throws DevelopmentPowersError before the first. */
export async function* developmentPowersParts(power: number, threads = DEFAULT_THREADS): AsyncGenerator<Uint8Array, void> {
  if (!Number.isSafeInteger(power) || power < LEAST_DEVELOPMENT_POWER || power > MOST_DEVELOPMENT_POWER) {
    throw new DevelopmentPowersError(`a test phase-1 file of power ${power} cannot be made: choose ${LEAST_DEVELOPMENT_POWER} to ${MOST_DEVELOPMENT_POWER}`, { power });
  }
  const sections = plan(power);
  // Header, these sections, and the list of contributions, which is empty: nobody contributed.
  yield concatBytes(new TextEncoder().encode('ptau'), words(1, sections.length + 2));
  yield section(1, concatBytes(words(ELEMENT_BYTES), littleEndian(BASE_FIELD_MODULUS, ELEMENT_BYTES), words(power, power)));
  for (const { id, group, scalars } of sections) {
    if (id === 12) yield section(7, words(0));
    const elements = scalars(await CurveMemory.open(await curveImage()));
    yield sectionHead(id, (elements.length / ELEMENT_BYTES) * POINT_BYTES[group]);
    const none = new Uint8Array(0);
    yield (await generatorMultiples({ g1m: none, g2m: none, [group]: elements }, threads))[group];
  }
}

/** One section of points: the generator of `group` times each of the scalars. */
interface PlannedSection {
  readonly id: number;
  readonly group: Group;
  readonly scalars: (memory: CurveMemory) => Uint8Array;
}

/** Sections in the order of snarkjs's powersoftau_preparephase2. */
function plan(power: number): readonly PlannedSection[] {
  const { tau, alpha, beta } = DEVELOPMENT_POWERS;
  const powers = (id: number, group: Group, count: number, factor: bigint): PlannedSection =>
    ({ id, group, scalars: (memory) => evaluatePowers(memory, tau, count, factor) });
  const lagrange = (id: number, group: Group, levels: number, factor: bigint): PlannedSection =>
    ({ id, group, scalars: (memory) => evaluateLevels(memory, tau, levels, factor) });
  return [
    powers(2, 'g1m', 2 ** (power + 1) - 1, 1n),
    powers(3, 'g2m', 2 ** power, 1n),
    powers(4, 'g1m', 2 ** power, alpha),
    powers(5, 'g1m', 2 ** power, beta),
    powers(6, 'g2m', 1, beta),
    // The quotient of a circuit with 2^power rows needs the doubled domain, in G1 alone.
    lagrange(12, 'g1m', power + 2, 1n),
    lagrange(13, 'g2m', power + 1, 1n),
    lagrange(14, 'g1m', power + 1, alpha),
    lagrange(15, 'g1m', power + 1, beta),
  ];
}

/** factor, factor*base, factor*base^2, …: plain. */
function evaluatePowers(memory: CurveMemory, base: bigint, count: number, factor: bigint): Uint8Array {
  const results = memory.allocate(count * ELEMENT_BYTES);
  // A plain number times a Montgomery one is plain.
  const stride = memory.element(base, 'montgomery');
  memory.bytes().set(littleEndian(factor, ELEMENT_BYTES), results);
  const multiply = memory.method('frm_mul');
  for (let index = 1; index < count; index++) multiply(results + (index - 1) * ELEMENT_BYTES, stride, results + index * ELEMENT_BYTES);
  return memory.bytes().slice(results, results + count * ELEMENT_BYTES);
}

/** Lagrange polynomials at `tau` over the domains of 1, 2, 4, … points, `levels` of them, each times `factor`: plain. */
function evaluateLevels(memory: CurveMemory, tau: bigint, levels: number, factor: bigint): Uint8Array {
  return concatBytes(...Array.from({ length: levels }, (_, bits) => {
    const start = evaluateLagrange(memory, tau, { bits, first: 0, step: 1, factor }, 'plain');
    return memory.bytes().slice(start, start + 2 ** bits * ELEMENT_BYTES);
  }));
}

function section(id: number, body: Uint8Array): Uint8Array {
  return concatBytes(sectionHead(id, body.length), body);
}

function sectionHead(id: number, length: number): Uint8Array {
  return concatBytes(words(id), littleEndian(BigInt(length), 8));
}

function words(...values: readonly number[]): Uint8Array {
  return concatBytes(...values.map((value) => littleEndian(BigInt(value), 4)));
}
