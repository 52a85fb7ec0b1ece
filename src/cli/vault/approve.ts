import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { vaultOf } from '../../chain/deployment.js';
import { signPayoutApproval } from '../../chain/vault-signatures.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { requireVenue } from '../account/account-input.js';
import { vaultNullifier } from '../account/account-prover.js';
import { payingRow, quantaOf, settlementRowOf } from '../account/withdrawal.js';
import { address, unixSeconds, wholeNumber } from '../options.js';
import { receiptFor } from '../receipt.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { writeApproval } from './approval-file.js';

interface ApproveOptions extends ChainOptions {
  readonly epochDir: string;
  readonly user: string;
  readonly subAccount: number;
  readonly instrument: string;
  readonly amount: string;
  readonly recipient: string;
  readonly deadline?: number;
  readonly out: string;
}

/** The user has the time to prove and send. */
const SECONDS_TO_SEND = 86_400;

export function addVaultApprove(vault: Command, run: Runner): void {
  withChain(vault.command('approve').description('sign a payout with the operator\'s key: it waives the delay of one withdrawal that its owner proves'))
    .requiredOption('--epoch-dir <folder>', 'folder of the newest standing epoch, as prove filled it')
    .requiredOption('--user <id>', 'the venue\'s name for the user')
    .option('--sub-account <n>', 'sub-account number', wholeNumber, 0)
    .requiredOption('--instrument <id>', 'cash or spot instrument')
    .requiredOption('--amount <decimal>', 'quantity of it; debit the account with the next snapshot')
    .requiredOption('--recipient <address>', 'who gets the tokens', address)
    .option('--deadline <seconds>', 'Unix time until which it is good (default: in a day)', unixSeconds)
    .requiredOption('--out <file>', 'where the approval goes; give it to the user')
    .addHelpText('after', `
Example:
  clearproof vault approve --epoch-dir epoch-5 --user alice --instrument BTC --amount 0.5 --recipient 0x7099…79C8 --out approval.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ApproveOptions) => {
      const receipt = await receiptFor(options.epochDir, options.user, options.subAccount);
      const quanta = quantaOf(settlementRowOf(receipt.market, options.instrument), options.amount);
      const row = payingRow(receipt.market, receipt.holdings, options.instrument, quanta);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const target = { chainId: deployment.chainId, vault: vaultOf(deployment) };
        const approval = {
          venueId: deployment.venueId, nullifier: vaultNullifier(receipt), row: row.index, amount: quanta, recipient: checksumAddress(options.recipient),
          deadline: options.deadline ?? (await latestTimestamp(signer.provider)) + SECONDS_TO_SEND,
        };
        await writeApproval(options.out, target, { approval, signature: await signPayoutApproval(signer, target, approval) });
        output.say(`payout of ${formatDecimal(quanta, row.quantityDecimals)} ${row.id} to ${approval.recipient} approved on epoch ${receipt.epoch}; in ${options.out}`);
        output.result({ file: options.out, epoch: receipt.epoch, ...approval });
      });
    }));
}
