import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { attestationSha256, parseAttestation } from '../../attestation/attestation-format.js';
import { serializeStressAttestation } from '../../attestation/stress-attestation-format.js';
import { removeTemporaries, SECRET_FOLDER, writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { readCircuitList } from '../../groth16/circuit-list.js';
import { withEpochLock } from '../../proving/epoch-lock.js';
import type { EpochPlan } from '../../proving/epoch-plan.js';
import { readPlan, writePlan } from '../../proving/plan-file.js';
import { PlanFileError } from '../../proving/plan-format.js';
import { PROOFS_FOLDER } from '../../proving/prove-epoch.js';
import { isStressOf, stressPlan } from '../../proving/stress-plan.js';
import type { MarketTable } from '../../risk/market-table.js';
import { stressedTable } from '../../risk/stress/stressed-table.js';
import { positiveNumber } from '../options.js';
import { buildPath, projectRoot } from '../project.js';
import { OtherEpochError, provePlan, type ProvingSetup } from '../prove.js';
import { ATTESTATION_FILE } from '../publish.js';
import type { Runner } from '../runner.js';
import { findScenario, readOptionSources, readStressSets, type OptionFiles } from './sets.js';

interface ProveOptions extends OptionFiles {
  readonly epochDir: string;
  readonly scenario: string;
  readonly scenarios?: readonly string[];
  readonly keys?: string;
  readonly workers: number;
  readonly prover?: string;
}

export const STRESS_FOLDER = 'stress';
export const STRESS_ATTESTATION_FILE = 'stress-attestation.json';

export function addStressProve(stress: Command, run: Runner): void {
  stress.command('prove')
    .description('prove how the accounts of a proven epoch would stand after a scenario; run it again after a crash and it goes on')
    .requiredOption('--epoch-dir <folder>', 'folder that "clearproof prove" filled')
    .requiredOption('--scenario <name>', 'scenario, as in historical-days/2020-03-12')
    .option('--scenarios <files...>', 'stress sets; without it all that come with the program')
    .option('--parameters <file>', 'parameter set of the table, for options')
    .option('--surface <file>', 'volatility surface of the table, for options')
    .option('--keys <folder>', 'proving keys and their manifest (default: build/keys)')
    .option('--workers <n>', 'worker processes', positiveNumber, 2)
    .option('--prover <which>', 'native, snarkjs or a program, as for prove')
    .addHelpText('after', '\nExample:\n  clearproof stress prove --epoch-dir epoch-1 --scenario historical-days/2020-03-12')
    .action(run(async (output, options: ProveOptions) => {
      const { set, scenario } = findScenario(await readStressSets(options.scenarios), options.scenario);
      const epoch = await readPlan(options.epochDir);
      if (epoch === undefined) throw new PlanFileError(`${options.epochDir} holds no plan: prove the epoch first`, { folder: options.epochDir });
      const attestationFile = join(options.epochDir, ATTESTATION_FILE);
      const attestation = parseAttestation(await readFile(attestationFile, 'utf8'), attestationFile);
      const { table } = stressedTable(epoch.market, set, scenario, await readOptionSources(options));
      const directory = join(options.epochDir, STRESS_FOLDER, `${set.name}.${set.version}-${scenario.name}`);
      await mkdir(directory, { recursive: true, mode: SECRET_FOLDER });
      const setup: ProvingSetup = {
        keys: options.keys ?? buildPath('keys'), workers: options.workers, ...(options.prover === undefined ? {} : { asked: options.prover }),
      };
      const statement = await withEpochLock(directory, async () => {
        await Promise.all([directory, join(directory, PROOFS_FOLDER)].map(removeTemporaries));
        return provePlan(output, setup, await planOf(directory, epoch, table), directory);
      });
      const file = join(directory, STRESS_ATTESTATION_FILE);
      await writeFileAtomically(file, serializeStressAttestation({
        stress: { set: set.name, setVersion: set.version, scenario: scenario.name }, epochAttestation: attestationSha256(attestation), statement,
      }));
      const shortfall = formatDecimal(statement.close.shortfall, table.valueScale);
      output.say(`${scenario.name}: at most ${statement.close.unhealthyBound} unhealthy, shortfall ${shortfall} ${table.currency}, proven in ${file}`);
      output.result({ stressAttestation: file, set: set.name, scenario: scenario.name, unhealthyBound: statement.close.unhealthyBound, shortfall });
    }));
}

/** The plan that lies there, or a new one. @throws OtherEpochError when that is of another epoch or table */
async function planOf(directory: string, epoch: EpochPlan, table: MarketTable): Promise<EpochPlan> {
  const found = await readPlan(directory);
  if (found === undefined) {
    const plan = stressPlan(epoch, table, await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json')));
    await writePlan(directory, plan);
    return plan;
  }
  if (isStressOf(found, epoch, table)) return found;
  throw new OtherEpochError(`${directory} holds the stress of another epoch or table: remove it to begin anew`, { folder: directory, epoch: found.epoch });
}
