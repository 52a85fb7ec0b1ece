import { ELEMENT_BYTES } from './r1cs.js';

/** Sections of a phase-1 file (.ptau) that hold points, affine, coordinates in Montgomery form. Source: snarkjs, powersoftau_new and powersoftau_preparephase2. */
export interface PointSection {
  readonly id: number;
  readonly group: 'G1' | 'G2';
  /** What stands in it, for errors. */
  readonly holds: string;
  readonly pointBytes: number;
  /** Points of a file of this power. */
  readonly count: (power: number) => number;
}

/** Section of the contributions' list. */
export const CONTRIBUTIONS = 7;

/** tau^0 to tau^(2^(power + 1) - 2) times the generator of G1. */
export const TAU_G1 = section(2, 'G1', 'tau in G1', (power) => 2 ** (power + 1) - 1);
/** tau^0 to tau^(2^power - 1); the same times alpha, and beta. */
export const TAU_G2 = section(3, 'G2', 'tau in G2', (power) => 2 ** power);
export const ALPHA_G1 = section(4, 'G1', 'alpha', (power) => 2 ** power);
export const BETA_G1 = section(5, 'G1', 'beta in G1', (power) => 2 ** power);
export const BETA_G2 = section(6, 'G2', 'beta in G2', () => 1);

/**
 * Lagrange polynomials at tau over the domains of 1, 2, 4, … 2^power points, one domain after another; in G1 also of 2^(power + 1),
 * which the quotient of the largest circuit needs.
 */
export const LAGRANGE_G1 = section(12, 'G1', 'Lagrange points in G1', (power) => 2 ** (power + 2) - 1);
export const LAGRANGE_G2 = section(13, 'G2', 'Lagrange points in G2', (power) => 2 ** (power + 1) - 1);
export const LAGRANGE_ALPHA = section(14, 'G1', 'Lagrange points times alpha', (power) => 2 ** (power + 1) - 1);
export const LAGRANGE_BETA = section(15, 'G1', 'Lagrange points times beta', (power) => 2 ** (power + 1) - 1);

/** What phase 1 itself makes, and what preparing for phase 2 adds. */
export const POWERS_SECTIONS: readonly PointSection[] = [TAU_G1, TAU_G2, ALPHA_G1, BETA_G1, BETA_G2];
export const PREPARED_SECTIONS: readonly PointSection[] = [LAGRANGE_G1, LAGRANGE_G2, LAGRANGE_ALPHA, LAGRANGE_BETA];

/** Length of a section in a file of this power. */
export function sectionBytes({ pointBytes, count }: PointSection, power: number): number {
  return count(power) * pointBytes;
}

function section(id: number, group: 'G1' | 'G2', holds: string, count: (power: number) => number): PointSection {
  return { id, group, holds, pointBytes: (group === 'G1' ? 2 : 4) * ELEMENT_BYTES, count };
}
