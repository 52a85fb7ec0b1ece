import { hiddenFields, openingOf } from '../../attestation/balance-opening.js';
import type { SignedBalance } from '../../attestation/balance-receipt.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { DisputesToDeploy } from '../../chain/deploy.js';
import { disputesClient } from '../../chain/omission-client.js';
import { signBalanceReceipt } from '../../chain/omission-signatures.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import { accountOfReceipt, proveInclusion } from '../../proving/prove-inclusion.js';
import { randomFieldElement } from '../../proving/random.js';
import type { Output } from '../output.js';
import { openProver } from '../prover.js';
import type { DemoChain } from './demo-chain.js';
import { heading, untrue } from './demo-steps.js';
import { DEMO_RULES, ownedAccount, type DemoUser } from './demo-users.js';
import { ForgeryAcceptedError } from './forgery.js';

/** As long as an epoch of the vault waits before it stands. */
export const DEMO_DISPUTES: DisputesToDeploy = { challengeWindow: DEMO_RULES.demandWindow, answerWindow: DEMO_RULES.answerWindow, bond: 10n ** 16n };

/** Figures of a challenge that the venue answered. */
export interface ChallengeFigures {
  readonly inclusionProofSeconds: number;
  readonly moreThanHeld: 'cannot be answered';
  readonly gas: { readonly challenge: bigint; readonly answer: bigint };
}

const VALID_SECONDS = 24 * 3_600;

/** What the venue promises a user before it takes the snapshot: that the holding will be there. */
export async function signPromise({ deployment, operator }: DemoChain, { account, wallet, row }: DemoUser): Promise<SignedBalance> {
  const { chainId, registry, venueId } = deployment;
  const venue = { chainId, registry, venueId };
  const { disputes } = await disputesClient(operator, venue);
  const amount = account.holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
  const { owner } = account;
  if (owner === undefined) throw new ForgeryAcceptedError('the demo\'s user has no owner');
  const promised = { instrument: row.id, quantityDecimals: row.quantityDecimals, firstRow: row.index, lastRow: row.index, amount };
  const opening = { owner, userId: account.userId, subAccount: account.subAccount, promised, blinding: randomFieldElement() };
  const issuedAt = await latestTimestamp(operator.provider);
  const receipt = {
    venueId, ...hiddenFields(portablePoseidon, venue, opening), signer: wallet.address, sequence: 0n, issuedAt, validUntil: issuedAt + VALID_SECONDS,
  };
  const signature = await signBalanceReceipt(operator, { chainId, disputes }, receipt);
  return { venue, disputes, receipt, receiptSigner: operator.address, signature, opening };
}

/** A user challenges the epoch without reason; the venue shows the account to the chain, which learns neither whose it is nor what it holds. */
export async function showChallenge(
  output: Output, chain: DemoChain, user: DemoUser, promise: SignedBalance, circuits: readonly CircuitDefinition[],
): Promise<ChallengeFigures> {
  heading(output, 'A user makes the venue answer');
  const { operator, deployment } = chain;
  const [asUser, asVenue] = [await disputesClient(user.wallet, deployment), await disputesClient(operator, deployment)];
  const opened = await asUser.challenge(1, promise.receipt, promise, DEMO_DISPUTES.bond);
  const included = accountOfReceipt(portablePoseidon, (await ownedAccount(user)).receipt);
  const { promised } = promise.opening;
  if (promised === undefined) throw new ForgeryAcceptedError('the demo promised nothing');
  const prover = await openProver(output, chain.folders.keys);
  try {
    const prove = (amount: bigint): ReturnType<typeof proveInclusion> => proveInclusion(
      prover, portablePoseidon, circuits, included, openingOf(portablePoseidon, { ...promise.opening, promised: { ...promised, amount } }),
    );
    const refusal = await untrue(() => prove(promised.amount + 1n));
    if (refusal !== 'BALANCE_SHORT') throw new ForgeryAcceptedError(`a promise that was not kept could not be answered for another reason: ${refusal}`);
    output.say(`had a quantum more been promised than the epoch has, no answer could be proven (${refusal})`);
    const started = performance.now();
    const { circuit, proof } = await prove(promised.amount);
    const inclusionProofSeconds = Math.round((performance.now() - started) / 100) / 10;
    const answered = await asVenue.answerWithInclusion(opened.id, { circuitId: circuitIdOf(circuit), proof });
    const status = (await asVenue.challengeAt(opened.id))?.status;
    if (status !== 'answered' || (await chain.client.gateMode()) !== 'OPEN') throw new ForgeryAcceptedError(`an answered challenge is ${status}`);
    output.say(`a balance receipt over ${formatDecimal(promised.amount, promised.quantityDecimals)} ${promised.instrument}: challenged for ${opened.receipt.gasUsed} gas, `
      + `answered by a proof (${inclusionProofSeconds} s) for ${answered.gasUsed} gas; the bond is the venue's, and the chain saw no account and no amount`);
    return { inclusionProofSeconds, moreThanHeld: 'cannot be answered', gas: { challenge: opened.receipt.gasUsed, answer: answered.gasUsed } };
  } finally {
    await prover.close();
  }
}
