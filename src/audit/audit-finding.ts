/** `fault`: something is not as it must be. `warning`: right, and a reader should know. `unchecked`: it could not be checked. */
export type Severity = 'fault' | 'warning' | 'unchecked';

interface FindingKind {
  readonly severity: Severity;
  /** What it means, for people who know no circuit. */
  readonly meaning: string;
}

const fault = (meaning: string): FindingKind => ({ severity: 'fault', meaning });
const warning = (meaning: string): FindingKind => ({ severity: 'warning', meaning });
const unchecked = (meaning: string): FindingKind => ({ severity: 'unchecked', meaning });

/** Every finding an audit can have. Codes are stable: programs read them. */
export const FINDINGS = {
  'proof-rejected': fault('A published proof does not hold. What it was to show about the accounts is not shown.'),
  'figures-differ': fault('The published attestation says something else than the registry recorded.'),
  'table-differs': fault('The published market table is not the one the proofs are about: accounts were valued under another.'),
  'table-out-of-bounds': fault('Values of the market table are out of their bounds, or do not follow from the prices and parameters in it.'),
  'settlement-differs': fault('Deposits and loans do not fit the assets of the market table.'),
  'circuits-differ': fault('The attestation names other circuits than the registry accepted, or circuits that do not fit its table.'),
  'place-differs': fault('The attestation is made out for another chain, registry, venue or epoch than it was found for.'),
  'key-replaced': fault('The attestation comes with another verification key than the registry verifies with: under a key of one\'s own anything can be proven.'),
  'key-untrusted': fault('The registry verifies with a key that is not the one you trust.'),
  'circuit-of-wrong-kind': fault('An epoch was accepted from a circuit that the registry lists as something else.'),
  'covered-flag-wrong': fault('The registry says covered, or not covered, and deposits, loans, limits, reserves and fund of that moment give the opposite.'),
  'window-broken': fault('An epoch was accepted later after its snapshot than the venue\'s rules allow: the proof speaks of an older moment.'),
  'epoch-order-broken': fault('Epochs do not follow one another: a snapshot was taken before the epoch before it was accepted.'),
  'snapshot-differs': fault('The epoch names another moment than its checkpoint of reserves was taken at.'),
  'table-not-accepted': fault('The venue\'s market source does not know the market table that the epoch was accepted over.'),
  'table-outside-tolerance': fault('The market table\'s prices are of a time too far from the snapshot.'),
  'table-accepted-later': fault('The market table was accepted only after the epoch that uses it.'),
  'price-differs': fault('A price in the market table is not the one the price board recorded in the round the table was made from.'),
  'parameters-differ': fault('The market table was made with other parameters than those active on the market board.'),
  'instrument-differs': fault('A row of the market table is another instrument than the market board lists there.'),
  'volatilities-differ': fault('Volatilities in the market table are not those the market board accepted it with.'),
  'timelock-broken': fault('A change took effect before its announced time, or after its announcement had expired.'),
  'timelock-short': fault('A change was announced for a shorter time than the venue\'s rules demand.'),
  'change-without-proposal': fault('A change took effect that was never announced.'),
  'ledger-exceeds-balance': fault('The contract\'s books say it holds more of a token than the token says it has.'),
  'stress-rejected': fault('A published stress attestation does not hold.'),

  'epoch-not-covered': warning('The proofs hold and show that the venue was short: reserves did not cover deposits, or the fund the losses.'),
  'unhealthy-accounts': warning('Accounts below their margin requirement are possible: the proven bound is not zero.'),
  'development-keys': warning('Proofs are verified with keys of the development set-up. Anybody can forge proofs under them: nothing is proven in earnest.'),
  'circuit-retired': warning('An epoch rests on a circuit that the registry\'s owner retired since. The registry does not say why: a new one may have taken its place, or its key may be broken, and then anybody could have proven the epoch.'),
  'circuit-proposed': warning('The registry\'s owner announced a circuit with a key of its own. Once it is in force, epochs proven with it are accepted: whoever does not trust the key can leave before.'),
  'market-stated': warning('Market tables are accepted on the venue\'s own word: prices and parameters were compared with nothing.'),
  'volatilities-unsigned': warning('Volatilities of options are the venue\'s own choice within a bound.'),
  'options-chosen': warning('Values of options are the venue\'s own choice within bounds that need no model.'),
  'reserves-withdrawable': warning('Reserves are in an escrow from which the venue can withdraw at any time: a checkpoint speaks of its moment only.'),
  'no-challenges': warning('The venue has no contract for omission challenges: a user whom it leaves out cannot make it answer on chain.'),
  'snapshot-replaced': warning('The venue took a checkpoint again before it published: it could choose among moments.'),
  'long-silence': warning('So much time passed between epochs that the gate was closed meanwhile.'),
  'epoch-disputed': warning('A user showed a signed receipt and the venue did not prove in time that the account was in the epoch.'),
  'challenge-open': warning('A user challenges an epoch with a signed receipt, and the venue still has time to answer.'),
  'challenge-overdue': warning('A user challenged an epoch with a signed receipt and the venue let the time to answer pass. The epoch is disputed as soon as anybody settles the challenge.'),
  'demand-open': warning('A user demands a receipt on chain, and the venue still has time to answer.'),
  'demand-unanswered': warning('A user demanded a receipt on chain and got none in time: the epoch never stands.'),
  'venue-closed': warning('The venue is being wound up: the escape hatch is open.'),
  'gate-restricted': warning('The gate does not let everything through at the block of this audit.'),
  'change-expired': warning('A change was announced and never took effect.'),

  'bundle-missing': unchecked('No attestation of the epoch is at hand. Proofs were taken from the transaction where that was possible; the market table is in no transaction.'),
  'bundle-unreadable': unchecked('A file that calls itself an attestation cannot be read.'),
  'bundle-unreachable': unchecked('A source of attestations did not answer.'),
  'proofs-unchecked': unchecked('The epoch\'s proofs were not verified by this audit; the registry did so when it accepted them.'),
  'keys-missing': unchecked('A verification key is at hand nowhere, so proofs under it could not be verified.'),
  'stress-unchecked': unchecked('A stress attestation could not be held against the epoch or its scenarios.'),
  'table-without-terms': unchecked('The market table does not say what its values follow from, so they could not be computed again.'),
  'parameters-unknown': unchecked('The parameter set that the table was accepted with was announced before the first block read.'),
  'epoch-log-missing': unchecked('The node does not have the event of an accepted epoch. Ask another node; it may withhold it.'),
  'snapshot-log-missing': unchecked('The node does not have the event of a checkpoint of reserves. Ask another node.'),
  'market-log-missing': unchecked('The node does not have the event that accepted a market table. Ask another node.'),
  'round-log-missing': unchecked('The node does not have the events of all price rounds. Ask another node.'),
  'limits-unavailable': unchecked('The node keeps no state of the block of acceptance. Name a node with the state of old blocks.'),
  'before-first-block': unchecked('It happened before the first block that was read.'),
  'change-content-missing': unchecked('What was announced stands in no event: only its hash is known.'),
  'gate-mode-differs': unchecked('The node\'s answer about the gate is of another time than the rest.'),
  'reserves-unknown': unchecked('The contract that holds the reserves is of a kind this program does not know.'),
  'token-silent': unchecked('A token does not say how much of it the contract has.'),
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof FINDINGS;

export interface AuditFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Of the epoch, where it is one's. */
  readonly epoch: number | undefined;
  /** What was found, in a sentence with the numbers. */
  readonly detail: string;
}

/** @param epoch undefined for what is of the venue as a whole */
export function finding(code: FindingCode, epoch: number | undefined, detail: string): AuditFinding {
  return Object.freeze({ code, severity: FINDINGS[code].severity, epoch, detail });
}
