import { Option, type Command } from 'commander';
import { parseReceipt } from '../../attestation/receipt-format.js';
import { decryptReceipt } from '../../attestation/encrypted-receipt.js';
import { contextOf, demandAction, scopeOf } from '../../chain/account-actions.js';
import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { bigNumber, positiveNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withChain, withReader, withSigner, type ChainOptions, type ReaderOptions } from '../with-chain.js';
import { readAccount, requireVenue } from './account-input.js';
import { withAccountProver } from './account-prover.js';
import { bytesOf, hexOf, newEncryptionKey, readEncryptionKey } from './encryption-key-file.js';

interface DemandOptions extends ChainOptions {
  readonly epoch: number;
  readonly encryptionKey: string;
  readonly receipt?: string;
  readonly owner?: string;
  readonly deposit?: bigint;
  readonly keys?: string;
}

type OpenOptions = ReaderOptions & { readonly demand: bigint; readonly encryptionKey: string; readonly out: string };

/** A demand lacks what shows whose it is, does not exist, or has no answer. */
export class DemandError extends ClearproofError {
  readonly code = 'DEMAND';
}

const ETHER_DECIMALS = 18;

export function addDemandCommands(account: Command, run: Runner): void {
  addNewKey(account, run);
  addDemand(account, run);
  addOpenAnswer(account, run);
  addReclaim(account, run);
}

function addNewKey(account: Command, run: Runner): void {
  account.command('encryption-key').description('make a key that answers to your demands are encrypted to')
    .requiredOption('--out <file>', 'where the key pair goes; keep it, only it opens the answers')
    .addHelpText('after', '\nExample:\n  clearproof account encryption-key --out encryption.json')
    .action(run(async (output, { out }: { out: string }) => {
      const publicKey = await newEncryptionKey(out);
      output.say(`public key ${publicKey}; the private key is in ${out}`);
      output.result({ file: out, publicKey });
    }));
}

function addDemand(account: Command, run: Runner): void {
  withChain(account.command('demand-receipt').description('demand your receipt of an epoch on chain: until the venue answers, the epoch counts for nothing'))
    .requiredOption('--epoch <n>', 'epoch whose receipt you want', positiveNumber)
    .requiredOption('--encryption-key <file>', 'your key pair, as "account encryption-key" wrote it')
    .option('--receipt <file>', 'your receipt of an earlier epoch')
    .option('--owner <file>', 'your owner file, mode 600')
    .addOption(new Option('--deposit <n>', 'number of your deposit, where this epoch is the first that counts it and you have no receipt yet').argParser(bigNumber).conflicts(['receipt', 'owner']))
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Examples:
  clearproof account demand-receipt --epoch 5 --receipt receipt-4.json --owner owner.json --encryption-key encryption.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key
  clearproof account demand-receipt --epoch 5 --deposit 12 --encryption-key encryption.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key

It costs a bond, which comes back when nobody answers in time.`)
    .action(run(async (output, options: DemandOptions) => {
      const encryptionKey = hexOf((await readEncryptionKey(options.encryptionKey)).publicKey);
      await withSigner(options, async (signer, deployment) => {
        const client = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer);
        const bond = await client.demandBond(options.epoch);
        const { id, receipt: { gasUsed } } = options.deposit === undefined
          ? await client.demandReceipt(options.epoch, await heldClaim(), encryptionKey, bond)
          : await client.demandReceiptOfDeposit(options.epoch, options.deposit, encryptionKey, bond);
        output.say(`receipt of epoch ${options.epoch} demanded: number ${id}, bond ${formatDecimal(bond, ETHER_DECIMALS)} (${gasUsed} gas)`);
        output.result({ demand: id, epoch: options.epoch, bond, gasUsed });

        async function heldClaim(): Promise<Parameters<CollateralVaultClient['demandReceipt']>[1]> {
          const { receipt, owner } = options;
          if (receipt === undefined || owner === undefined) throw new DemandError('show whose account it is: --receipt and --owner, or --deposit');
          const owned = await readAccount({ receipt, owner });
          requireVenue(owned, deployment);
          const vault = vaultOf(deployment);
          // A scope of its own: who demands is not linked to who is paid.
          const purpose = { scope: scopeOf(vault), context: contextOf(vault, demandAction(options.epoch, encryptionKey)) };
          return withAccountProver(output, options.keys, (prover) => prover.margin(owned, owned.receipt.market, { verdict: 'held', unmargined: false, ...purpose }));
        }
      });
    }));
}

function addOpenAnswer(account: Command, run: Runner): void {
  withReader(account.command('open-answer').description('decrypt the receipt that the venue answered a demand with'))
    .requiredOption('--demand <n>', 'number of the demand', bigNumber)
    .requiredOption('--encryption-key <file>', 'your key pair, mode 600')
    .requiredOption('--out <file>', 'where the receipt goes')
    .addHelpText('after', `
Example:
  clearproof account open-answer --demand 2 --encryption-key encryption.json --out receipt-5.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545

Verify the receipt then: "clearproof verify".`)
    .action(run(async (output, options: OpenOptions) => {
      const { privateKey } = await readEncryptionKey(options.encryptionKey);
      await reading(options, async ({ provider }, deployment) => {
        const vault = vaultOf(deployment);
        const answer = await new CollateralVaultClient(vault, deployment.venueId, provider).answerOf(options.demand);
        if (answer === undefined) throw new DemandError(`demand ${options.demand} has no answer yet`, { demand: options.demand });
        const text = decryptReceipt(bytesOf(answer), privateKey, { chainId: deployment.chainId, vault, demandId: options.demand });
        const { epoch } = parseReceipt(text, `the answer to demand ${options.demand}`);
        await writeFileAtomically(options.out, text, SECRET_FILE);
        output.say(`receipt of epoch ${epoch} in ${options.out}`);
        output.result({ file: options.out, epoch });
      });
    }));
}

function addReclaim(account: Command, run: Runner): void {
  withChain(account.command('reclaim-bond').description('take back the bond of a demand that nobody answered in time'))
    .requiredOption('--demand <n>', 'number of the demand', bigNumber)
    .addHelpText('after', '\nExample:\n  clearproof account reclaim-bond --demand 2 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key')
    .action(run(async (output, options: ChainOptions & { demand: bigint }) => {
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer).reclaimBond(options.demand);
        output.say(`bond of demand ${options.demand} returned (${gasUsed} gas)`);
        output.result({ demand: options.demand, gasUsed });
      });
    }));
}
