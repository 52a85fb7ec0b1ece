import { invertInField, multiplyInField } from '../field/scalar-field.js';
import { requireCurve } from './curves.js';
import { MOST_DOMAIN_BITS, powerInField, rootOfUnity } from './development-setup/lagrange.js';
import { PointSum, productIsOne, type PairingFactor } from './pairing-equation.js';
import {
  ALPHA_G1, BETA_G1, BETA_G2, LAGRANGE_ALPHA, LAGRANGE_BETA, LAGRANGE_G1, LAGRANGE_G2, TAU_G1, TAU_G2, type PointSection,
} from './powers-of-tau-layout.js';
import { PowersSample, randomFactor, randomIndices } from './powers-of-tau-sample.js';
import type { PowersOfTau, ReportProgress } from './powers-of-tau.js';

/** Random powers looked at in each list, and random Lagrange points of each domain; lists and domains of no more are looked at whole. */
const SAMPLE = 64;

/**
 * Checks a phase-1 file by a random sample, in seconds whatever its size:
 *
 * - each list of powers starts with the generator, alpha or beta; beta is the same in both groups; no secret is 1;
 * - the last contribution listed ends in these tau, alpha and beta;
 * - each sampled power is exactly its power of tau (times alpha, beta), by pairings over all powers of two between;
 * - each sampled Lagrange point is exactly that of its domain, likewise.
 *
 * A changed point that is not in the sample goes unnoticed, as do the other bytes of the contributions: only the hash of a published file, or the
 * whole check (snarkjs), says that nothing was changed. Files of power 5 or less are in the sample whole. Of power 28 the points of the domain of
 * 2^29 are not looked at: the field has no root of unity for it.
 *
 * @param report called with checked of all sampled lists
 * @returns the number of points looked at
 * @throws PowersContentError, PowersUnreadableError
 */
export async function checkPowers(file: PowersOfTau, report: ReportProgress = () => undefined): Promise<number> {
  const sample = new PowersSample(file, await requireCurve());
  const checks = [checkFirsts, checkLastContribution, checkTau, checkUpperHalf, checkFactor(ALPHA_G1), checkFactor(BETA_G1),
    checkLagrange(LAGRANGE_G1, TAU_G1), checkLagrange(LAGRANGE_ALPHA, ALPHA_G1), checkLagrange(LAGRANGE_BETA, BETA_G1), checkLagrangeG2, checkDoubledDomain];
  const indices = sampledPowers(file.power);
  for (const [done, check] of checks.entries()) {
    report(done, checks.length);
    await check(sample, indices);
  }
  report(checks.length, checks.length);
  return sample.size;
}

/** Sampled exponents below 2^power: with each all that its binary digits lead through, down to 0. */
function sampledPowers(power: number): readonly number[] {
  const size = 2 ** power;
  const all = new Set([0, size - 1, ...Array.from({ length: power }, (_, bit) => 2 ** bit)]);
  for (const index of [...randomIndices(size, SAMPLE), size - 1]) {
    for (let rest = index; rest > 0; rest -= lowestBit(rest)) all.add(rest);
  }
  return [...all].sort((left, right) => left - right);
}

/** For numbers of any size below 2^53, where bit operators would cut. */
function lowestBit(value: number): number {
  let bit = 1;
  while (value % (2 * bit) === 0) bit *= 2;
  return bit;
}

async function checkFirsts(sample: PowersSample): Promise<void> {
  const { G1, G2 } = sample.curve;
  const [g1, g2] = [G1.toAffine(G1.g), G2.toAffine(G2.g)];
  if (!same(await sample.point(TAU_G1, 0), g1)) throw sample.wrong(TAU_G1, 'does not start with the generator');
  if (!same(await sample.point(TAU_G2, 0), g2)) throw sample.wrong(TAU_G2, 'does not start with the generator');
  for (const [section, index] of [[TAU_G1, 1], [ALPHA_G1, 0], [BETA_G1, 0]] as const) {
    if (same(await sample.point(section, index), g1)) throw sample.wrong(section, 'is that of the secret 1: nobody contributed');
  }
  const beta = [new PointSum().add(1n, await sample.point(BETA_G1, 0)), g2] as const;
  if (!(await productIsOne(sample.curve, [beta, [new PointSum().add(-1n, g1), await sample.point(BETA_G2, 0)]]))) {
    throw sample.wrong(BETA_G2, 'has another beta than section 5');
  }
}

async function checkLastContribution(sample: PowersSample): Promise<void> {
  const last = sample.file.contributions.at(-1);
  if (last === undefined) return;
  const ends = [[TAU_G1, 1, last.points.tauG1], [TAU_G2, 1, last.points.tauG2], [ALPHA_G1, 0, last.points.alphaG1], [BETA_G1, 0, last.points.betaG1], [BETA_G2, 0, last.points.betaG2]] as const;
  for (const [section, index, point] of ends) {
    if (!same(await sample.point(section, index), point)) throw sample.wrong(section, 'does not start where the last contribution ends');
  }
}

/** Powers in G1 and G2 are of one tau; and each is its neighbour's below, one binary digit less, times that digit's power. */
async function checkTau(sample: PowersSample, indices: readonly number[]): Promise<void> {
  const { curve, file } = sample;
  const g2 = await sample.point(TAU_G2, 0);
  const [inG1, inG2, whole] = [new PointSum(), new PointSum(), new PointSum()];
  const steps = new Map<number, PointSum>();
  for (const index of [...indices, 2 ** file.power]) {
    const point = await sample.point(TAU_G1, index);
    if (index < 2 ** file.power) {
      const factor = randomFactor();
      inG1.add(factor, point);
      inG2.add(factor, await sample.point(TAU_G2, index));
    }
    if (index < 2) continue;
    const digit = lowestBit(index);
    // A power of two is its half, squared.
    const [below, step] = digit === index ? [index / 2, index / 2] : [index - digit, digit];
    const factor = randomFactor();
    whole.add(factor, point);
    steps.set(step, (steps.get(step) ?? new PointSum()).add(-factor, await sample.point(TAU_G1, below)));
  }
  const oneTau = await productIsOne(curve, [[inG1, g2], [new PointSum().add(-1n, await sample.point(TAU_G1, 0)), inG2]]);
  if (!oneTau) throw sample.wrong(TAU_G2, 'has other powers than section 2');
  const factors: PairingFactor[] = [[whole, g2]];
  for (const [step, sum] of steps) factors.push([sum, await sample.point(TAU_G2, step)]);
  if (!(await productIsOne(curve, factors))) throw sample.wrong(TAU_G1, 'does not hold the powers of one tau');
}

/** From 2^power on there are powers in G1 alone: each is 2^power below it, times tau^(2^power). */
async function checkUpperHalf(sample: PowersSample, indices: readonly number[]): Promise<void> {
  const half = 2 ** sample.file.power;
  // tau^(2^(power + 1) - 1) is not in the file.
  const lower = indices.filter((index) => index < half - 1);
  await requireMultiples(sample, { section: TAU_G1, indices: lower.map((index) => half + index), base: await sample.point(TAU_G1, half), exponents: lower });
}

/** Powers times alpha, or beta: each is the first one times its power. */
function checkFactor(section: PointSection) {
  return async (sample: PowersSample, indices: readonly number[]): Promise<void> =>
    requireMultiples(sample, { section, indices, base: await sample.point(section, 0), exponents: indices });
}

interface Multiples {
  readonly section: PointSection;
  readonly indices: readonly number[];
  readonly base: Uint8Array;
  readonly exponents: readonly number[];
}

/** Points of a section are `base` times tau to the exponents, whose powers in G2 are checked already. */
async function requireMultiples(sample: PowersSample, { section, indices, base, exponents }: Multiples): Promise<void> {
  const [left, right] = [new PointSum(), new PointSum()];
  const powers = await sample.points(TAU_G2, exponents);
  for (const [place, point] of (await sample.points(section, indices)).entries()) {
    const factor = randomFactor();
    left.add(factor, point);
    right.add(factor, powers[place] as Uint8Array);
  }
  const hold = await productIsOne(sample.curve, [[left, await sample.point(TAU_G2, 0)], [new PointSum().add(-1n, base), right]]);
  if (!hold) throw sample.wrong(section, 'does not hold the powers of the tau of section 3');
}

/**
 * Sampled Lagrange points of one domain of n = 2^bits points w^j: (tau - w^j) L_j = w^j (tau^n - 1)/n, so with random factors r_j
 * tau * sum(r_j L_j) = sum(r_j w^j L_j) + share * (tau^n - 1).
 */
interface DomainSample {
  /** sum(r_j w^j)/n and sum(r_j w^2j)/n. */
  readonly share: bigint;
  readonly squareShare: bigint;
}

async function addDomain(sample: PowersSample, section: PointSection, bits: number, sums: { plain: PointSum; shifted: PointSum }): Promise<DomainSample> {
  const [size, root] = [2 ** bits, rootOfUnity(bits)];
  let [share, squareShare] = [0n, 0n];
  for (const index of randomIndices(size, SAMPLE)) {
    // Domains lie one after another, each as long as all before it and one point more.
    const point = await sample.point(section, size - 1 + index);
    const [factor, place] = [randomFactor(), powerInField(root, BigInt(index))];
    sums.plain.add(factor, point);
    sums.shifted.add(-factor * place, point);
    share += factor * place;
    squareShare += factor * multiplyInField(place, place);
  }
  const overSize = invertInField(BigInt(size));
  return { share: share * overSize, squareShare: squareShare * overSize };
}

/** tau^(2^bits) as a product of two sampled powers, one in the first factor's list and one in G2's. */
function halves(bits: number): readonly [number, number] {
  return bits === 0 ? [0, 1] : [2 ** (bits - 1), 2 ** (bits - 1)];
}

/** Domains of up to 2^power points in G1, of the polynomials alone or times alpha or beta. */
function checkLagrange(section: PointSection, powers: PointSection) {
  return async (sample: PowersSample): Promise<void> => {
    const sums = { plain: new PointSum(), shifted: new PointSum() };
    const factors: PairingFactor[] = [[sums.plain, await sample.point(TAU_G2, 1)], [sums.shifted, await sample.point(TAU_G2, 0)]];
    for (let bits = 0; bits <= sample.file.power; bits++) {
      const { share } = await addDomain(sample, section, bits, sums);
      const [left, right] = halves(bits);
      sums.shifted.add(share, await sample.point(powers, 0));
      factors.push([new PointSum().add(-share, await sample.point(powers, left)), await sample.point(TAU_G2, right)]);
    }
    if (!(await productIsOne(sample.curve, factors))) throw sample.wrong(section, 'does not belong to the powers');
  };
}

async function checkLagrangeG2(sample: PowersSample): Promise<void> {
  const sums = { plain: new PointSum(), shifted: new PointSum() };
  const one = new PointSum().add(1n, await sample.point(TAU_G1, 0));
  const factors: PairingFactor[] = [[new PointSum().add(1n, await sample.point(TAU_G1, 1)), sums.plain], [one, sums.shifted]];
  for (let bits = 0; bits <= sample.file.power; bits++) {
    const { share } = await addDomain(sample, LAGRANGE_G2, bits, sums);
    const [left, right] = halves(bits);
    sums.shifted.add(share, await sample.point(TAU_G2, 0));
    factors.push([new PointSum().add(-share, await sample.point(TAU_G1, left)), await sample.point(TAU_G2, right)]);
  }
  if (!(await productIsOne(sample.curve, factors))) throw sample.wrong(LAGRANGE_G2, 'does not belong to the powers');
}

/**
 * The domain of n = 2^(power + 1) points. tau^(n - 1) is not in the file, so snarkjs leaves it out of the polynomials of a file it prepares,
 * (tau - w^j) L_j = (w^2j tau^(n - 1) - w^j)/n; files cut out of a larger one have them whole. Proofs are the same with either.
 */
async function checkDoubledDomain(sample: PowersSample): Promise<void> {
  const bits = sample.file.power + 1;
  if (bits > MOST_DOMAIN_BITS) return;
  const half = 2 ** sample.file.power;
  const sums = { plain: new PointSum(), shifted: new PointSum() };
  const { share, squareShare } = await addDomain(sample, LAGRANGE_G1, bits, sums);
  sums.shifted.add(share, await sample.point(TAU_G1, 0));
  const last = await sample.point(TAU_G2, half - 1);
  const common: PairingFactor[] = [[sums.plain, await sample.point(TAU_G2, 1)], [sums.shifted, await sample.point(TAU_G2, 0)]];
  const whole = [new PointSum().add(-share, await sample.point(TAU_G1, half + 1)), last] as const;
  const cut = [new PointSum().add(-squareShare, await sample.point(TAU_G1, half)), last] as const;
  if (await productIsOne(sample.curve, [...common, whole]) || await productIsOne(sample.curve, [...common, cut])) return;
  throw sample.wrong(LAGRANGE_G1, 'does not belong to the powers in its largest domain');
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
