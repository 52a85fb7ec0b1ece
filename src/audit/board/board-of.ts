import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { Board, BoardVenue } from './board.js';
import { changesOf } from './changes.js';
import { circuitsOf, proposedCircuitsOf } from './circuits.js';
import { challengesOf, demandsOf } from './disputes.js';
import type { CheckedDocument } from './documents.js';
import { epochEntries, gapsOf } from './epochs.js';
import { gateNow } from './gate-now.js';
import { rulesOf } from './rules.js';
import { contractsOf } from './sources.js';
import { stressEntries } from './stress.js';
import { boardAssets, valueUnit } from './units.js';
import { warningsOf } from './warnings.js';

/** The board of a venue as its history has it, with what was found about the files a reader gave. Pure. */
export function boardOf(history: VenueHistory, documents: readonly CheckedDocument[] = []): Board {
  const unit = valueUnit(history, documents);
  const epochs = epochEntries(history, documents, unit);
  return Object.freeze({
    venue: venueOf(history), gate: gateNow(history), assets: boardAssets(history), epochs, gaps: gapsOf(history, epochs), changes: changesOf(history),
    rules: rulesOf(history), stress: stressEntries(documents, epochs, unit), challenges: challengesOf(history), demands: demandsOf(history),
    circuits: circuitsOf(history, documents), proposedCircuits: proposedCircuitsOf(history, documents),
    documents: documents.map(({ file, kind, epoch, verdict, words }) => ({ file, kind, epoch, verdict, words })),
    warnings: warningsOf(history, documents),
  });
}

function venueOf(history: VenueHistory): BoardVenue {
  const { chainId, registry, venueId, readAt, fromBlock, config } = history;
  const { admin, operator, parameterAdmin } = config;
  return {
    chainId, registry, venueId, block: readAt.number, time: readAt.time, fromBlock, contracts: contractsOf(history),
    roles: [{ name: 'admin', address: admin }, { name: 'operator', address: operator }, { name: 'parameter admin', address: parameterAdmin }],
  };
}
