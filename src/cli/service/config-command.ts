import { Option, type Command } from 'commander';
import { fitnessChecks, runChecks, type CheckResult } from '../../service/config/check-config.js';
import { chainCheck, databaseCheck } from '../../service/config/check-live.js';
import { configurationTable, effectiveValues } from '../../service/config/describe.js';
import { readServiceConfig, type LoadedConfig } from '../../service/config/read-config.js';
import { table } from '../output.js';
import type { Runner } from '../runner.js';

interface CheckOptions {
  readonly config?: string;
  readonly offline?: boolean;
}

export function withConfig(command: Command): Command {
  return command.addOption(new Option('--config <file>', 'configuration of the service (default: CLEARPROOF_CONFIG)'));
}

/** The configuration that a command line names, over it the environment. */
export function configOf({ config }: { readonly config?: string }): Promise<LoadedConfig> {
  return readServiceConfig({ file: config, environment: process.env, workingFolder: process.cwd() });
}

/** `clearproof config …` */
export function addConfigCommands(program: Command, run: Runner): void {
  const config = program.command('config').description('configuration of the prover service');
  withConfig(config.command('check').description('show the configuration in effect and whether a service can start from it: 0 if it can, else 1'))
    .option('--offline', 'ask neither database nor chain')
    .addHelpText('after', '\nExample:\n  clearproof config check --config service.json')
    .action(run(async (output, options: CheckOptions) => {
      const loaded = await configOf(options);
      const values = effectiveValues(loaded.config);
      table(values.map(({ field, value }) => [field, value])).forEach((line) => output.say(line));
      const live = options.offline === true ? [] : [databaseCheck(loaded.config), chainCheck(loaded.config)];
      const checks = await runChecks([...fitnessChecks(loaded), ...live]);
      output.say();
      checks.map(checkLine).forEach((line) => output.say(line));
      const fit = checks.every(({ ok }) => ok);
      output.result({ fit, file: loaded.file ?? null, values: Object.fromEntries(values.map(({ field, value }) => [field, value])), checks });
      return fit ? 0 : 1;
    }));
  config.command('fields').description('all fields, as a table in Markdown')
    .addHelpText('after', '\nExample:\n  clearproof config fields')
    .action(run((output) => {
      configurationTable().forEach((line) => output.say(line));
      output.result(configurationTable());
      return Promise.resolve();
    }));
}

function checkLine({ check, ok, detail, code }: CheckResult): string {
  return ok ? `ok    ${check}: ${detail}` : `FAIL  ${check}: ${detail} [${code ?? ''}]`;
}
