import type { Attestation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { finalAccumulatorOf } from './proof-check.js';
import { failed, passed, skipped, type Finding } from './report.js';

/** Accumulators, root, bounds, shortfall, deposits and loans are those that the registry recorded. */
export function checkFigures(attestation: Attestation, record: OnChainRecord | undefined): Finding {
  if (record === undefined) return skipped('there is no record to compare with');
  const { close, words, genesisAccumulator } = attestation;
  const pairs: readonly (readonly [string, bigint | number, bigint | number])[] = [
    ['genesis accumulator', genesisAccumulator, record.genesisAccumulator],
    ['final accumulator', finalAccumulatorOf(attestation), record.finalAccumulator],
    ['root of accounts', close.accountsRoot, record.accountsRoot],
    ['bound on accounts', close.accountsBound, record.accountsBound],
    ['bound on unhealthy accounts', close.unhealthyBound, record.unhealthyBound],
    ['shortfall', close.shortfall, record.shortfall],
    ['number of deposits and loans', words.length, record.words.length],
    ...words.map((word, place) => [wordName(place), word, record.words[place] ?? -1n] as const),
  ];
  const different = pairs.find(([, attested, recorded]) => attested !== recorded);
  if (different === undefined) return passed('accumulators, root, bounds, shortfall, deposits and loans are the same');
  const [name, attested, recorded] = different;
  return failed(`${name}: the attestation says ${attested}, the registry recorded ${recorded}`, 'FIGURE_MISMATCH');
}

function wordName(place: number): string {
  return `${place % 2 === 0 ? 'deposits' : 'loans'} of settlement asset ${Math.floor(place / 2)} in quanta`;
}
