import { contextOf, payoutAction, scopeOf } from '../../chain/account-actions.js';
import { anvilWallet } from '../../chain/anvil.js';
import type { MarginClaim, Payout } from '../../chain/account-claims.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { deployTestFeed } from '../../chain/deploy.js';
import { mintTestToken } from '../../chain/escrow-client.js';
import { CreditSupport, OtcOptions, type OptionTerms } from '../../chain/example-consumers.js';
import { SolvencyGateClient } from '../../chain/gate-client.js';
import { passTime } from '../../chain/test-chain.js';
import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { signPayoutApproval } from '../../chain/vault-signatures.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { OwnedAccount } from '../../proving/prove-account.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { AccountProver } from '../account/account-prover.js';
import type { Output } from '../output.js';
import type { DemoChain } from './demo-chain.js';
import { heading, refusalOf, untrue } from './demo-steps.js';
import { DEMO_RULES, ownedAccount, type DemoUser } from './demo-users.js';
import { ForgeryAcceptedError } from './forgery.js';

/** What account proofs are made and sent with. */
export interface AccountStage {
  readonly chain: DemoChain;
  readonly users: readonly DemoUser[];
  readonly prover: AccountProver;
  /** Of initial level. */
  readonly initial: MarketTable;
}

/** Figures of what account proofs did before the venue fell silent. */
export interface PayoutFigures {
  readonly marginProofSeconds: number;
  readonly gas: { readonly recordFrame: bigint; readonly withdraw: bigint; readonly writeOption: bigint; readonly borrow: bigint };
  readonly overWithdrawal: 'refused';
  readonly bentAmount: 'refused';
  readonly secondPayout: 'refused';
}

const HOUR = 3_600;
const LENDER = 4;
const PREMIUM = 1_000n;
const BOND = 5_000n;
const PRINCIPAL = 100_000n;

/** One user withdraws, and cannot withdraw more than there is or twice; two contracts act on a proof of another's account. */
export async function showPayouts(output: Output, stage: AccountStage): Promise<PayoutFigures> {
  const { chain, users } = stage;
  heading(output, 'Owners prove and are paid');
  await passTime(chain.operator, DEMO_RULES.demandWindow + DEMO_RULES.answerWindow);
  output.say('the time for demanding receipts is over and nothing was demanded: the epoch stands, payouts are proven on it');
  const [first, second] = users as [DemoUser, DemoUser];
  const paid = await withdrawOnce(output, stage, first, await ownedAccount(first));
  const consumers = await actOnGate(output, stage, second, await ownedAccount(second));
  const { gas, ...figures } = paid;
  return { ...figures, gas: { ...consumers, ...gas } };
}

async function withdrawOnce(
  output: Output, { chain, prover, initial }: AccountStage, user: DemoUser, owned: OwnedAccount,
): Promise<Omit<PayoutFigures, 'gas'> & { readonly gas: Pick<PayoutFigures['gas'], 'withdraw'> }> {
  const { operator, deployment } = chain;
  const { row, amount, wallet } = user;
  const vault = vaultOf(deployment);
  const client = new CollateralVaultClient(vault, deployment.venueId, wallet);
  const deadline = (await latestTimestamp(operator.provider)) + HOUR;
  const prove = async (quanta: bigint): Promise<Payout> => ({
    claim: await prover.margin(owned, initial, {
      verdict: 'healthy', withdrawal: { row: row.index, amount: quanta }, unmargined: false, scope: 0n, context: contextOf(vault, payoutAction(wallet.address, deadline)),
    }),
    unmargined: false, row: row.index, amount: quanta, recipient: wallet.address, deadline,
  });
  const approve = ({ claim: { nullifier }, amount: quanta }: Payout): Promise<string> => signPayoutApproval(
    operator, { chainId: deployment.chainId, vault }, { venueId: deployment.venueId, nullifier, row: row.index, amount: quanta, recipient: wallet.address, deadline },
  );
  const started = performance.now();
  const payout = await prove(amount);
  const marginProofSeconds = Math.round((performance.now() - started) / 100) / 10;
  const held = owned.receipt.holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
  output.say(`a proof for more than the account holds: cannot be made (${await untrue(() => prove(held + 1n))})`);
  const bent = { ...payout, amount: amount + 1n };
  await refused(output, 'a quantum more than was proven', () => signedWithdrawal(bent), 'MarginProofRejected');
  const { gasUsed } = await signedWithdrawal(payout);
  output.say(`${formatDecimal(amount, row.quantityDecimals)} ${row.id} paid on the owner's proof (${marginProofSeconds} s) and the venue's signature for ${gasUsed} gas`);
  const again = await prove(1n);
  await refused(output, 'a second payout of the same account', () => signedWithdrawal(again), 'NullifierUsedBefore');
  return { marginProofSeconds, gas: { withdraw: gasUsed }, overWithdrawal: 'refused', bentAmount: 'refused', secondPayout: 'refused' };

  async function signedWithdrawal(one: Payout): ReturnType<CollateralVaultClient['withdraw']> {
    return client.withdraw(one, await approve(one));
  }
}

/** An option is written and a loan is given on one account, which the two contracts know under different numbers. */
async function actOnGate(
  output: Output, { chain, prover, initial }: AccountStage, { wallet }: DemoUser, owned: OwnedAccount,
): Promise<Omit<PayoutFigures['gas'], 'withdraw'>> {
  const { operator, deployment, tokens, folders } = chain;
  const token = tokens[0] as string;
  const lender = anvilWallet(LENDER, operator.provider) as ConnectedSigner;
  const setting = { artifacts: folders.contracts, gate: deployment.gate, registry: deployment.registry, venueId: deployment.venueId, maxTableAge: 24 * HOUR };
  for (const who of [lender, wallet]) await mintTestToken(operator, token, who.address, 2n * PREMIUM + BOND + PRINCIPAL);
  const claimFor = (consumer: string, action: string): Promise<MarginClaim> =>
    prover.margin(owned, initial, { verdict: 'healthy', unmargined: false, scope: scopeOf(consumer), context: contextOf(consumer, action) });
  const now = await latestTimestamp(operator.provider);

  const options = await OtcOptions.deploy(operator, setting);
  const terms: OptionTerms = {
    buyer: lender.address, writer: wallet.address, token, premium: PREMIUM, bond: BOND, oracle: await deployTestFeed(operator, setting.artifacts, 10n ** 12n), maxPriceAge: HOUR,
    kind: 0, strike: 10n ** 12n, quantity: 10n ** 12n, offerUntil: now + HOUR, expiry: now + 24 * HOUR, topUpWindow: HOUR, salt: 1n,
  };
  const others = { ...terms, salt: 2n };
  for (const offered of [terms, others]) await options.offer(lender, offered);
  const writing = await claimFor(options.address, await options.writeAction(terms));
  // Once for everybody who proves under this table: what follows costs less.
  const { gasUsed: recordFrame } = await new SolvencyGateClient(deployment.gate, deployment.venueId, operator).recordFrame(writing.circuitId, writing.epoch, writing.marketCommitment);
  await refused(output, 'the same proof for another option', () => options.write(wallet, others, writing), 'MarginProofRejected');
  const { gasUsed: writeOption } = await options.write(wallet, terms, writing);

  const support = await CreditSupport.deploy(operator, setting, HOUR, HOUR);
  await support.offer(lender, { lender: lender.address, borrower: wallet.address, token, principal: PRINCIPAL, yearlyRate: 50_000, offerUntil: now + HOUR, duration: 24 * HOUR });
  const borrowing = await claimFor(support.address, await support.borrowAction(1n));
  const { gasUsed: borrow } = await support.borrow(wallet, 1n, borrowing);
  output.say(`an option written for ${writeOption} gas and a loan taken for ${borrow} gas on one proven account; its frame was recorded for ${recordFrame} gas`);
  if (writing.nullifier === borrowing.nullifier) throw new ForgeryAcceptedError('two contracts know one account by one number');
  output.say('the two contracts know it by different numbers, and nobody by its owner');
  return { recordFrame, writeOption, borrow };
}

async function refused(output: Output, what: string, send: () => Promise<unknown>, expected: string): Promise<void> {
  const reason = await refusalOf(what, send);
  output.say(`${what}: refused (${reason})`);
  if (reason !== expected) throw new ForgeryAcceptedError(`${what} was refused for another reason: ${reason}`);
}
