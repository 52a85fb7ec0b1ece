import type { VenueHistory } from '../chain/history/venue-history.js';
import { finding, type AuditFinding } from './audit-finding.js';

/** Books against balances, disputes, demands, gate, and what the node did not give. */
export function checkVenue(history: VenueHistory, from: number, to: number): AuditFinding[] {
  const inRange = (epoch: number | undefined): boolean => epoch === undefined || (epoch >= from && epoch <= to);
  return [
    ...checkLedgers(history), ...checkTrust(history), ...checkStanding(history),
    ...history.gaps.filter(({ epoch }) => inRange(epoch)).map(({ kind, epoch, detail }) => finding(kind, epoch, detail)),
  ];
}

/** What the books of a contract say it holds of each token, and what the token says. Other venues' share is in the balance too. */
function checkLedgers({ reserves, settlementAssets, fundToken }: VenueHistory): AuditFinding[] {
  if (reserves.kind === 'other') return [finding('reserves-unknown', undefined, `${reserves.address} holds the reserves and is neither vault nor escrow`)];
  const held = new Map<string, { books: bigint; balance: bigint | undefined }>();
  const add = (token: string, books: bigint, balance: bigint | undefined): void => {
    const known = held.get(token);
    held.set(token, { books: (known?.books ?? 0n) + books, balance: balance ?? known?.balance });
  };
  for (const { asset, tree, cleared, pending, exits, tokenBalance } of reserves.ledgers) {
    add(settlementAssets[asset]?.token.address ?? '', tree + cleared + pending + exits, tokenBalance);
  }
  add(fundToken.address, reserves.fund.amount ?? 0n, reserves.fund.tokenBalance);
  return [...held].flatMap(([token, { books, balance }]) => {
    if (balance === undefined) return [finding('token-silent', undefined, `${token} does not say how much the ${reserves.kind} has`)];
    return books <= balance ? [] : [finding('ledger-exceeds-balance', undefined, `the ${reserves.kind}'s books have ${books} of ${token}, the token says ${balance}`)];
  });
}

function checkTrust({ circuits, markets, reserves, disputes, epochs }: VenueHistory): AuditFinding[] {
  const used = new Set(epochs.flatMap(({ announcement }) => (announcement === undefined ? [] : [...announcement.circuits.batches, ...announcement.circuits.parts, announcement.circuits.close])));
  const development = circuits.filter(({ circuitId, developmentKey }) => developmentKey && used.has(circuitId)).length;
  return [
    ...(development === 0 ? [] : [finding('development-keys', undefined, `${development} of the circuits in use are verified with development keys`)]),
    ...(markets.kind === 'board' ? [] : [finding('market-stated', undefined, `tables are accepted by ${markets.address}, which is no market board`)]),
    ...(reserves.kind === 'escrow' ? [finding('reserves-withdrawable', undefined, `the escrow is ${reserves.address}`)] : []),
    ...(disputes === undefined ? [finding('no-challenges', undefined, 'none was named when the venue was registered, and none can be named later')] : []),
  ];
}

function checkStanding({ disputes, reserves: { vault }, gate, readAt }: VenueHistory): AuditFinding[] {
  const challenges = (disputes?.challenges ?? []).flatMap(({ challengeId, epoch, status, answerBy }) => {
    if (status === 'lost' || status === 'cured') return [finding('epoch-disputed', epoch, `challenge ${challengeId} was not answered by ${answerBy}${status === 'cured' ? ', and made good later' : ''}`)];
    if (status !== 'open') return [];
    return [answerBy <= readAt.time
      ? finding('challenge-overdue', epoch, `challenge ${challengeId} was to be answered by ${answerBy}, and nobody settled it yet`)
      : finding('challenge-open', epoch, `challenge ${challengeId} waits for an answer until ${answerBy}`)];
  });
  const demands = (vault?.demands ?? []).filter(({ answeredAt }) => answeredAt === undefined).map(({ demandId, epoch, answerBy }) => (answerBy <= readAt.time
    ? finding('demand-unanswered', epoch, `demand ${demandId} was to be answered by ${answerBy}`)
    : finding('demand-open', epoch, `demand ${demandId} waits for an answer until ${answerBy}`)));
  return [
    ...challenges, ...demands,
    ...(vault?.hatch === undefined ? [] : [finding('venue-closed', undefined, `opened at ${vault.hatch.openedAt} on epoch ${vault.hatch.baseEpoch}`)]),
    ...(gate.mode === 'open' ? [] : [finding('gate-restricted', undefined, `the gate is ${gate.mode}: ${gate.reasons.join(', ')}`)]),
  ];
}
