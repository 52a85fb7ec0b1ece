import type { VenueHistory } from '../../chain/history/venue-history.js';
import { forgeableEpochs, waitingCircuits } from './circuits.js';
import type { CheckedDocument } from './documents.js';

/** What a reader must know before any figure, in words, gravest first. */
export function warningsOf(history: VenueHistory, documents: readonly CheckedDocument[]): string[] {
  const { markets, reserves, disputes, gaps, epochs } = history;
  const forgeable = forgeableEpochs(history);
  const waiting = waitingCircuits(history);
  const refused = documents.filter(({ verdict }) => verdict === 'not-verified');
  return [
    ...(forgeable.length === 0 ? [] : [
      `INSECURE: ${forgeable.length === epochs.length ? 'every epoch was' : `epochs ${forgeable.join(', ')} were`} proven under development keys. Whoever made such a key can prove anything; its proofs show that the machinery works, and nothing about solvency.`,
    ]),
    ...(waiting.length === 0 ? [] : [
      `The registry's owner proposed ${waiting.length === 1 ? 'a circuit' : `${waiting.length} circuits`}: from block time ${Math.min(...waiting.map(({ readyAt }) => readyAt))} on anybody can put it in force, and with a false verifier a venue could prove anything. Compare code and key with the manifest of its ceremony, or leave before.`,
    ]),
    ...(markets.kind === 'board' ? [] : [
      markets.kind === 'stated' ? 'Market tables are stated by the venue\'s parameter admin; no contract looked at a price. Every margin figure rests on that.'
        : 'Market tables come from a contract this version does not know: what it checks, if anything, is not on this board.',
    ]),
    ...(reserves.kind === 'vault' ? [] : [
      reserves.kind === 'escrow' ? 'Reserves lie in an escrow the venue\'s admin can empty at any time: a checkpoint says what was there when a snapshot was opened, and no more.'
        : 'Reserves are counted by a contract this version does not know.',
    ]),
    ...(disputes === undefined ? ['The venue named no contract for omission challenges: nobody can make it answer on chain for an account it left out.'] : []),
    ...refused.map(({ file, words }) => `The file ${file} is NOT verified: ${words}. Nothing on this board rests on it.`),
    ...(gaps.length === 0 ? [] : [`The node did not give all of the venue's history: ${gaps.length === 1 ? 'one part is' : `${gaps.length} parts are`} missing, listed under gaps. Another node may have them.`]),
  ];
}
