import { type ChainHead, type SendAnswer } from '../../chain/chain-node.js';
import { ChainRequestError } from '../../chain/errors.js';
import { REGISTRY_INTERFACE } from '../../chain/registry-abi.js';
import type { RegistryCall } from '../../chain/registry-calls.js';
import { signTransaction, type TransactionDraft } from '../../chain/signed-transaction.js';
import { FeeCapError, firstFees, replacementFees, type TransactionFees } from '../../chain/transaction-fees.js';
import { attemptsAt, nonceAfterAttempts, type OutboxAttempt } from '../../store/outbox-attempts.js';
import type { LeasedEntry } from '../../store/outbox-lease.js';
import type { Publisher } from './publisher.js';

/** What the next attempt depends on. */
export interface AttemptGround {
  readonly call: RegistryCall;
  readonly head: ChainHead;
  /** Next nonce of the signer at the head. */
  readonly nonce: number;
  /** Those of the entry, oldest first, without fillers. */
  readonly attempts: readonly OutboxAttempt[];
}

/** Foreign transactions that may wait before ours; each may have to be filled in for. */
const MOST_WAITING = 16;
/** Replacements in one visit, when a node wants more and more. */
const MOST_BUMPS = 8;
const TRANSFER_GAS = 21_000n;
const NO_BYTES = new Uint8Array();

/** First attempt of an entry, or first after its nonce was lost for good. */
export async function signWithNewNonce(publisher: Publisher, leased: LeasedEntry, ground: AttemptGround): Promise<void> {
  const gasLimit = await gasLimitOf(publisher, leased, ground);
  const nonce = await freeNonce(publisher, ground);
  const fees = await highestOf(publisher, nonce, await freshFees(publisher, ground.head));
  await publisher.reached('priced');
  const attempt = await storeSigned(publisher, leased, { nonce, gasLimit, fees });
  await sendOrRaise(publisher, leased, ground, attempt);
}

/** An attempt is signed and in no block: send it, send it again, fill the gap before it, or raise it. */
export async function pushAttempt(publisher: Publisher, leased: LeasedEntry, ground: AttemptGround, nonce: number): Promise<void> {
  const { node, signer, settings } = publisher;
  const newest = ground.attempts.filter((attempt) => attempt.nonce === nonce).at(-1);
  if (newest === undefined) throw new ChainRequestError(`the outbox has no attempt with nonce ${nonce}: its rows were changed by hand`, { nonce });
  if (!newest.sent || newest.ageMs < settings.replaceAfterMs) {
    // Also when it was never noted as sent: the process may have died in between.
    if (!newest.sent || !(await node.knows(newest.hash))) return sendOrRaise(publisher, leased, ground, newest);
    return rest(publisher, leased);
  }
  const waiting = Math.max(await node.pendingNonce(signer.address), ground.nonce);
  if (waiting < nonce) {
    await fillGap(publisher, leased, ground, waiting);
    return sendOrRaise(publisher, leased, ground, newest);
  }
  return raise(publisher, leased, ground, newest, 0);
}

/** Sends stored bytes. Whatever happened to them before, they are one transaction. */
async function sendOrRaise(publisher: Publisher, leased: LeasedEntry, ground: AttemptGround, attempt: OutboxAttempt, bumps = 0): Promise<void> {
  const answer = await send(publisher, leased, attempt);
  if (answer === 'underpriced' && bumps < MOST_BUMPS) return raise(publisher, leased, ground, attempt, bumps);
  // Where the nonce is used, the next visit finds out by what.
  return rest(publisher, leased);
}

/** A replacement of the same nonce, so that one of them at most is ever mined. */
async function raise(publisher: Publisher, leased: LeasedEntry, ground: AttemptGround, before: OutboxAttempt, bumps: number): Promise<void> {
  const { settings: { feeCaps } } = publisher;
  const gasLimit = await gasLimitOf(publisher, leased, ground);
  const fees = replacementFees(before, await freshFees(publisher, ground.head), feeCaps);
  if (fees === undefined) {
    // The last attempt pays the most that is allowed: it may have been dropped, and may be mined later.
    await send(publisher, leased, before);
    throw new FeeCapError(
      `the last attempt pays up to ${before.maxFee} wei a unit of gas and is in no block; another would exceed the cap of ${feeCaps.maxFee} wei: wait or raise the cap`,
      { baseFee: ground.head.baseFee, cap: feeCaps.maxFee },
    );
  }
  await publisher.reached('priced');
  const attempt = await storeSigned(publisher, leased, { nonce: before.nonce, gasLimit, fees });
  return sendOrRaise(publisher, leased, ground, attempt, bumps + 1);
}

/** A nonce before ours is missing, after a reorg or because a node dropped another transaction: ours would wait for ever. */
async function fillGap(publisher: Publisher, leased: LeasedEntry, { head }: AttemptGround, nonce: number): Promise<void> {
  const known = (await attemptsAt(publisher.database, publisher.signer.address, nonce)).at(-1);
  // One of our own that fell out of the chain: what was signed once is sent again, never replaced by something else.
  if (known !== undefined && (!known.filler || known.ageMs < publisher.settings.replaceAfterMs)) {
    await send(publisher, leased, known);
    return;
  }
  const fresh = await freshFees(publisher, head);
  const fees = known === undefined ? fresh : replacementFees(known, fresh, publisher.settings.feeCaps) ?? known;
  const filler = await storeSigned(publisher, leased, { nonce, gasLimit: TRANSFER_GAS, fees }, true);
  await send(publisher, leased, filler);
}

async function send(publisher: Publisher, leased: LeasedEntry, attempt: OutboxAttempt): Promise<SendAnswer> {
  const answer = await publisher.node.send(attempt.raw);
  await publisher.reached('sent');
  if (!attempt.sent && answer === 'sent') {
    await leased.noteSent(attempt.hash);
    await publisher.reached('noted');
  }
  return answer;
}

async function storeSigned(
  publisher: Publisher, leased: LeasedEntry, { nonce, gasLimit, fees }: Pick<TransactionDraft, 'nonce' | 'gasLimit' | 'fees'>, filler = false,
): Promise<OutboxAttempt> {
  const { node, signer, registry } = publisher;
  const to = filler ? signer.address : registry;
  const data = filler ? NO_BYTES : leased.entry.calldata;
  // Asked again right before: the end point may have changed since the pass began.
  await node.requireChain();
  const { raw, hash, sender } = await signTransaction(signer, { chainId: node.chainId, nonce, to, data, gasLimit, fees });
  await publisher.reached('signed');
  const attempt = await leased.storeAttempt({ sender, nonce, raw, hash, maxFee: fees.maxFee, priorityFee: fees.priorityFee, gasLimit, filler });
  await publisher.reached('stored');
  return attempt;
}

/** @throws MarketNotAcceptedError; ContractRevertedError when the registry would refuse it now */
async function gasLimitOf({ node, standing, signer, registry }: Publisher, { entry }: LeasedEntry, { call, head }: AttemptGround): Promise<bigint> {
  if (call.kind === 'submit-epoch') await standing.requireMarket(call.claim.marketCommitment);
  const action = call.kind === 'submit-epoch' ? `submitting epoch ${entry.epoch}` : `opening the snapshot of epoch ${entry.epoch}`;
  return node.gasLimit({ from: signer.address, to: registry, data: entry.calldata }, head, action, REGISTRY_INTERFACE);
}

/** After what is mined, what waits in the node, and what entries under way rely on. */
async function freeNonce({ node, signer, database }: Publisher, { nonce: mined }: AttemptGround): Promise<number> {
  const waiting = await node.pendingNonce(signer.address);
  if (waiting > mined + MOST_WAITING) {
    throw new ChainRequestError(
      `${waiting - mined} transactions of ${signer.address} wait in the node: the key of a publisher is for it alone; let them be mined or dropped`, { waiting, mined },
    );
  }
  return Math.max(mined, waiting, await nonceAfterAttempts(database, signer.address));
}

async function freshFees({ node, settings: { feeCaps } }: Publisher, { baseFee }: ChainHead): Promise<TransactionFees> {
  return firstFees(baseFee, await node.suggestedPriorityFee(), feeCaps);
}

/** More than anything that was ever signed for the nonce, lest a node take it for underpriced. */
async function highestOf({ database, signer, settings }: Publisher, nonce: number, fresh: TransactionFees): Promise<TransactionFees> {
  const before = (await attemptsAt(database, signer.address, nonce)).at(-1);
  return before === undefined ? fresh : replacementFees(before, fresh, settings.feeCaps) ?? fresh;
}

async function rest(publisher: Publisher, leased: LeasedEntry): Promise<void> {
  await leased.clearError();
  await leased.postpone(publisher.settings.pollMs);
  await publisher.reached('postponed');
}
