import type { Database } from '../store/database.js';
import type { ServiceHealth } from './operations.js';

/** How the service looks at what it needs beside the database. Each is called at every look: remember what is dear. */
export interface HealthProbes {
  chain(): Promise<ServiceHealth['chain']>;
  keys(): Promise<ServiceHealth['keys']>;
  /** Whether a key in use is a development key. */
  readonly insecureKeys: boolean;
}

/** How long a look may take, in milliseconds. */
const PATIENCE = 2_000;

/**
 * Never throws. The chain is not needed to be ready: what is to be published waits in the outbox, and receipts and proofs go on.
 */
export async function healthOf(database: Database, probes: HealthProbes): Promise<ServiceHealth> {
  const [reached, chain, keys] = await Promise.all([
    answerOr(database.query('select 1').then(() => 'ok' as const), 'unavailable' as const),
    answerOr(probes.chain(), 'unavailable' as const),
    answerOr(probes.keys(), 'refused' as const),
  ]);
  return { database: reached, chain, keys, ready: reached === 'ok' && keys === 'ok', insecureKeys: probes.insecureKeys };
}

async function answerOr<Good, Bad>(look: Promise<Good>, otherwise: Bad): Promise<Good | Bad> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Bad>((resolve) => { timer = setTimeout(resolve, PATIENCE, otherwise); });
  try {
    return await Promise.race([look, late]);
  } catch {
    // The state is the answer; why is in the log of whoever uses the part.
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
