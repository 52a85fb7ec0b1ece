import { ChainUnreachableError } from '../chain/errors.js';
import type { Intent, KeeperAction } from './keeper-action.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { KeeperMetrics, Outcome } from './keeper-metrics.js';
import type { KeeperClock, KeeperSender, PreparedTransaction } from './keeper-ports.js';
import type { SentTransaction } from './keeper-state.js';

/** What acting needs. */
export interface Hands {
  readonly sender: KeeperSender;
  readonly clock: KeeperClock;
  readonly log: KeeperLog;
  readonly metrics: KeeperMetrics;
  /** Rehearses, and sends nothing. */
  readonly dryRun: boolean;
  /** Most wei a unit of gas, but for answers: an account is lost without them. */
  readonly maxGasPrice: bigint;
  gasPrice(): Promise<bigint>;
  /** Kept on disk before the transaction leaves: a keeper that is started again does not send it twice. */
  remember(sent: SentTransaction, prepared: PreparedTransaction): Promise<void>;
}

/**
 * Makes an intent's proofs, has a node rehearse the transaction, and sends it where it passes and is worth its gas. What another keeper did
 * first is refused in the rehearsal: it costs nothing.
 *
 * @throws ChainUnreachableError where nobody answers; whatever else goes wrong is told and counted
 */
export async function perform(intent: Intent, hands: Hands): Promise<Outcome> {
  const { log, metrics } = hands;
  const { role, kind, handle } = intent;
  let outcome: Outcome;
  try {
    outcome = await attempt(intent, hands);
  } catch (thrown) {
    metrics.acted(role, kind, 'failed');
    log.error('action-failed', { role, action: kind, handle, ...faultFields(thrown) });
    if (thrown instanceof ChainUnreachableError) throw thrown;
    return 'failed';
  }
  metrics.acted(role, kind, outcome);
  return outcome;
}

async function attempt(intent: Intent, hands: Hands): Promise<Outcome> {
  const { role, kind, handle } = intent;
  const { log, sender } = hands;
  const fields = { role, action: kind, handle };
  const action = await intent.build();
  if (action === undefined) return 'dear';
  const rehearsal = await sender.rehearse(action);
  if (!rehearsal.passes) {
    log.info('action-refused', { ...fields, refusal: rehearsal.reason });
    return 'refused';
  }
  if (intent.worthGas?.(rehearsal.gas) === false || (kind !== 'answer' && await hands.gasPrice() > hands.maxGasPrice)) {
    log.info('action-too-dear', { ...fields, gas: rehearsal.gas });
    return 'dear';
  }
  if (hands.dryRun) {
    log.info('action-rehearsed', { ...fields, gas: rehearsal.gas });
    return 'rehearsed';
  }
  const hash = await send(intent, action, rehearsal.gas, hands);
  log.info('action-sent', { ...fields, gas: rehearsal.gas, transaction: hash });
  return 'sent';
}

async function send(intent: Intent, action: KeeperAction, gas: bigint, hands: Hands): Promise<string> {
  const { sender, clock } = hands;
  const { key, role, kind, handle } = intent;
  const prepared = await sender.prepare(action, gas);
  await intent.before?.();
  await hands.remember({ key, role, kind, handle, hash: prepared.hash, sentAt: clock.now() }, prepared);
  await prepared.broadcast();
  return prepared.hash;
}
