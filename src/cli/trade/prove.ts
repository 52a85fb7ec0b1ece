import { Option, type Command } from 'commander';
import { baseOfVenue } from '../../attestation/venue-base.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { tradeCommitment } from '../../commitment/trade-commitment.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { requireHouse } from '../clearing/account-file.js';
import { openAccount, proveChange, requireSendable, withAccount, type AccountOptions } from '../clearing/account-input.js';
import { clearingRules, houseClient, termsClient } from '../clearing/contracts.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { readTrade } from './trade-files.js';

/** The account is no side of the trade. */
export class NotASideError extends ClearproofError {
  readonly code = 'NOT_A_SIDE';
}

interface ProveOptions extends ReaderOptions, AccountOptions {
  readonly trade: string;
  readonly owner: string;
  readonly reducing?: boolean;
  readonly out: string;
}

export function addTradeProve(trade: Command, run: Runner): void {
  withAccount(withReader(trade.command('prove').description('prove your side of an agreed trade: that the account becomes what the trade makes of it, and has the margin for it')))
    .requiredOption('--trade <file>', 'the trade, mode 600, as both sides agreed on it')
    .requiredOption('--owner <file>', 'the owner file, mode 600, that the account was opened with')
    .addOption(new Option('--reducing', 'prove that it only reduces risk, where initial margin would be met too: what a venue takes that reduces only'))
    .requiredOption('--out <file>', 'where the side goes; whoever has both settles')
    .addHelpText('after', `
Example:
  clearproof trade prove --trade trade.json --account account.json --owner owner.json --table initial.json --out side.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545

Both sides need the same table. Send the account file to the venue too: it signs that it has it.`)
    .action(run(async (output, options: ProveOptions) => {
      const agreed = await readTrade(options.trade);
      await reading(options, async ({ provider }, deployment) => {
        requireHouse(agreed, deployment, options.trade);
        const [house, terms] = [houseClient(provider, deployment), termsClient(provider, deployment)];
        const opened = await openAccount(options, house, deployment);
        const { handle, table } = opened;
        const { buyer, seller: sellerHandle, expiry } = agreed.terms;
        if (handle !== buyer && handle !== sellerHandle) throw new NotASideError(`the trade is of accounts ${buyer} and ${sellerHandle}, ${options.account} is of account ${handle}`, { handle });
        const seller = handle === sellerHandle;
        const { band } = await clearingRules(terms);
        const wish = {
          act: { kind: 'trade', seller, trade: agreed.terms, band }, owned: true, period: await terms.period(), ...(options.reducing === true ? { reducing: true } : {}),
        } as const;
        requireSendable(opened, wish, options.out);
        const commitment = tradeCommitment(portablePoseidon, baseOfVenue(portablePoseidon, agreed.venue), marketCommitment(portablePoseidon, table), agreed.terms);
        const purpose = { kind: 'trade', seller, trade: { buyer, seller: sellerHandle, expiry, commitment } } as const;
        const { newCommitment, reducing } = await proveChange(output, options, opened, { wish, purpose, out: options.out });
        output.say(`the ${seller ? 'seller' : 'buyer'}'s side is proven${reducing ? ', as one that only reduces risk' : ''}: ${options.out}`);
        output.result({ out: options.out, seller, handle, tradeCommitment: commitment, newCommitment, reducing });
      });
    }));
}
