import { REGISTRY_HISTORY } from './history-events.js';
import { NodeContradictionError } from './history-errors.js';
import type { HistoryEvent } from './log-reader.js';
import type { HistoryPlace } from './history-place.js';
import type { HistoryCircuit, ProposedCircuit, VenueHistory } from './venue-history.js';

/** Names of CircuitKind in the order of its codes. */
const CIRCUIT_KINDS = [
  'none', 'batch', 'close', 'close-part', 'close-end', 'market-table', 'account-margin', 'account-exit', 'account-signer', 'row-mark', 'account-inclusion',
] as const;

const ROTATION_TOPICS = ['CircuitAdded', 'CircuitProposed'].map((name) => REGISTRY_HISTORY.getEvent(name)?.topicHash ?? '');

/** Which circuits the registry knows, since when and until when, and which it may know soon. @throws NodeContradictionError */
export async function readCircuits({ state, registry, logs, fromBlock }: HistoryPlace): Promise<Pick<VenueHistory, 'circuits' | 'proposedCircuits'>> {
  const events = await logs.read(registry, REGISTRY_HISTORY, [ROTATION_TOPICS]);
  const added = new Map(events.filter(({ name }) => name === 'CircuitAdded').map((event) => [idOf(event), event.at]));
  const ids = await state.value(registry, REGISTRY_HISTORY, 'circuitIds', []) as readonly bigint[];
  const circuits = await Promise.all([...ids].map(async (circuitId): Promise<HistoryCircuit> => {
    const answer = await state.value(registry, REGISTRY_HISTORY, 'circuit', [circuitId]);
    const [verifier, code, developmentKey, retiredAt, , verificationKeyHash] = answer as [string, bigint, boolean, bigint, bigint, string];
    const at = added.get(circuitId);
    if (at === undefined && fromBlock === 0) {
      throw new NodeContradictionError(`the registry knows circuit ${circuitId}, the node no event of its addition: it lost its logs, ask another node`, { event: 'CircuitAdded', circuitId });
    }
    return { circuitId, kind: kindOf(code), verifier, developmentKey, verificationKeyHash, addedAt: at, retiredAt: retiredAt === 0n ? undefined : Number(retiredAt) };
  }));
  return { circuits, proposedCircuits: await readProposals({ state, registry }, events) };
}

/** Of every circuit that was ever proposed, what of it still waits. */
async function readProposals({ state, registry }: Pick<HistoryPlace, 'state' | 'registry'>, events: readonly HistoryEvent[]): Promise<ProposedCircuit[]> {
  const ids = new Set(events.filter(({ name }) => name === 'CircuitProposed').map(idOf));
  const answers = await Promise.all([...ids].map(async (circuitId) => {
    const answer = await state.value(registry, REGISTRY_HISTORY, 'proposalOf', [circuitId]);
    const [verifier, code, developmentKey, readyAt, verificationKeyHash, codeHash, replaces] = answer as [string, bigint, boolean, bigint, string, string, bigint];
    return readyAt === 0n ? [] : [{
      circuitId, kind: kindOf(code), verifier, developmentKey, verificationKeyHash, codeHash, readyAt: Number(readyAt), replaces: replaces === 0n ? undefined : replaces,
    }];
  }));
  return answers.flat();
}

function idOf({ args }: HistoryEvent): bigint {
  return args.getValue('circuitId') as bigint;
}

function kindOf(code: bigint): string {
  return CIRCUIT_KINDS[Number(code)] ?? `unknown-${code}`;
}
