import assert from 'node:assert/strict';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { sparsePoseidon } from '../../../src/commitment/poseidon-sparse.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { answer } from '../../../src/web/verify/engine/engine.js';
import { identify, MAX_BYTES } from '../../../src/web/verify/engine/documents.js';
import type { Document, PageQuestion, Told } from '../../../src/web/verify/engine/protocol.js';
import { rememberingPoseidon } from '../../../src/web/verify/engine/remembering-poseidon.js';
import { ALICE, BOB, bundlesOf, placeholderProofs, userEpoch } from '../../builders/attestation.js';
import { documentsOf } from '../../builders/questions.js';

const bundles = bundlesOf(sparsePoseidon, userEpoch(sparsePoseidon), placeholderProofs(2));
const { receipt, record } = documentsOf(bundles, ALICE);
const bob = documentsOf(bundles, BOB).receipt;
const circuits = await readCircuitList();
const RPC = 'http://127.0.0.1:1/key-of-the-reader';

function documentOf(name: string, content: unknown): Document {
  const bytes = new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  return { name, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.buffer) };
}

async function told(question: Partial<PageQuestion>, ask?: Parameters<typeof answer>[0]['ask']): Promise<Told[]> {
  const heard: Told[] = [];
  await answer({ poseidon: sparsePoseidon, circuits, tell: (one) => heard.push(one), ...(ask === undefined ? {} : { ask }) },
    { kind: 'verify', question: { receipts: [], known: {}, expected: {}, ...question } });
  return heard;
}

function reportsIn(heard: readonly Told[]): readonly Extract<Told, { kind: 'report' }>[] {
  return heard.flatMap((one) => (one.kind === 'report' ? [one] : []));
}

describe('the engine of the verification page', () => {
  it('tells of every step as it is done, and of the margin before it says so', async () => {
    const heard = await told({ receipts: [documentOf('a.json', receipt)], record: documentOf('r.json', record) });
    const [report] = reportsIn(heard);
    const steps = heard.flatMap((one) => (one.kind === 'step' ? [one.step] : []));
    assert.deepEqual(steps, report?.report.steps);
    const kinds = heard.map((one) => (one.kind === 'step' ? one.step.id : one.kind));
    assert.deepEqual([kinds[0], kinds.at(-1)], ['began', 'ended']);
    assert.equal(kinds.indexOf('account') + 1, kinds.indexOf('margin'));
    assert.ok(kinds.indexOf('account') < kinds.indexOf('keys'));
  });

  it('asks a chain once for receipts of one epoch, and about registry, venue and epoch only', async () => {
    const asked: unknown[] = [];
    const heard = await told({ receipts: [documentOf('a.json', receipt), documentOf('b.json', bob)], rpc: RPC }, (rpc, place) => {
      asked.push([rpc, place]);
      return Promise.resolve({ source: 'chain', record: bundles.record, latestEpoch: bundles.record.epoch, retired: [] });
    });
    const { registry, venueId, epoch } = bundles.record;
    assert.deepEqual(asked, [[RPC, { registry, venueId, epoch }]]);
    assert.deepEqual(reportsIn(heard).map(({ file }) => file), ['a.json', 'b.json']);
  });

  it('cannot tell when nothing answers, and names no key that an end point\'s path holds', async () => {
    const heard = await told({ receipts: [documentOf('a.json', receipt)], rpc: RPC });
    const [found] = reportsIn(heard);
    assert.equal(found?.report.verdict, 'cannot-tell');
    assert.doesNotMatch(JSON.stringify(heard, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)), /key-of-the-reader/);
  });

  it('asks no chain about a receipt that cannot be read', async () => {
    const heard = await told({ receipts: [documentOf('a.json', '{')], rpc: RPC }, () => assert.fail('it was asked'));
    assert.deepEqual(reportsIn(heard).map(({ report }) => report.verdict), ['not-verified']);
  });

  it('reads files as the command line does: a byte order mark is no white space', async () => {
    const heard = await told({ receipts: [documentOf('a.json', `\ufeff${JSON.stringify(receipt)}`)], record: documentOf('r.json', record) });
    assert.deepEqual(reportsIn(heard).map(({ report }) => report.steps[0]?.code), ['JSON_SYNTAX']);
  });

  it('tells of a fault of its own as a fault, not as a verdict', async () => {
    const broken: Document = { name: 'gone.json', size: 9, arrayBuffer: () => Promise.reject(new Error('the file was taken away')) };
    const heard = await told({ receipts: [broken] });
    assert.deepEqual(heard.filter(({ kind }) => kind !== 'began'), [{ kind: 'fault', message: 'the file was taken away' }]);
  });

  it('tells files apart by their format field alone', async () => {
    const cases = [[receipt, 'receipt'], [documentsOf(bundles, ALICE).attestation, 'attestation'], [record, 'record']] as const;
    for (const [content, kind] of cases) {
      const found = await identify(documentOf('x.json', content));
      assert.equal('kind' in found && found.kind, kind);
    }
    for (const [content, reason] of [['{', /it is not JSON/], ['{"format":"constructor"}', /names none of them/], ['[]', /names none of them/], ['', /is empty/]] as const) {
      const found = await identify(documentOf('x.json', content));
      assert.match('refusal' in found ? found.refusal : '', reason);
    }
  });

  it('refuses a file that is too large by name and size, unread', async () => {
    const found = await identify({ name: 'huge.json', size: 200_000_000, arrayBuffer: () => assert.fail('it was read') });
    assert.ok(200_000_000 > MAX_BYTES);
    assert.match('refusal' in found ? found.refusal : '', /^huge\.json \(200 MB\) .* was not read/);
  });

  it('remembers hashes without taking one list of inputs for another', () => {
    let calls = 0;
    const counting: Poseidon = { hash: (inputs) => portablePoseidon.hash(inputs) + BigInt((calls += 1) * 0) };
    const remembering = rememberingPoseidon(counting);
    for (const inputs of [[1n, 2n], [12n], [1n, 2n], [2n, 1n], [12n]]) assert.equal(remembering.hash(inputs), portablePoseidon.hash(inputs));
    assert.equal(calls, 3);
    assert.throws(() => remembering.hash([-1n]), /not in \[0, p\)/);
  });
});
