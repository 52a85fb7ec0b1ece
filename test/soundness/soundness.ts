import { writeFileAtomically } from '../../src/file/atomic-file.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { boundaryOutcomes, type BoundaryOutcome } from './acceptance/boundary-vectors.js';
import { acceptRandomAccounts, type Completeness } from './acceptance/random-accounts.js';
import { gatesOn, type CircuitFigures } from './circuit-gates.js';
import { circuitsOfTests } from './circuits-under-test.js';
import { unexplained } from './lint/explained.js';
import { inspectCircuits } from './lint/inspection.js';
import { lintSources } from './lint/source-rules.js';
import { runMutants, type MutationResult } from './mutation/mutation-run.js';
import { KeptFigures, gatesOnProduction, productionCircuits } from './production.js';

const REPORT = 'build/report/soundness.json';
const SEED = 1;
/** Without SOUNDNESS_MUTANTS, which is a number or "all". */
const MUTANTS = 60;
/** Random accounts through batches and closes, without SOUNDNESS_ACCOUNTS. */
const ACCOUNTS = 10_000;
/** Of the mutants that count, in percent. */
const LEAST_KILLED = 95;

/** Runs every gate there is and writes build/report/soundness.json; fails when one of them does. */
async function main(): Promise<void> {
  const start = performance.now();
  const known = new KeptFigures();
  const tests = (await circuitsOfTests()).map((circuit) => {
    const found = known.of(circuit.name);
    if (found !== undefined) return found;
    say(`${circuit.name}: free wires, determinism and dropped constraints`);
    const figures = gatesOn(circuit);
    known.keep(figures);
    return figures;
  });
  say('boundary vectors and random accounts');
  const boundaries = await boundaryOutcomes();
  const completeness = await acceptRandomAccounts(Number(process.env.SOUNDNESS_ACCOUNTS ?? ACCOUNTS), SEED, say);
  say('linter and compiler inspection');
  const warnings = unexplained([...lintSources(), ...(await inspectCircuits(['test']))]);
  const asked = process.env.SOUNDNESS_MUTANTS;
  const mutants = await runMutants(asked === 'all' ? undefined : Number(asked ?? MUTANTS), SEED, say);
  const chosen = await productionCircuits(process.env.SOUNDNESS_CIRCUITS);
  const production = await gatesOnProduction(chosen, say);
  const circuits = [...tests, ...production];
  const report = {
    freeWires: circuits.flatMap((one) => one.freeWires).length, undetermined: circuits.flatMap((one) => one.undetermined).length,
    droppedUnnoticed: circuits.flatMap((one) => one.droppedUnnoticed).length,
    mutants: { total: mutants.total, killed: mutants.killed, survivors: mutants.survivors },
    warnings: warnings.length, boundaries: { total: boundaries.length, wrong: boundaries.filter(({ wrong }) => wrong !== undefined) }, completeness,
    circuits, productionWithoutGates: (await readCircuitList()).filter(({ use }) => use === 'production').map(({ name }) => name).filter((name) => !chosen.some((other) => other.name === name)),
    details: warnings, seconds: Math.round((performance.now() - start) / 1000),
  };
  await writeFileAtomically(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  if (!tellOutcome(report)) process.exitCode = 1;
}

interface Outcome {
  readonly freeWires: number;
  readonly undetermined: number;
  readonly droppedUnnoticed: number;
  readonly mutants: Pick<MutationResult, 'total' | 'killed' | 'survivors'>;
  readonly warnings: number;
  readonly boundaries: { readonly total: number; readonly wrong: readonly BoundaryOutcome[] };
  readonly completeness: Completeness;
  readonly circuits: readonly CircuitFigures[];
}

/** Says what was found; false when a gate fails. */
function tellOutcome({ freeWires, undetermined, droppedUnnoticed, mutants, warnings, boundaries, completeness, circuits }: Outcome): boolean {
  const unexplainedSurvivors = mutants.survivors.filter(({ why }) => why === undefined);
  const dropped = circuits.reduce((sum, { plainConstraints }) => sum + plainConstraints, 0);
  tell(`${circuits.length} circuits: ${freeWires} free wires, ${undetermined} undetermined signals, ${droppedUnnoticed} of ${dropped} dropped constraints unnoticed`);
  tell(`${warnings} warnings, ${boundaries.wrong.length} of ${boundaries.total} boundary vectors wrong, ${completeness.accounts} random accounts accepted in ${completeness.batches} batches`);
  tell(`${mutants.killed} of ${mutants.total} mutants killed, ${unexplainedSurvivors.length} survivors not explained`);
  for (const { place, before, after } of unexplainedSurvivors) tell(`  ${place}: "${before}" became "${after}"`);
  for (const { name, wrong } of boundaries.wrong) tell(`  ${name}: ${wrong ?? ''}`);
  const enough = 100 * mutants.killed >= LEAST_KILLED * mutants.total;
  return freeWires + undetermined + droppedUnnoticed + warnings + boundaries.wrong.length + unexplainedSurvivors.length === 0 && enough;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Progress, apart from the result. */
function say(line: string): void {
  process.stderr.write(`[${process.uptime().toFixed(0).padStart(4)} s] ${line}\n`);
}

await main();
