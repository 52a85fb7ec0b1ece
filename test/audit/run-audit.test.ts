import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attestation } from '../../src/attestation/attestation.js';
import type { FindingCode } from '../../src/audit/audit-finding.js';
import { serializeAudit, type AuditReport } from '../../src/audit/audit-report.js';
import { runAudit, type AuditQuestion } from '../../src/audit/run-audit.js';
import { CircuitClient } from '../../src/chain/circuit-client.js';
import { deployVerifier } from '../../src/chain/deploy-verifier.js';
import { REGISTRY_HISTORY } from '../../src/chain/history/history-events.js';
import type { RpcSource } from '../../src/chain/history/rpc-source.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { bentSource, withoutLogs } from '../chain/history/lying-source.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { ARTIFACTS } from '../flows/support/venue-on-chain.js';
import { auditedVenue, writeBundles, type AuditedVenue } from './support/audited-venue.js';

const EPOCHS = 3;
const ACCEPTED = REGISTRY_HISTORY.getEvent('EpochAccepted')?.topicHash as string;
/** Of an honest venue on a local chain with tables on its own word. */
const USUAL: readonly FindingCode[] = ['development-keys', 'epoch-not-covered', 'gate-restricted', 'market-stated', 'no-challenges', 'reserves-withdrawable', 'unhealthy-accounts'];

describe('an audit of a venue on a real chain', function () {
  this.timeout(240_000);
  let venue: AuditedVenue;
  let folder: string;
  let runs = 0;

  /** A fresh folder of bundles and one for the report. */
  const place = async (attestations: readonly Attestation[]): Promise<{ readonly bundles: string; readonly out: string }> => {
    runs += 1;
    const bundles = join(folder, `bundles-${runs}`);
    await writeBundles(bundles, attestations);
    return { bundles, out: join(folder, `out-${runs}`) };
  };
  const audit = async (
    attestations: readonly Attestation[], { source = venue.connection.provider, ...more }: Partial<AuditQuestion> & { readonly source?: RpcSource } = {},
  ): Promise<AuditReport> => {
    const { bundles, out } = await place(attestations);
    return runAudit(source, {
      registry: venue.deployment.registry, venueId: venue.location.venueId, bundles: [bundles], keys: {}, circuits: await readCircuitList(), stressSets: [],
      out, processes: 2, program: 'test 1', wait: () => Promise.resolve(), ...more,
    });
  };
  const codes = ({ findings }: AuditReport): FindingCode[] => [...new Set(findings.map(({ code }) => code).filter((code) => !USUAL.includes(code)))].sort();
  const changed = (epoch: number, change: (attestation: Attestation) => Attestation): Attestation[] => venue.attestations.map((one) => (one.epoch === epoch ? change(one) : one));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-audit-'));
    venue = await auditedVenue(EPOCHS);
  });
  after(async () => {
    await (venue as AuditedVenue | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds an honest venue right, every proof verified, and warns of an epoch that was not covered [P-166]', async () => {
    const report = await audit(venue.attestations);
    assert.deepEqual([report.verdict, codes(report)], ['right', []]);
    assert.deepEqual([...new Set(report.findings.map(({ code }) => code))].sort(), [...USUAL].sort());
    assert.deepEqual(report.epochs.map(({ epoch, source, proofs, covered }) => [epoch, source, proofs, covered]), [[1, 'attestation', 4, true], [2, 'attestation', 4, true], [3, 'attestation', 4, false]]);
    const json = JSON.parse(serializeAudit(report)) as { format: string; findings: { meaning: string }[] };
    assert.equal(json.format, 'clearproof-audit');
    assert.ok(json.findings.every(({ meaning }) => meaning.length > 20));
  });

  it('lists circuits that come and go, and warns of epochs that rest on a retired one [P-200]', async () => {
    const { provider } = venue.connection;
    const checkpoint: unknown = await provider.send('evm_snapshot', []);
    try {
      const client = new CircuitClient(venue.deployment.registry, venue.operator);
      const coming = await deployVerifier(venue.operator, ARTIFACTS, { name: 'solvency-close-u32-s2-t2', kind: 'close' });
      await client.propose(coming, circuitIdOf(TEST_SHAPE.closeCircuit));
      await client.retire(circuitIdOf(TEST_SHAPE.batchCircuit));
      const report = await audit(venue.attestations);
      assert.deepEqual([report.verdict, codes(report)], ['right', ['circuit-proposed', 'circuit-retired']]);
      assert.deepEqual(report.findings.filter(({ code }) => code === 'circuit-retired').map(({ epoch }) => epoch), [1, 2, 3]);
      assert.deepEqual(report.circuits.map(({ name, added, retiredAt, epochs }) => [name, added !== undefined, retiredAt !== undefined, epochs]), [
        [TEST_SHAPE.batchCircuit, true, true, [1, 2, 3]], [TEST_SHAPE.closeCircuit, true, false, [1, 2, 3]],
      ]);
      assert.deepEqual(report.proposedCircuits.map(({ name, verifier, replaces, expired }) => [name, verifier, replaces, expired]), [
        ['solvency-close-u32-s2-t2', coming.verifier, circuitIdOf(TEST_SHAPE.closeCircuit), false],
      ]);
      assert.deepEqual([report.gate.mode, report.gate.reasons.includes('circuit-retired')], ['halt', true]);
    } finally {
      assert.equal(await provider.send('evm_revert', [checkpoint]), true);
    }
  });

  it('verifies the proofs of the transaction where a bundle is missing, and says that the table was not checked', async () => {
    const report = await audit(venue.attestations.slice(1));
    assert.deepEqual([report.verdict, codes(report)], ['incomplete', ['bundle-missing']]);
    assert.deepEqual(report.epochs.map(({ source, proofs }) => [source, proofs]), [['transaction', 4], ['attestation', 4], ['attestation', 4]]);
  });

  it('says which keys it lacks where there is no bundle at all', async () => {
    const report = await audit([]);
    assert.deepEqual([report.verdict, codes(report)], ['incomplete', ['bundle-missing', 'keys-missing']]);
  });

  it('finds a forged proof, by name', async () => {
    const report = await audit(changed(2, (one) => ({ ...one, batches: one.batches.map((batch, at) => (at === 1 ? { ...batch, proof: (one.batches[0] as typeof batch).proof } : batch)) })));
    assert.deepEqual([report.verdict, codes(report)], ['fault', ['proof-rejected']]);
  });

  it('finds a table that is not the committed one', async () => {
    const report = await audit(changed(1, (one) => ({ ...one, market: { ...one.market, rows: one.market.rows.map((row, at) => (at === 1 ? { ...row, mark: row.mark + 1n } : row)) } })));
    assert.equal(report.verdict, 'fault');
    assert.ok(codes(report).includes('table-differs'), codes(report).join());
  });

  it('finds figures that the registry did not record', async () => {
    const report = await audit(changed(1, (one) => ({ ...one, words: one.words.map((word, at) => (at === 0 ? word - 1n : word)) })));
    assert.ok(codes(report).includes('figures-differ'), codes(report).join());
  });

  it('finds a key that was replaced', async () => {
    const report = await audit(changed(1, (one) => {
      const [batch, close] = Object.keys(one.verificationKeys) as [string, string];
      return { ...one, verificationKeys: { ...one.verificationKeys, [close]: { ...(one.verificationKeys[close] as object), vk_alpha_1: (one.verificationKeys[batch] as { vk_alpha_1: unknown }).vk_alpha_1 } } };
    }));
    assert.deepEqual([report.verdict, codes(report)], ['fault', ['key-replaced']]);
  });

  it('holds the registry\'s keys against the reader\'s own', async () => {
    const trustedKeyHashes = Object.fromEntries(Object.keys(venue.attestations[0]?.verificationKeys ?? {}).map((name) => [name, `0x${'1'.repeat(64)}`]));
    assert.deepEqual(codes(await audit(venue.attestations, { trustedKeyHashes, toEpoch: 1 })), ['key-untrusted']);
  });

  it('finds nothing wrong and something missing where the node lost the event of an epoch, whose words the bundle still proves', async () => {
    const source = withoutLogs(venue.connection.provider, ({ topics }) => topics[0] === ACCEPTED && BigInt(topics[2] as string) === 2n);
    const report = await audit(venue.attestations, { source });
    assert.deepEqual([report.verdict, codes(report)], ['incomplete', ['epoch-log-missing']]);
    assert.equal(report.epochs[1]?.source, 'attestation');
  });

  it('finds a covered flag that a node lies about consistently [P-167]', async () => {
    const flag = (text: string): string => {
      // The last word of a record: covered.
      const place = text.length - 64;
      return text.slice(0, place) + (text.endsWith('0') ? '1' : '0').padStart(64, '0');
    };
    const epochAt = REGISTRY_HISTORY.getFunction('epochAt')?.selector as string;
    const isThird = (data: string): boolean => data.startsWith(epochAt) && BigInt(`0x${data.slice(-64)}`) === 3n;
    const source = bentSource(venue.connection.provider, {
      eth_call: async ([call], honest) => {
        const answer = await honest() as string;
        return isThird((call as { data: string }).data) ? flag(answer) : answer;
      },
      eth_getLogs: async (_params, honest) => (await honest() as { topics: string[]; data: string }[]).map((log) => (
        // base and the record's twelve words come first.
        log.topics[0] === ACCEPTED && BigInt(log.topics[2] as string) === 3n ? { ...log, data: flag(log.data.slice(0, 2 + 13 * 64)) + log.data.slice(2 + 13 * 64) } : log)),
    });
    const report = await audit(venue.attestations, { source });
    assert.ok(codes(report).includes('covered-flag-wrong'), codes(report).join());
    assert.equal(report.verdict, 'fault');
  });

  it('takes what is verified over from a run that was stopped, and nothing that was changed [P-168]', async () => {
    const { bundles, out } = await place(venue.attestations);
    const again = async (more: Partial<AuditQuestion> = {}): Promise<AuditReport> => audit([], { bundles: [bundles], out, ...more });
    const stop = new AbortController();
    await assert.rejects(again({ processes: 1, signal: stop.signal, onProgress: ({ epochs }) => void (epochs === 1 && stop.abort()) }), { code: 'AUDIT_INTERRUPTED' });
    assert.equal((await readdir(join(out, 'progress'))).filter((name) => name.startsWith('epoch-')).length, 1);
    const first = await again();
    assert.deepEqual([first.verdict, first.resumed], ['right', 1]);
    const whole = await again();
    assert.equal(whole.resumed, EPOCHS);
    assert.deepEqual({ ...whole, resumed: 0 }, { ...first, resumed: 0 });
    assert.equal((await again({ program: 'test 2' })).resumed, 0, 'another version of the program verifies again');

    const file = join(out, 'progress', 'epoch-1.json');
    const kept = await readFile(file, 'utf8');
    await again();
    await writeFile(file, (await readFile(file, 'utf8')).replace('"proofs":"4"', '"proofs":"5"'));
    assert.notEqual(await readFile(file, 'utf8'), kept);
    assert.equal((await again()).resumed, EPOCHS - 1, 'a changed result is verified again');

    await writeBundles(bundles, changed(2, (one) => ({ ...one, close: { ...one.close, shortfall: one.close.shortfall + 1n } })).slice(1, 2));
    const bent = await again();
    assert.equal(bent.resumed, EPOCHS - 1, 'a changed bundle is verified again');
    assert.equal(bent.verdict, 'fault');
  });

  it('refuses epochs that the venue does not have', async () => {
    await assert.rejects(audit(venue.attestations, { toEpoch: 4 }), { code: 'EPOCH_RANGE' });
  });
});
