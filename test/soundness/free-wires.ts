import type { Allowed } from './allowed.js';
import { mod, valuesAt, type System } from './sparse-system.js';

/** A wire that can take another value while every constraint holds. */
export interface FreeWire {
  readonly wire: number;
  readonly name: string;
  readonly change: string;
}

const CHANGES: readonly (readonly [name: string, change: (value: bigint) => bigint])[] = [
  ['+1', (value) => mod(value + 1n)], ['-1', (value) => mod(value - 1n)], ['negated', (value) => mod(-value)], ['+2^64', (value) => mod(value + 2n ** 64n)],
];

/**
 * Every wire of a valid witness moved by +1, -1, +2^64 and negated, alone: those that no constraint notices and no entry
 * of the list allows.
 */
export function freeWires(system: System, witness: readonly bigint[], allowed: readonly Allowed[] = []): FreeWire[] {
  const values = system.constraints.map((constraint) => valuesAt(constraint, witness));
  const free: FreeWire[] = [];
  for (let wire = 1; wire < system.wires; wire += 1) {
    const value = witness[wire] as bigint;
    for (const [change, to] of CHANGES) {
      const delta = to(value) - value;
      if (delta === 0n) continue;
      const noticed = (system.seenBy[wire] ?? []).some(({ constraint, a, b, c }) => {
        const [va, vb, vc] = values[constraint] as readonly [bigint, bigint, bigint];
        return mod((va + delta * a) * (vb + delta * b) - (vc + delta * c)) !== 0n;
      });
      const name = system.names[wire] ?? '';
      if (!noticed && !allowed.some((entry) => entry.signal.test(`${name} ${change}`))) free.push({ wire, name, change });
    }
  }
  return free;
}
