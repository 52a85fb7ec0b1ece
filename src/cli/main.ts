#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { releaseCurves } from '../groth16/curves.js';
import { addAccountCommands } from './account/account-command.js';
import { addDemoCommand } from './demo/demo-command.js';
import { addDeployCommand } from './deploy.js';
import { addGenerateCommand } from './generate.js';
import { addKeysCommand } from './keys.js';
import { Output } from './output.js';
import { addMarketCommands } from './market/market-command.js';
import { addOwnerCommands } from './owner.js';
import { addProveCommand } from './prove.js';
import { addPublishCommands } from './publish.js';
import { addReceiptCommand } from './receipt.js';
import { addRiskCommands } from './risk/risk-command.js';
import { runner } from './runner.js';
import { addConfigCommands } from './service/config-command.js';
import { connectService } from './service/connect.js';
import { addPinCommand } from './service/pin.js';
import { addRunCommands } from './service/run-commands.js';
import { addServiceCommands } from './service/service-command.js';
import { addSnapshotCommands } from './snapshot.js';
import { addStressCommands } from './stress/stress-command.js';
import { addVaultCommands } from './vault/vault-command.js';
import { addVerifyCommand } from './verify.js';

const program = new Command('clearproof')
  .description('Prove that a derivatives venue is solvent, and verify that it is')
  .option('--json', 'print one JSON value instead of sentences')
  .showHelpAfterError()
  .exitOverride();
const run = runner(() => program.opts<{ json?: boolean }>().json === true, releaseCurves);

addVerifyCommand(program, run);
addOwnerCommands(program, run);
addSnapshotCommands(program, run);
addGenerateCommand(program, run);
addKeysCommand(program, run);
addDeployCommand(program, run);
addProveCommand(program, run);
addPublishCommands(program, run);
addReceiptCommand(program, run);
addRiskCommands(program, run);
addStressCommands(program, run);
addMarketCommands(program, run);
addVaultCommands(program, run);
addAccountCommands(program, run);
addConfigCommands(program, run);
addRunCommands(program, run);
addPinCommand(addServiceCommands(program, run, connectService), run);
addDemoCommand(program, run);

/** Not 1: for `verify` that would mean "NOT verified". */
const WRONG_USAGE = 2;

// --json is a global option, but people write it after the command too.
const args = process.argv.slice(2);
const json = args.includes('--json');
try {
  await program.parseAsync([...(json ? ['--json'] : []), ...args.filter((arg) => arg !== '--json')], { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  // Commander has written the usage to standard error.
  if (error.exitCode !== 0) new Output(json).result({ error: { code: 'USAGE', message: error.message.replace(/^error: /, '') } });
}
