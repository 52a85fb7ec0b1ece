import type { Command } from 'commander';
import type { BondedTrade } from '../../chain/trade-bonds-client.js';
import { agreementSignerOf, signAgreement, type TradeAgreement } from '../../chain/trade-signatures.js';
import { clearingOf, type Deployment } from '../../chain/deployment.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import type { PublicTrade } from '../../clearing/proven-transition.js';
import { bondsClient, houseClient } from '../clearing/contracts.js';
import { readOpeningsReceipt, receiptFor } from '../clearing/receipt-file.js';
import { SubmissionError, openingsOf, readTransition, submissionOf, type NamedTransition } from '../clearing/submission.js';
import { requireHouse } from '../clearing/account-file.js';
import { bigNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { AgreementFileError, readAgreement, writeAgreement, type SignedAgreement } from './agreement-file.js';

type SideOptions = ChainOptions & { readonly side: string };
type AgreementOptions = ChainOptions & { readonly agreement: string };

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545 --key-file controller.key';

/** Bonds for walking away from an agreed trade: for who does not trust the other to bring their side. */
export function addTradeBonds(trade: Command, run: Runner): void {
  addBond(trade, run);
  addAgree(trade, run);
  addRegister(trade, run);
  addPresent(trade, run);
  addEnd(trade, run, 'cancel', 'make your signature of an agreement that is not registered worthless', (bonds, agreement) => bonds.cancel(agreement), 'cancelled');
  addEnd(trade, run, 'close', 'give the bonds back, or to the side that kept its word; after settlement, or after the agreement\'s last second', (bonds, agreement) => bonds.close(agreement), 'closed');
}

function addBond(trade: Command, run: Runner): void {
  withChain(trade.command('bond').description('add to what stands in for your agreements, or take back what is not held for one'))
    .option('--add <wei>', 'to add', bigNumber)
    .option('--withdraw <wei>', 'to take back', bigNumber)
    .addHelpText('after', `\nExample:\n  clearproof trade bond --add 1000000000000000000 ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & { add?: bigint; withdraw?: bigint }) => {
      await withSigner(options, async (signer, deployment) => {
        const bonds = bondsClient(signer, deployment);
        if (options.add !== undefined) await bonds.addBond(options.add);
        if (options.withdraw !== undefined) await bonds.withdrawBond(options.withdraw);
        const free = await bonds.bondOf(signer.address);
        output.say(`${signer.address} has ${free} wei that are not held for an agreement`);
        output.result({ account: signer.address, free });
      });
    }));
}

function addAgree(trade: Command, run: Runner): void {
  withChain(trade.command('agree').description('sign that you stand in for a trade with a bond'))
    .requiredOption('--side <file>', 'a proven side of the trade, yours or the other\'s')
    .requiredOption('--bond <wei>', 'of each side', bigNumber)
    .requiredOption('--out <file>', 'where the signed agreement goes; give it to the other side')
    .addHelpText('after', `\nExample:\n  clearproof trade agree --side side.json --bond 1000000000000000000 --out agreement.json ${ON_CHAIN}`)
    .action(run(async (output, options: SideOptions & { bond: bigint; out: string }) => {
      const { trade: agreed, file } = sideOf(await readTransition(options.side));
      await withSigner(options, async (signer, deployment) => {
        requireHouse(file, deployment, options.side);
        const agreement = { trade: agreed, bond: options.bond };
        const target = targetOf(deployment);
        const signature = await signAgreement(signer, target, flat(agreement));
        await writeAgreement(options.out, { ...target, agreement, signature });
        output.say(`agreement of accounts ${agreed.buyer} and ${agreed.seller} with a bond of ${options.bond} wei each, signed by ${signer.address}, in ${options.out}`);
        output.result({ out: options.out, signer: signer.address, tradeCommitment: agreed.commitment, bond: options.bond });
      });
    }));
}

function addRegister(trade: Command, run: Runner): void {
  withChain(trade.command('register').description('hold both bonds until the trade settles or its time is over: anybody with both signatures'))
    .requiredOption('--agreements <files...>', 'the agreement as each controller signed it')
    .addHelpText('after', `\nExample:\n  clearproof trade register --agreements buyer-agreement.json seller-agreement.json ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & { agreements: readonly string[] }) => {
      const files: SignedAgreement[] = [];
      for (const file of options.agreements) files.push(await readAgreement(file));
      const [first] = files;
      if (first === undefined || files.some((one) => JSON.stringify(flatTexts(one)) !== JSON.stringify(flatTexts(first)))) {
        throw new AgreementFileError('the files are of different agreements: name the two signatures of one', {});
      }
      await withSigner(options, async (signer, deployment) => {
        const target = targetOf(deployment);
        files.forEach((one, place) => requireBonds(one, target, options.agreements[place] as string));
        const house = houseClient(signer, deployment);
        const { agreement } = first;
        const signed = async (handle: bigint): Promise<string> => {
          const controller = (await house.account(handle))?.controller;
          const found = files.find(({ signature }) => agreementSignerOf(target, flat(agreement), signature) === controller);
          if (found !== undefined) return found.signature;
          throw new AgreementFileError(`no file is signed by ${controller ?? 'anybody'}, who controls account ${handle}: ask for theirs`, { handle });
        };
        const { gasUsed } = await bondsClient(signer, deployment).register(agreement, await signed(agreement.trade.buyer), await signed(agreement.trade.seller));
        output.say(`both bonds are held until the trade settles, or ${agreement.trade.expiry} (${gasUsed} gas)`);
        output.result({ state: 'registered', tradeCommitment: agreement.trade.commitment, gasUsed });
      });
    }));
}

function addPresent(trade: Command, run: Runner): void {
  withChain(trade.command('present').description('bring your side of a registered agreement; the second settles the trade'))
    .requiredOption('--agreement <file>', 'the agreement')
    .requiredOption('--side <file>', 'your side, as "trade prove" wrote it')
    .option('--other <file>', 'the other side, where it was presented before: the receipt is of both')
    .option('--receipt <file>', 'the venue\'s receipt of what both accounts become; the second needs it')
    .addHelpText('after', `\nExample:\n  clearproof trade present --agreement agreement.json --side side.json --other other.json --receipt receipt.json ${ON_CHAIN}`)
    .action(run(async (output, options: AgreementOptions & SideOptions & { other?: string; receipt?: string }) => {
      const { agreement } = await readAgreement(options.agreement);
      const { file, seller } = sideOf(await readTransition(options.side));
      const other = options.other === undefined ? undefined : await readTransition(options.other);
      const receipt = options.receipt === undefined ? undefined : await readOpeningsReceipt(options.receipt);
      const signature = other === undefined ? '0x' : receiptFor(openingsOf(submissionOf([file, other])), receipt);
      await withSigner(options, async (signer, deployment) => {
        requireHouse(file, deployment, options.side);
        const { transactionHash, gasUsed } = await bondsClient(signer, deployment).present(agreement, seller, file.transition, signature);
        const settled = await houseClient(signer, deployment).isFilled(agreement.trade.commitment);
        output.say(`the ${seller ? 'seller' : 'buyer'}'s side is presented${settled ? ', and the trade settled' : ''} (${gasUsed} gas)`);
        output.result({ state: settled ? 'settled' : 'presented', transactionHash, gasUsed });
      });
    }));
}

type Ending = (bonds: ReturnType<typeof bondsClient>, agreement: BondedTrade) => Promise<ChainReceipt>;

function addEnd(trade: Command, run: Runner, name: string, description: string, send: Ending, done: string): void {
  withChain(trade.command(name).description(description))
    .requiredOption('--agreement <file>', 'the agreement')
    .addHelpText('after', `\nExample:\n  clearproof trade ${name} --agreement agreement.json ${ON_CHAIN}`)
    .action(run((output: Output, options: AgreementOptions) => withSigner(options, async (signer, deployment) => {
      const signed = await readAgreement(options.agreement);
      requireBonds(signed, targetOf(deployment), options.agreement);
      const { gasUsed } = await send(bondsClient(signer, deployment), signed.agreement);
      output.say(`the agreement is ${done} (${gasUsed} gas)`);
      output.result({ state: done, gasUsed });
    })));
}

function sideOf(file: NamedTransition): { readonly file: NamedTransition; readonly seller: boolean; readonly trade: PublicTrade } {
  const { purpose } = file;
  if (purpose.kind !== 'trade') throw new SubmissionError(`${file.file} is no side of a trade`, { file: file.file });
  return { file, seller: purpose.seller, trade: purpose.trade };
}

function targetOf(deployment: Deployment): { readonly chainId: bigint; readonly bonds: string } {
  return { chainId: deployment.chainId, bonds: clearingOf(deployment).tradeBonds };
}

function requireBonds({ chainId, bonds }: SignedAgreement, target: ReturnType<typeof targetOf>, file: string): void {
  if (chainId === target.chainId && bonds === target.bonds) return;
  throw new AgreementFileError(`${file} is for the bonds ${bonds} on chain ${chainId}, the deployment for ${target.bonds} on chain ${target.chainId}`, { file });
}

function flat({ trade: { commitment, buyer, seller, expiry }, bond }: BondedTrade): TradeAgreement {
  return { tradeCommitment: commitment, buyer, seller, expiry, bond };
}

function flatTexts({ agreement, chainId, bonds }: SignedAgreement): readonly string[] {
  return [...Object.values(flat(agreement)).map(String), chainId.toString(), bonds];
}
