import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { canonicalText, type JsonObjectValue, type JsonValue } from '../../../src/attestation/canonical-json.js';
import { boardToJson, serializeBoard } from '../../../src/audit/board/board-json.js';
import { boardOf } from '../../../src/audit/board/board-of.js';
import type { CheckedDocument } from '../../../src/audit/board/documents.js';
import type { VenueHistory } from '../../../src/chain/history/venue-history.js';
import { ADDRESS, at, DISPUTES, emptyHistory, historyOf, RULES, START, VAULT } from './history.js';

const DOCUMENTS: readonly CheckedDocument[] = [{ kind: 'unknown', file: 'odd.json', epoch: undefined, verdict: 'not-verified', words: 'not JSON' }];

/** Something of everything. */
function fullHistory(): VenueHistory {
  return historyOf([{ epoch: 1, block: 10 }, { epoch: 2, block: 80, replaced: [75] }, { epoch: 4, block: 590, words: [0n, 0n], record: { covered: false, shortfall: 0n } }], {
    changes: [{
      contract: 'vault', kind: 'vault-rules', digest: `0x${'7'.repeat(64)}`, readyAt: at(500).time, content: { what: 'vault-rules', rules: { ...RULES, demandBond: 8n } }, proposed: at(20), outcome: 'activated', ended: at(510),
    }],
    roleChanges: [{ role: 'operator', from: ADDRESS('2'), to: ADDRESS('c'), at: at(60) }],
    disputes: {
      ...DISPUTES, signers: [{ signer: ADDRESS('d'), named: at(3), retiredAt: undefined }],
      challenges: [{ challengeId: 5n, epoch: 2, status: 'cured', challenger: ADDRESS('c'), issuedAt: START, validUntil: START, answerBy: START, opened: at(90), how: 'inclusion', ended: at(95) }],
    },
    reserves: { ...emptyHistory().reserves, vault: { ...VAULT, newestStanding: 1, demands: [{ demandId: 4n, epoch: 1, demandedAt: START, answeredAt: START + 5, answerBy: START + 9, bond: 5n, at: at(14) }] } },
    gaps: [{ kind: 'limits-unavailable', epoch: 1, detail: 'no state' }],
  });
}

function objectsIn(value: JsonValue): JsonObjectValue[] {
  if (typeof value !== 'object') return [];
  const members: readonly JsonValue[] = Array.isArray(value) ? value as readonly JsonValue[] : Object.values(value as JsonObjectValue);
  return [...(Array.isArray(value) ? [] : [value as JsonObjectValue]), ...members.flatMap(objectsIn)];
}

describe('a board as JSON', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync('src/audit/schema/board.schema.json', 'utf8')) as object);

  it('is as its schema says, of a venue with everything and of one with nothing', () => {
    for (const history of [fullHistory(), emptyHistory(), historyOf([{ epoch: 1, block: 10 }], { disputes: undefined, reserves: { ...emptyHistory().reserves, vault: undefined } })]) {
      assert.ok(validate(boardToJson(boardOf(history, DOCUMENTS))), JSON.stringify(validate.errors?.slice(0, 3)));
    }
    const board = boardToJson(boardOf(fullHistory()));
    assert.equal(validate({ ...board, more: '' }), false);
    assert.equal(validate({ ...board, version: 2 }), false);
  });

  it('is canonical text that the same history gives again', () => {
    const text = serializeBoard(boardOf(fullHistory(), DOCUMENTS));
    assert.equal(serializeBoard(boardOf(fullHistory(), DOCUMENTS)), text);
    assert.equal(canonicalText(JSON.parse(text) as JsonValue), text);
  });

  it('has standing and source with every figure, fact, ratio and diff, from a contract it names or from a file [P-170]', () => {
    const board = boardOf(fullHistory(), DOCUMENTS);
    const names = [...board.venue.contracts.map(({ name }) => name), 'attestation', 'stress-attestation'];
    const backed = objectsIn(boardToJson(board)).filter((one) => 'scale' in one || 'percent' in one || ('text' in one && !('kind' in one)) || 'direction' in one);
    assert.ok(backed.length > 150, `${backed.length} figures`);
    for (const one of backed) {
      assert.ok(['proven', 'chain', 'stated'].includes(one['standing'] as string), JSON.stringify(one));
      const sources = one['source'] as readonly { readonly from: string }[];
      assert.ok(sources.length > 0, JSON.stringify(one));
      for (const { from } of sources) assert.ok(names.includes(from.split('.')[0] ?? ''), `${from} is from none of ${names.join(', ')}`);
    }
    // No number stands outside of one: what else is digits is a place, an id, an epoch or an exact fraction.
    const bare = objectsIn(boardToJson(board)).flatMap((one) => Object.entries(one).filter(([, value]) => typeof value === 'string' && /^-?[0-9]+$/.test(value)).map(([name]) => name));
    assert.deepEqual([...new Set(bare)].sort(), ['asset', 'block', 'chainId', 'circuitId', 'denominator', 'epoch', 'from', 'fromBlock', 'id', 'index', 'numerator', 'scale', 'time', 'to', 'value', 'venueId']);
  });

  it('has integers as strings, ratios in lowest terms with their percentage rounded down, and leaves out what is not known', () => {
    const text = serializeBoard(boardOf(historyOf([{ epoch: 1, block: 10, reserves: [9_499_999_999n, 0n], words: [1_000_000n, 50_000n, 0n, 0n] }])));
    assert.match(text, /"denominator":"9500000000","numerator":"9499999999","percent":"99\.99 %"/);
    assert.doesNotMatch(text, /null|undefined/);
    assert.doesNotMatch(text.replace('"version":1', ''), /:-?[0-9]/);
  });
});
