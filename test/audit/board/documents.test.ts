import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { attestationSha256, serializeAttestation } from '../../../src/attestation/attestation-format.js';
import type { OnChainRecord } from '../../../src/attestation/on-chain-record.js';
import { serializeStressAttestation } from '../../../src/attestation/stress-attestation-format.js';
import type { StressAttestation } from '../../../src/attestation/stress-attestation.js';
import type { AcceptedEpoch } from '../../../src/audit/board/board.js';
import { boardOf } from '../../../src/audit/board/board-of.js';
import { checkDocuments, type CheckingContext } from '../../../src/audit/board/check-documents.js';
import type { BoardDocument, CheckedDocument } from '../../../src/audit/board/documents.js';
import { recordOf } from '../../../src/audit/epoch-record.js';
import type { VenueHistory } from '../../../src/chain/history/venue-history.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { parseStressSet } from '../../../src/risk/stress/stress-set.js';
import { stressedTable } from '../../../src/risk/stress/stressed-table.js';
import { userEpoch } from '../../builders/attestation.js';
import { provenEpoch, proveUsers } from '../../builders/proven-epoch.js';
import { ADDRESS, emptyHistory, historyOf } from './history.js';

const SET_FILE = 'src/risk/stress/sets/uniform-moves.json';

/** A history in which the registry recorded exactly this. */
function recorded(record: OnChainRecord): VenueHistory {
  const history = historyOf([{ epoch: record.epoch, block: 10, words: record.words, limits: record.words.map(() => ({ maxDeposits: 2n ** 127n, maxLoans: 2n ** 127n })), fund: 10n ** 9n }]);
  const circuits = [...new Map([...record.batchCircuits, record.closeCircuit].map((one) => [one.circuitId, one])).values()];
  return {
    ...history, chainId: record.chainId, registry: record.registry, venueId: record.venueId, base: record.base, config: { ...history.config, valueScale: record.valueScale },
    circuits: circuits.map(({ circuitId, verificationKeyHash, insecure }) => ({ circuitId, verificationKeyHash, developmentKey: insecure, kind: 'batch', verifier: ADDRESS('8'), addedAt: undefined, retiredAt: undefined })),
    epochs: history.epochs.map((one) => ({
      ...one, record: { ...one.record, ...record, detailHash: one.record.detailHash, acceptedInBlock: 12 }, market: { level: 'maintenance', snapshotTime: record.marketTime, settlementAssets: 2 },
      announcement: one.announcement && { ...one.announcement, circuits: { batches: record.batchCircuits.map(({ circuitId }) => circuitId), parts: [], close: record.closeCircuit.circuitId } },
    })),
    snapshots: history.snapshots.map((one) => ({ ...one, openedAt: record.snapshotTime })),
  };
}

describe('files that are given to a board', function () {
  this.timeout(120_000);
  let history: VenueHistory;
  let context: CheckingContext;
  let attestation: BoardDocument;
  let stress: StressAttestation;
  const stressFile = (content: StressAttestation, file = 'stress.json'): BoardDocument => ({ file, text: serializeStressAttestation(content) });
  const only = async (documents: readonly BoardDocument[], file: string, from = history): Promise<CheckedDocument> => {
    const found = (await checkDocuments(from, documents, context)).find((one) => one.file === file);
    assert.ok(found !== undefined);
    return found;
  };

  before(async () => {
    const set = parseStressSet(await readFile(SET_FILE, 'utf8'), SET_FILE);
    const scenario = set.scenarios.find(({ name }) => name === 'down-30');
    assert.ok(scenario !== undefined);
    context = { poseidon: portablePoseidon, sets: [set] };
    const { poseidon, bundles, epoch } = await provenEpoch();
    const stressed = await proveUsers(poseidon, userEpoch(poseidon, 1, stressedTable(epoch.table, set, scenario).table));
    history = recorded(bundles.record);
    attestation = { file: 'attestation.json', text: serializeAttestation(bundles.attestation) };
    stress = { stress: { set: set.name, setVersion: set.version, scenario: scenario.name }, epochAttestation: attestationSha256(bundles.attestation), statement: stressed.bundles.attestation };
  });
  after(releaseCurves);

  it('make figures proven only where every proof verified here against the record [P-170]', async () => {
    const checked = await checkDocuments(history, [attestation, stressFile(stress)], context);
    assert.deepEqual(checked.map(({ kind, verdict }) => [kind, verdict]), [['attestation', 'verified'], ['stress attestation', 'verified']]);
    const board = boardOf(history, checked);
    const [epoch] = board.epochs as readonly [AcceptedEpoch];
    assert.deepEqual([epoch.attestation, epoch.unhealthyBound.standing, epoch.losses.shortfall.standing, epoch.assets[0]?.deposits.standing], ['verified', 'proven', 'proven', 'proven']);
    // What it is held against is the chain's word, and so is what follows from both.
    assert.deepEqual([epoch.assets[0]?.held?.reserves.standing, epoch.assets[0]?.held?.surplus.standing, epoch.losses.held?.surplus.standing], ['chain', 'chain', 'chain']);
    assert.equal(epoch.losses.shortfall.unit.name, 'USD');
    const [entry] = board.stress;
    assert.deepEqual([entry?.scenario, entry?.shortfall.standing, entry?.unhealthyBound.value, entry?.reason], ['down-30', 'proven', stress.statement.close.unhealthyBound, '']);
    assert.deepEqual(boardOf(history).epochs.map((one) => one.state === 'accepted' && one.unhealthyBound.standing), ['chain']);
  });

  it('warn of keys that anybody can forge with, proven or not', async () => {
    assert.match(boardOf(history).warnings[0] ?? '', /^INSECURE: every epoch was proven under development keys/);
    assert.ok(boardOf(history, await checkDocuments(history, [attestation], context)).circuits.every(({ developmentKey, name }) => developmentKey.text.startsWith('development key') && name.startsWith('solvency-')));
  });

  it('leave figures as the chain has them, and are named in a warning, when one figure of theirs was changed [P-170]', async () => {
    const bent = { file: 'bent.json', text: attestation.text.replace(/"unhealthyBound":"(\d+)"/, '"unhealthyBound":"0"') };
    const checked = await only([bent], 'bent.json');
    assert.deepEqual([checked.verdict, /bound on unhealthy accounts/.test(checked.words)], ['not-verified', true]);
    const board = boardOf(history, [checked]);
    const [epoch] = board.epochs as readonly [AcceptedEpoch];
    assert.deepEqual([epoch.attestation, epoch.unhealthyBound.standing, epoch.unhealthyBound.value], ['not-verified', 'chain', history.epochs[0]?.record.unhealthyBound]);
    assert.ok(board.warnings.some((words) => words.includes('bent.json is NOT verified')));
    assert.equal(board.circuits[0]?.name, '');
  });

  it('show a stress result as stated where it does not verify, with the reason', async () => {
    const bent = stressFile({ ...stress, statement: { ...stress.statement, close: { ...stress.statement.close, shortfall: 0n } } });
    const checked = await checkDocuments(history, [attestation, bent], context);
    const [entry] = boardOf(history, checked).stress;
    assert.deepEqual([entry?.verdict, entry?.shortfall.standing, /closing proof does not verify|under the stressed table are proven: no/.test(entry?.reason ?? '')], ['not-verified', 'stated', true]);
  });

  it('cannot be told without the epoch\'s attestation, or under a set that is not known here', async () => {
    assert.match((await only([stressFile(stress)], 'stress.json')).words, /give that epoch's attestation too/);
    const unknown = stressFile({ ...stress, stress: { ...stress.stress, setVersion: '99' } });
    const checked = await only([attestation, unknown], 'stress.json');
    assert.deepEqual([checked.verdict, /stress set uniform-moves 99 is not among those known/.test(checked.words)], ['cannot-tell', true]);
  });

  it('are refused where they are of another venue or epoch, or cannot be read', async () => {
    const elsewhere = await only([attestation], 'attestation.json', { ...history, venueId: history.venueId + 1n });
    assert.deepEqual([elsewhere.verdict, /same venue, chain and epoch/.test(elsewhere.words)], ['not-verified', true]);
    const none = await only([attestation], 'attestation.json', { ...emptyHistory(), chainId: history.chainId, registry: history.registry, venueId: history.venueId });
    assert.deepEqual([none.verdict, /has no epoch 1/.test(none.words)], ['not-verified', true]);
    for (const text of ['', '{}', '[]', 'null', '{"format":"clearproof-receipt","version":1}', '{"format":"clearproof-stress-attestation"}']) {
      const checked = await only([{ file: 'odd.json', text }], 'odd.json');
      assert.deepEqual([checked.kind, checked.verdict, checked.epoch], ['unknown', 'not-verified', undefined], text);
    }
  });

  it('cannot be told where the node did not give what the registry recorded', async () => {
    const pruned = { ...history, epochs: history.epochs.map((one) => ({ ...one, announcement: undefined })) };
    for (const lacking of [pruned, { ...history, circuits: [] }]) {
      assert.equal(recordOf(lacking, lacking.epochs[0] as (typeof lacking.epochs)[number]), undefined);
      assert.equal((await only([attestation], 'attestation.json', lacking)).verdict, 'cannot-tell');
    }
  });

  it('are checked in an order of their own, whatever order they come in, and progress is told after each', async () => {
    const told: string[] = [];
    const files = [stressFile(stress), attestation];
    const checked = await checkDocuments(history, files, { ...context, onChecked: (done, of) => told.push(`${done}/${of}`) });
    assert.deepEqual(checked.map(({ file, verdict }) => [file, verdict]), [['attestation.json', 'verified'], ['stress.json', 'verified']]);
    assert.deepEqual(told, ['1/2', '2/2']);
  });
});
