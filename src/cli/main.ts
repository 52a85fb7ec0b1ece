#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { releaseCurves } from '../groth16/curves.js';
import { Output } from './output.js';
import { runner, type Runner } from './runner.js';

type AddCommands = (program: Command, run: Runner) => void;

/**
 * In the order of the help. A run loads the module of its own command only: together they reach every library there is, which
 * takes longer than most commands do.
 */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<AddCommands>])[] = [
  [['verify'], async () => (await import('./verify.js')).addVerifyCommand],
  [['board'], async () => (await import('./board.js')).addBoardCommand],
  [['audit'], async () => (await import('./audit/audit-command.js')).addAuditCommand],
  [['owner'], async () => (await import('./owner.js')).addOwnerCommands],
  [['snapshot'], async () => (await import('./snapshot.js')).addSnapshotCommands],
  [['generate'], async () => (await import('./generate.js')).addGenerateCommand],
  [['keys'], async () => (await import('./keys.js')).addKeysCommand],
  [['ceremony'], async () => (await import('./ceremony/ceremony-command.js')).addCeremonyCommands],
  [['deploy'], async () => (await import('./deploy.js')).addDeployCommand],
  [['circuit'], async () => (await import('./circuit/circuit-command.js')).addCircuitCommands],
  [['prove'], async () => (await import('./prove.js')).addProveCommand],
  [['open', 'deposit', 'state-market', 'publish'], async () => (await import('./publish.js')).addPublishCommands],
  [['receipt'], async () => (await import('./receipt.js')).addReceiptCommand],
  [['receipts'], async () => (await import('./receipts/receipts-command.js')).addReceiptsCommands],
  [['conformance'], async () => (await import('./conformance/conformance-command.js')).addConformanceCommand],
  [['risk'], async () => (await import('./risk/risk-command.js')).addRiskCommands],
  [['stress'], async () => (await import('./stress/stress-command.js')).addStressCommands],
  [['simulate'], async () => (await import('./simulate.js')).addSimulateCommand],
  [['market'], async () => (await import('./market/market-command.js')).addMarketCommands],
  [['vault'], async () => (await import('./vault/vault-command.js')).addVaultCommands],
  [['account'], async () => (await import('./account/account-command.js')).addAccountCommands],
  [['clearing'], async () => (await import('./clearing/clearing-command.js')).addClearingCommands],
  [['keeper'], async () => (await import('./keeper/keeper-command.js')).addKeeperCommands],
  [['relay'], async () => (await import('./relay/relay-command.js')).addRelayCommands],
  [['trade'], async () => (await import('./trade/trade-command.js')).addTradeCommands],
  [['liquidation'], async () => (await import('./liquidation/liquidation-command.js')).addLiquidationCommands],
  [['fund'], async () => (await import('./fund/fund-command.js')).addFundCommands],
  [['bidder'], async () => (await import('./bidder/bidder-command.js')).addBidderCommands],
  [['balance'], async () => (await import('./balance/balance-command.js')).addBalanceCommands],
  [['challenge'], async () => (await import('./challenge/challenge-command.js')).addChallengeCommands],
  [['config'], async () => (await import('./service/config-command.js')).addConfigCommands],
  [['serve', 'worker', 'publisher'], async () => (await import('./service/run-commands.js')).addRunCommands],
  [['service'], async () => {
    const [{ addServiceCommands }, { connectService }, { addPinCommand }, { addReceiptBucketCommand }] = await Promise.all([
      import('./service/service-command.js'), import('./service/connect.js'), import('./service/pin.js'), import('./service/receipt-buckets.js'),
    ]);
    return (parent, tell) => addPinCommand(addReceiptBucketCommand(addServiceCommands(parent, tell, connectService), tell), tell);
  }],
  [['page'], async () => (await import('./page/page-command.js')).addPageCommand],
  [['demo-crosschain'], async () => (await import('./demo/crosschain/crosschain-command.js')).addCrossChainDemo],
  [['demo'], async () => (await import('./demo/demo-command.js')).addDemoCommand],
];

const program = new Command('clearproof')
  .description('Prove that a derivatives venue is solvent, and verify that it is')
  .option('--json', 'print one JSON value instead of sentences')
  .showHelpAfterError()
  .exitOverride();
const run = runner(() => program.opts<{ json?: boolean }>().json === true, releaseCurves);

/** Not 1: for `verify` that would mean "NOT verified". */
const WRONG_USAGE = 2;

// --json is a global option, but people write it after the command too.
const args = process.argv.slice(2);
const json = args.includes('--json');
const [wanted] = args.filter((arg) => !arg.startsWith('-'));
// Without a command, or with one that there is not, the help or the error names them all.
const named = COMMANDS.filter(([names]) => wanted !== undefined && names.includes(wanted));
for (const [, load] of named.length > 0 ? named : COMMANDS) (await load())(program, run);
try {
  await program.parseAsync([...(json ? ['--json'] : []), ...args.filter((arg) => arg !== '--json')], { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  // Commander has written the usage to standard error.
  if (error.exitCode !== 0) new Output(json).result({ error: { code: 'USAGE', message: error.message.replace(/^error: /, '') } });
}
