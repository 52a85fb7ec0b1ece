import type { AcceptedEpoch, EpochEntry, StressEntry } from './board.js';
import type { CheckedDocument } from './documents.js';
import { countOf, ratioOf, type Backed, type Unit } from './figure.js';
import { figure } from './sources.js';

/** Results of stress attestations: proven where the file was verified here, else what the file states. */
export function stressEntries(documents: readonly CheckedDocument[], epochs: readonly EpochEntry[], unit: Unit): StressEntry[] {
  return documents.flatMap((document): StressEntry[] => {
    if (document.kind !== 'stress attestation' || document.stress === undefined) return [];
    const { stress, statement } = document.stress;
    const epoch = epochs.find((one): one is AcceptedEpoch => one.state === 'accepted' && one.epoch === statement.epoch);
    const verified = document.verdict === 'verified';
    const signal = (name: string): Backed => ({ standing: verified ? 'proven' : 'stated', source: [{ from: `stress-attestation.${name}`, epoch: statement.epoch }] });
    const shortfall = figure(statement.close.shortfall, unit, signal('shortfall'));
    const fundValue = epoch?.losses.held?.fundValue;
    return [{
      file: document.file, verdict: document.verdict, reason: verified ? '' : document.words, epoch: statement.epoch,
      set: `${stress.set} ${stress.setVersion}`, scenario: stress.scenario,
      unhealthyBound: figure(statement.close.unhealthyBound, countOf('accounts at most'), signal('unhealthyBound')),
      shortfall, fundValue, ratio: fundValue === undefined ? undefined : ratioOf(fundValue, shortfall),
    }];
  });
}
