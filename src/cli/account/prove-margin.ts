import { Option, type Command } from 'commander';
import { contextOf, scopeOf } from '../../chain/account-actions.js';
import { mirrorContextOf, mirrorScopeOf } from '../../chain/mirror-scope.js';
import { readDeployment } from '../../chain/deployment-file.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { address, bigNumber, bytes32, chainAddress, type ChainAddress } from '../options.js';
import type { Runner } from '../runner.js';
import { readAccount, readTable, requireVenue, withAccount, type AccountOptions } from './account-input.js';
import { withAccountProver } from './account-prover.js';
import { writeClaim } from './claim-file.js';

interface MarginOptions extends AccountOptions {
  readonly table?: string;
  readonly deployment?: string;
  readonly consumer?: string;
  readonly action?: string;
  readonly mirror?: ChainAddress;
  readonly scope?: bigint;
  readonly context?: bigint;
  readonly unmargined?: boolean;
  readonly out: string;
}

/** It was not said whom and what a proof is for, or twice. */
export class ProofPurposeError extends ClearproofError {
  readonly code = 'PROOF_PURPOSE';
}

export function addProveMargin(account: Command, run: Runner): void {
  withAccount(account.command('prove-margin').description('prove to one contract, for one action, that your account meets its margin; who you are stays hidden'))
    .option('--table <file>', 'a newer table that the venue\'s market source accepted, as "risk build" wrote it (default: the receipt\'s)')
    .option('--deployment <file>', 'addresses of the venue you mean: held against the receipt')
    .option('--consumer <address>', 'contract that asks', address)
    .option('--action <bytes32>', 'what it asks for: 32 bytes of the contract\'s own making', bytes32)
    .addOption(new Option('--mirror <chain:address>', 'mirror that the contract asks, where it is on another chain than the venue').argParser(chainAddress).conflicts(['scope', 'context']))
    .addOption(new Option('--scope <n>', 'scope of the nullifiers, in place of --consumer').argParser(bigNumber).conflicts('consumer'))
    .addOption(new Option('--context <n>', 'context, in place of --consumer and --action').argParser(bigNumber).conflicts(['consumer', 'action']))
    .option('--unmargined', 'say too that all holdings are cash and spot, none of them borrowed')
    .requiredOption('--out <file>', 'where the claim goes; "claim" in it is what the contract takes')
    .addHelpText('after', `
Examples:
  clearproof account prove-margin --receipt receipt.json --owner owner.json --table initial.json \\
    --consumer 0x5FbD…0aa3 --action 0x6f1c…11ab --out claim.json
  clearproof account prove-margin --receipt receipt.json --owner owner.json --table initial.json \\
    --mirror 8453:0xe7f1…0512 --consumer 0x5FbD…0aa3 --action 0x6f1c…11ab --out claim.json
  clearproof account prove-margin --receipt receipt.json --owner owner.json --scope 5 --context 77 --out claim.json

It speaks of the snapshot, not of trades since.`)
    .action(run(async (output, options: MarginOptions) => {
      const purpose = purposeOf(options);
      const owned = await readAccount(options);
      if (options.deployment !== undefined) requireVenue(owned, await readDeployment(options.deployment));
      const table = await readTable(options.table, owned.receipt);
      const { claim, circuit } = await withAccountProver(output, options.keys, async (prover) => ({
        claim: await prover.margin(owned, table, { verdict: 'healthy', unmargined: options.unmargined === true, ...purpose }), circuit: prover.circuitOf('AccountMargin', owned.receipt, table).name,
      }));
      await writeClaim(options.out, claim, {
        venue: owned.receipt.venue, circuit, level: table.level, marketTime: table.snapshotTime, scope: purpose.scope, context: purpose.context,
      });
      output.say(`healthy at ${table.level} in epoch ${claim.epoch} under the table of ${table.snapshotTime}; claim in ${options.out}`);
      output.say(`this contract knows the account in this epoch as ${claim.nullifier}`);
      output.result({ file: options.out, epoch: claim.epoch, nullifier: claim.nullifier, level: table.level, circuit });
    }));
}

/** @throws ProofPurposeError */
function purposeOf({ consumer, action, mirror, scope, context }: MarginOptions): { readonly scope: bigint; readonly context: bigint } {
  if (consumer !== undefined && action !== undefined && mirror !== undefined) {
    const place = { chainId: mirror.chainId, mirror: mirror.address };
    return { scope: mirrorScopeOf(place, consumer), context: mirrorContextOf(place, consumer, action) };
  }
  if (consumer !== undefined && action !== undefined) return { scope: scopeOf(consumer), context: contextOf(consumer, action) };
  if (consumer === undefined && action === undefined && mirror === undefined && scope !== undefined && context !== undefined) return { scope, context };
  throw new ProofPurposeError('say whom and what the proof is for: --consumer and --action, with --mirror on another chain, or --scope and --context');
}
