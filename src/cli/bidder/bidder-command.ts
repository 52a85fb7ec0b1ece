import type { Command } from 'commander';
import { bytesOf, hexOf, newEncryptionKey } from '../account/encryption-key-file.js';
import { biddersClient } from '../liquidation/contracts.js';
import { address, bytes32 } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withChain, withReader, withSigner, type ChainOptions, type ReaderOptions } from '../with-chain.js';

const READ = '--deployment deployment.json --rpc http://127.0.0.1:8545';

/** `clearproof bidder …`: who may see what an account that is liquidated holds. */
export function addBidderCommands(program: Command, run: Runner): void {
  const bidder = program.command('bidder').description('bidders for accounts that are liquidated: the venue approves them, openings are sealed to their keys');
  addKey(bidder, run);
  addApprove(bidder, run);
  addRemove(bidder, run);
  addList(bidder, run);
}

function addKey(bidder: Command, run: Runner): void {
  bidder.command('key').description('make a key that openings are sealed to: the private one stays in the file; give the public one to the venue')
    .requiredOption('--out <file>', 'where the key goes, mode 600')
    .addHelpText('after', '\nExample:\n  clearproof bidder key --out bidder-key.json')
    .action(run(async (output, { out }: { readonly out: string }) => {
      const publicKey = await newEncryptionKey(out);
      output.say(`public key ${publicKey}: give it to the venue; the private one is in ${out} and cannot be made again`);
      output.result({ file: out, publicKey });
    }));
}

function addApprove(bidder: Command, run: Runner): void {
  withChain(bidder.command('approve').description('the venue\'s operator: let a bidder see accounts that are liquidated, or replace its key'))
    .requiredOption('--bidder <address>', 'who bids', address)
    .requiredOption('--encryption-key <bytes32>', 'its public key, as "bidder key" printed it', bytes32)
    .addHelpText('after', `\nExample:\n  clearproof bidder approve --bidder 0x7099…79C8 --encryption-key 0x6f1c…11ab ${READ} --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { bidder: string; encryptionKey: string }) => {
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await biddersClient(signer, deployment).send.approve(options.bidder, bytesOf(options.encryptionKey));
        output.say(`${options.bidder} may see accounts that are liquidated from now on (${gasUsed} gas)`);
        output.result({ bidder: options.bidder, encryptionKey: options.encryptionKey, gasUsed });
      });
    }));
}

function addRemove(bidder: Command, run: Runner): void {
  withChain(bidder.command('remove').description('the venue\'s operator: seal no further openings to a bidder; it keeps what it saw'))
    .requiredOption('--bidder <address>', 'who bids', address)
    .addHelpText('after', `\nExample:\n  clearproof bidder remove --bidder 0x7099…79C8 ${READ} --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { bidder: string }) => {
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await biddersClient(signer, deployment).send.remove(options.bidder);
        output.say(`${options.bidder} sees no further account (${gasUsed} gas)`);
        output.result({ bidder: options.bidder, gasUsed });
      });
    }));
}

function addList(bidder: Command, run: Runner): void {
  withReader(bidder.command('list').description('who may bid, in the order in which openings are sealed'))
    .addHelpText('after', `\nExample:\n  clearproof bidder list ${READ}`)
    .action(run(async (output, options: ReaderOptions) => {
      await reading(options, async ({ provider }, deployment) => {
        const bidders = (await biddersClient(provider, deployment).bidders()).map(({ bidder: who, encryptionKey }) => ({ bidder: who, encryptionKey: hexOf(encryptionKey) }));
        for (const { bidder: who, encryptionKey } of bidders) output.say(`${who}  ${encryptionKey}`);
        if (bidders.length === 0) output.say('no bidder is approved: nobody but the venue can see what is for sale');
        output.result({ bidders });
      });
    }));
}
