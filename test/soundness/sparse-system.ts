import { readFile } from 'node:fs/promises';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { parseSymbols } from '../../src/toolchain/symbols.js';
import { loadR1cs, type Constraint, type LinearCombination } from '../harness/r1cs.js';

const P = FIELD_MODULUS;

/** One wire in one constraint a * b = c, with its coefficient in each of the three. */
export interface Occurrence {
  readonly constraint: number;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** A compiled circuit as the gates look at it. Wire 0 is 1. */
export interface System {
  readonly wires: number;
  /** Wires of the main component's inputs. Fewer than the file's header counts: the compiler may have written an input in terms of others. */
  readonly inputs: ReadonlySet<number>;
  readonly constraints: readonly Constraint[];
  /** For each wire, the constraints that see it. */
  readonly seenBy: readonly (readonly Occurrence[])[];
  /** Shortest name of each wire. */
  readonly names: readonly string[];
}

/** @param inputNames names of the main component's inputs, arrays without their places */
export async function loadSystem(r1csFile: string, symFile: string, inputNames: Iterable<string>): Promise<System> {
  const { nWires, constraints } = await loadR1cs(r1csFile);
  const names = new Array<string>(nWires).fill('');
  names[0] = 'one';
  const known = new Set([...inputNames].map((name) => `main.${name}`));
  const inputs = new Set<number>();
  for (const [name, wire] of parseSymbols(await readFile(symFile, 'utf8')).wireOf) {
    if (wire <= 0) continue;
    const shortest = names[wire] ?? '';
    if (shortest === '' || name.length < shortest.length) names[wire] = name;
    if (known.has(name.replace(/(\[\d+\])+$/, '')) && !name.slice('main.'.length).includes('.')) inputs.add(wire);
  }
  return systemOf(nWires, inputs, constraints, names);
}

/** Also for systems that tests write by hand. */
export function systemOf(wires: number, inputs: ReadonlySet<number>, constraints: readonly Constraint[], names: readonly string[]): System {
  const seenBy = Array.from({ length: wires }, (): Occurrence[] => []);
  constraints.forEach(({ a, b, c }, constraint) => {
    const seen = new Map<number, { constraint: number; a: bigint; b: bigint; c: bigint }>();
    for (const [side, terms] of [['a', a], ['b', b], ['c', c]] as const) {
      for (const [wire, coefficient] of terms) {
        const entry = seen.get(wire) ?? { constraint, a: 0n, b: 0n, c: 0n };
        entry[side] = mod(entry[side] + coefficient);
        seen.set(wire, entry);
      }
    }
    for (const [wire, entry] of seen) seenBy[wire]?.push(entry);
  });
  return { wires, inputs, constraints, seenBy, names };
}

/** Values of the three linear combinations of a constraint. */
export function valuesAt({ a, b, c }: Constraint, witness: readonly bigint[]): readonly [bigint, bigint, bigint] {
  return [dot(a, witness), dot(b, witness), dot(c, witness)];
}

export function holdsAt(constraint: Constraint, witness: readonly bigint[]): boolean {
  const [a, b, c] = valuesAt(constraint, witness);
  return mod(a * b - c) === 0n;
}

export function dot(terms: LinearCombination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) sum += coefficient * (witness[wire] as bigint);
  return mod(sum);
}

export function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** A constraint in words: names of its first wires. */
export function textOf({ constraints, names }: System, number: number): string {
  const { a, b, c } = constraints[number] as Constraint;
  const side = (terms: LinearCombination): string => {
    const shown = terms.slice(0, 3).map(([wire]) => names[wire] ?? `wire ${wire}`).join(' + ');
    return terms.length > 3 ? `${shown} + ${terms.length - 3} more` : shown;
  };
  return `#${number}: (${side(a)}) * (${side(b)}) = (${side(c)})`;
}
