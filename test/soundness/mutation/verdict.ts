import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ELEMENT_BYTES, parseR1cs } from '../../../src/groth16/r1cs.js';
import { readLittleEndian } from '../../../src/groth16/binary-file.js';
import { WitnessCalculator, WitnessInputError, WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import { writeMain } from '../../../src/toolchain/circom.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import type { Allowed } from '../allowed.js';
import { derive } from '../determinism.js';
import { freeWires } from '../free-wires.js';
import { holdsAt, loadSystem, type System } from '../sparse-system.js';
import { compileHere } from './compiler.js';
import { kernelDimension } from './kernel.js';
import type { Mutant } from './operators.js';
import { stubEmptyNodes, writeStubLibrary } from './stub-hash.js';
import { filesOf, type Target } from './targets.js';

/** What became of a mutant. Only killed and survived ones count. */
export type Verdict =
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'survived' }
  /** circom refused it. */
  | { readonly kind: 'invalid' }
  /** Every circuit compiles to the same bytes: nothing changed at any of these shapes. */
  | { readonly kind: 'unchanged' };

/** A division in a template alone has the name of the whole circuit's without its beginning. */
const DIVISIONS: readonly Allowed[] = [{ signal: /(net|gross)Fraction\[\d+\]$/, proof: 'as in test/soundness/allowed.ts' }];

interface Sound {
  readonly target: Target;
  readonly files: ReadonlySet<string>;
  readonly r1cs: Buffer;
  readonly wasm: Buffer;
  readonly outputs: readonly (readonly bigint[])[];
  readonly refused: Target['refused'];
  readonly weaknesses: ReadonlySet<string>;
  readonly kernel: number;
  /** Free wires at --O2, in words. */
  readonly freeAsProven: ReadonlySet<string>;
}

interface Built {
  readonly r1cs: Buffer;
  readonly wasm: Buffer;
  readonly system: () => Promise<System>;
  /** All wires, or undefined where a constraint fails or the circuit has other inputs. */
  readonly accepts: (input: CircuitInput) => Promise<readonly bigint[] | undefined>;
}

/** A sandbox below `folder` in which one mutant after the other is compiled against the stub hash. */
export class Laboratory {
  private readonly circuits: string;
  private sound: readonly Sound[] = [];

  private constructor(private readonly folder: string) {
    this.circuits = join(folder, 'circuits');
  }

  /** @throws Error when a sound circuit refuses an honest input or accepts a named lie */
  static async open(folder: string, targets: readonly Target[]): Promise<Laboratory> {
    rmSync(folder, { recursive: true, force: true });
    const laboratory = new Laboratory(folder);
    writeStubLibrary(join(folder, 'library'));
    mkdirSync(folder, { recursive: true });
    cpSync('circuits', laboratory.circuits, { recursive: true });
    writeFileSync(join(laboratory.circuits, 'tree/empty-node.circom'), stubEmptyNodes());
    const sound: Sound[] = [];
    for (const target of targets) sound.push(await laboratory.soundOf(target));
    laboratory.sound = sound;
    return laboratory;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const path = join(this.circuits, mutant.file);
    const original = readFileSync(path, 'utf8');
    const lines = original.split('\n');
    lines[mutant.line - 1] = mutant.after;
    writeFileSync(path, lines.join('\n'));
    try {
      let changed = false;
      for (const sound of this.sound.filter(({ files }) => files.has(mutant.file))) {
        const verdict = await this.judgeIn(sound);
        if (verdict === 'invalid') return { kind: 'invalid' };
        if (verdict === 'unchanged') continue;
        changed = true;
        if (verdict !== undefined) return { kind: 'killed', by: `${sound.target.name}: ${verdict}` };
      }
      return { kind: changed ? 'survived' : 'unchanged' };
    } finally {
      writeFileSync(path, original);
    }
  }

  /** What kills the mutant in this circuit, in words; undefined when nothing does. */
  private async judgeIn(sound: Sound): Promise<string | undefined> {
    const { target, r1cs, wasm, outputs, refused, weaknesses, kernel } = sound;
    const built = await this.build(target);
    if (built === undefined) return 'invalid';
    if (built.r1cs.equals(r1cs) && built.wasm.equals(wasm)) return 'unchanged';
    const witnesses: (readonly bigint[])[] = [];
    for (const [place, input] of target.accepted.entries()) {
      const witness = await built.accepts(input);
      if (witness === undefined) return 'refuses an honest input';
      if (outputsOf(built, witness).some((output, at) => output !== outputs[place]?.[at])) return 'gives another output';
      witnesses.push(witness);
    }
    const system = await built.system();
    const witness = witnesses[0] as readonly bigint[];
    if (!system.constraints.every((constraint) => holdsAt(constraint, witness))) return 'refuses its own witness';
    const weak = [...weaknessesOf(system, witness)].find((weakness) => !weaknesses.has(weakness));
    if (weak !== undefined) return weak;
    if (kernelDimension(system, witness) > kernel) return 'lets a witness move in one more direction';
    for (const { name, input } of refused) if ((await built.accepts(input)) !== undefined) return `accepts that ${name}`;
    return this.weaknessAsProven(sound);
  }

  /** Linear constraints that --O1 keeps may go at --O2 and take a wire's only constraint with them. */
  private async weaknessAsProven({ target, freeAsProven }: Sound): Promise<string | undefined> {
    const built = await this.build(target, 2);
    if (built === undefined) return 'is refused at --O2';
    return (await freeAsProvenOf(built, target)).find((free) => !freeAsProven.has(free));
  }

  private async soundOf(target: Target): Promise<Sound> {
    const built = await this.build(target);
    if (built === undefined) throw new Error(`${target.name} does not compile against the stub hash`);
    const witnesses: (readonly bigint[])[] = [];
    for (const input of target.accepted) {
      const witness = await built.accepts(input);
      if (witness === undefined) throw new Error(`${target.name} refuses an honest input`);
      witnesses.push(witness);
    }
    const refused = [];
    for (const lie of target.refused) {
      if ((await built.accepts(lie.input)) === undefined) refused.push(lie);
      else if (!/ raised, \d+$/.test(lie.name)) throw new Error(`${target.name} accepts that ${lie.name}`);
    }
    const [system, witness] = [await built.system(), witnesses[0] as readonly bigint[]];
    return {
      target, files: filesOf(target.source), r1cs: built.r1cs, wasm: built.wasm, refused, outputs: witnesses.map((each) => outputsOf(built, each)),
      weaknesses: weaknessesOf(system, witness), kernel: kernelDimension(system, witness),
      freeAsProven: new Set(await freeAsProvenOf((await this.build(target, 2)) as Built, target)),
    };
  }

  private async build({ name, source, template, parameters, publicSignals, accepted }: Target, optimisation: 1 | 2 = 1): Promise<Built | undefined> {
    const safe = name.replaceAll(/\W+/g, '-').replace(/-$/, '');
    const main = join(this.folder, 'main', `${safe}.circom`);
    const output = join(this.folder, 'out', safe);
    rmSync(output, { recursive: true, force: true });
    await writeMain(main, { source, template, parameters, publicInputs: publicSignals });
    const files = await compileHere(main, output, [join(this.folder, 'library'), this.circuits], optimisation);
    if (files === undefined) return undefined;
    const wasm = readFileSync(files.wasm);
    const calculator = await WitnessCalculator.load(name, wasm);
    return {
      wasm, r1cs: readFileSync(files.r1cs), system: () => loadSystem(files.r1cs, files.sym, Object.keys(accepted[0] ?? {})),
      accepts: async (input) => {
        try {
          return wiresOf(await calculator.calculate(input));
        } catch (thrown) {
          if (thrown instanceof WitnessRefusedError || thrown instanceof WitnessInputError) return undefined;
          throw thrown;
        }
      },
    };
  }
}

function weaknessesOf(system: System, witness: readonly bigint[]): Set<string> {
  return new Set([
    ...freeWires(system, witness).map(({ name, change }) => `leaves ${name} free: ${change}`),
    ...derive(system, DIVISIONS).undetermined.map((wire) => `leaves ${system.names[wire] ?? wire} undetermined`),
  ]);
}

async function freeAsProvenOf(built: Built, { accepted }: Target): Promise<string[]> {
  const witness = await built.accepts(accepted[0] as CircuitInput);
  return witness === undefined ? [] : freeWires(await built.system(), witness).map(({ name, change }) => `leaves ${name} free at --O2: ${change}`);
}

function outputsOf({ r1cs }: Built, witness: readonly bigint[]): readonly bigint[] {
  return witness.slice(1, 1 + parseR1cs(r1cs, 'a mutant').outputs);
}

function wiresOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, wire) => readLittleEndian(bytes.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES)));
}
