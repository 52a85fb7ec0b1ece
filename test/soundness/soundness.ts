import { writeFileAtomically } from '../../src/file/atomic-file.js';
import { ALLOWED_DIVISIONS, ALLOWED_FREE } from './allowed.js';
import { circuitsOfTests } from './circuits-under-test.js';
import { derive } from './determinism.js';
import { freeWires } from './free-wires.js';
import { unexplained } from './lint/explained.js';
import { inspectCircuits } from './lint/inspection.js';
import { lintSources } from './lint/source-rules.js';
import { runMutants } from './mutation/mutation-run.js';

const REPORT = 'build/report/soundness.json';
const SEED = 1;
/** Without SOUNDNESS_MUTANTS, which is a number or "all". */
const MUTANTS = 60;
/** Of the mutants that count, in percent. */
const LEAST_KILLED = 95;

/** Runs every gate there is over the circuits of the tests and writes build/report/soundness.json; fails when one of them does. */
async function main(): Promise<void> {
  const start = performance.now();
  const circuits = await circuitsOfTests();
  const figures = circuits.map(({ name, proven, plain, witness }) => {
    say(`${name}: free wires and determinism`);
    const free = freeWires(proven, witness, ALLOWED_FREE);
    const { undetermined } = derive(plain, ALLOWED_DIVISIONS);
    return { name, constraints: proven.constraints.length, freeWires: free.map((wire) => `${wire.name} ${wire.change}`), undetermined: undetermined.map((wire) => plain.names[wire] ?? '') };
  });
  say('linter and compiler inspection');
  const warnings = unexplained([...lintSources(), ...(await inspectCircuits(['test']))]);
  const asked = process.env.SOUNDNESS_MUTANTS;
  const mutants = await runMutants(asked === 'all' ? undefined : Number(asked ?? MUTANTS), SEED, say);
  const report = {
    freeWires: figures.flatMap((one) => one.freeWires).length, undetermined: figures.flatMap((one) => one.undetermined).length,
    warnings: warnings.length, mutants: { total: mutants.total, killed: mutants.killed, survivors: mutants.survivors }, circuits: figures, details: warnings,
    seconds: Math.round((performance.now() - start) / 1000),
  };
  await writeFileAtomically(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  const unexplainedSurvivors = mutants.survivors.filter(({ why }) => why === undefined);
  tell(`${report.freeWires} free wires, ${report.undetermined} undetermined signals, ${report.warnings} warnings, ${mutants.killed} of ${mutants.total} mutants killed, ${unexplainedSurvivors.length} survivors not explained`);
  for (const { place, before, after } of unexplainedSurvivors) tell(`  ${place}: "${before}" became "${after}"`);
  const enough = 100 * mutants.killed >= LEAST_KILLED * mutants.total;
  if (report.freeWires + report.undetermined + report.warnings + unexplainedSurvivors.length > 0 || !enough) process.exitCode = 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Progress, apart from the result. */
function say(line: string): void {
  process.stderr.write(`[${process.uptime().toFixed(0).padStart(4)} s] ${line}\n`);
}

await main();
