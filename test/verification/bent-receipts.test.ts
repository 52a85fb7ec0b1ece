import assert from 'node:assert/strict';
import type { JsonValue } from '../../src/attestation/canonical-json.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { GENERATOR_G2 } from '../../src/groth16/curve-points.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { exitCodeOf } from '../../src/verification/report.js';
import { ALICE, bundlesOf, placeholderProofs, userEpoch } from '../builders/attestation.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { valueAt, without, type Step } from '../builders/json-edits.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { askReceipt, documentsOf, edit, failedSteps, rehashed, stepOf, type Documents } from '../builders/questions.js';

const { batchCircuit, closeCircuit } = TEST_SHAPE;
const OTHER_REGISTRY = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

interface Tampering {
  readonly name: string;
  readonly edit: () => Documents;
  readonly failing: readonly string[];
  readonly reason: RegExp;
  readonly code?: string;
}

describe('verifyReceipt of bent documents', () => {
  let proven: ProvenEpoch;
  let alice: Documents;
  before(async () => {
    proven = await provenEpoch();
    alice = documentsOf(proven.bundles, ALICE);
  });
  after(releaseCurves);
  const ask = (documents: Documents, extras: Parameters<typeof askReceipt>[2] = {}): ReturnType<typeof askReceipt> => askReceipt(proven.poseidon, documents, extras);
  const at = (document: JsonValue | undefined, path: readonly Step[]): JsonValue => valueAt(document as JsonValue, path);
  const plusOne = (documents: Documents, which: keyof Documents, path: readonly Step[]): Documents =>
    edit(documents, which, path, (BigInt(at(documents[which], path) as string) + 1n).toString());
  const swap = (documents: Documents, which: keyof Documents, list: readonly Step[], i: number, j: number): Documents => {
    const entries = at(documents[which], list) as readonly JsonValue[];
    return edit(documents, which, list, entries.map((entry, place) => entries[place === i ? j : place === j ? i : place] ?? entry));
  };
  const listEdit = (documents: Documents, list: readonly Step[], change: (entries: readonly JsonValue[]) => readonly JsonValue[]): Documents =>
    edit(documents, 'attestation', list, change(at(documents.attestation, list) as readonly JsonValue[]));

  /** Runs each; all failing steps are pinned, and the reason of the first. */
  function refuses(tamperings: readonly Tampering[]): void {
    for (const { name, edit: tamper, failing, reason, code } of tamperings) {
      it(`is not verified with ${name}`, async () => {
        const report = await ask(tamper());
        assert.deepEqual(failedSteps(report), failing);
        assert.deepEqual([report.verdict, exitCodeOf(report.verdict)], ['not-verified', 1]);
        const first = stepOf(report, failing[0] ?? '');
        assert.match(first.detail, reason);
        assert.equal(first.code, code);
        assert.ok(report.summary.startsWith(`NOT verified: ${first.detail}`));
      });
    }
  }

  const root = { failing: ['root'], reason: /account and path lead to root/, code: 'ROOT_MISMATCH' } as const;
  const shape = { failing: ['receipt-format'], code: 'JSON_SHAPE' } as const;
  const place = { failing: ['place'], reason: /one of them belongs elsewhere/ } as const;
  const levels = (): readonly JsonValue[] => at(alice.receipt, ['path', 'siblings']) as readonly JsonValue[];
  const withDepth = (depth: string, siblings: readonly JsonValue[]): Documents =>
    edit(edit(alice, 'receipt', ['path', 'siblings'], siblings), 'receipt', ['depth'], depth);

  describe('a receipt whose account was altered', () => {
    refuses([
      { name: 'an amount off by one', edit: () => plusOne(alice, 'receipt', ['holdings', 0, 'quantity']), ...root },
      { name: 'a holding of another row', edit: () => plusOne(alice, 'receipt', ['holdings', 0, 'index']), ...root },
      { name: 'a holding left out', edit: () => ({ ...alice, receipt: without(alice.receipt, ['holdings', 1]) }), ...root },
      { name: 'another salt', edit: () => plusOne(alice, 'receipt', ['salt']), ...root },
      { name: 'another owner', edit: () => plusOne(alice, 'receipt', ['owner']), ...root },
      { name: 'another user id', edit: () => edit(alice, 'receipt', ['userId'], 'user-1'), ...root },
      { name: 'another sub-account', edit: () => plusOne(alice, 'receipt', ['subAccount']), ...root },
      { name: 'another position', edit: () => plusOne(alice, 'receipt', ['path', 'position']), ...root },
      { name: 'two siblings swapped', edit: () => swap(alice, 'receipt', ['path', 'siblings', 0], 0, 1), ...root },
      { name: 'two levels swapped', edit: () => swap(alice, 'receipt', ['path', 'siblings'], 0, 1), ...root },
      { name: 'a path cut short', edit: () => edit(alice, 'receipt', ['path', 'siblings'], levels().slice(1)), ...shape, reason: /path\.siblings: has 1 entries: it must have 2/ },
      { name: 'a path cut short, and the depth with it', edit: () => withDepth('1', levels().slice(1)), failing: ['circuit', 'root'], reason: /says depth 1, the attestation 2/ },
      { name: 'a path with one level more', edit: () => edit(alice, 'receipt', ['path', 'siblings'], [...levels(), levels()[1] as JsonValue]), ...shape, reason: /has 3 entries/ },
      { name: 'a path with one level more, and the depth with it', edit: () => withDepth('3', [...levels(), levels()[1] as JsonValue]), failing: ['circuit', 'root'], reason: /says depth 3/ },
      { name: 'a position behind the tree', edit: () => edit(alice, 'receipt', ['path', 'position'], '256'), ...shape, reason: /path\.position: 256 is out of range/ },
      { name: 'a sibling of p or more', edit: () => edit(alice, 'receipt', ['path', 'siblings', 0, 0], FIELD_MODULUS.toString()), ...shape, reason: /path\.siblings\[0\]\[0\]: .*out of range/ },
      { name: 'another number of slots', edit: () => edit(alice, 'receipt', ['slots'], '4'), failing: ['circuit', 'root'], reason: /has 3 slots, the receipt says 4/ },
      { name: 'a circuit that the epoch did not use', edit: () => edit(edit(alice, 'receipt', ['slots'], '4'), 'receipt', ['circuit'], 'solvency-batch-n16-k4-s2'), failing: ['circuit', 'root'], reason: /no batch of this epoch was accepted from/ },
      { name: 'a circuit of another statement', edit: () => edit(alice, 'receipt', ['circuit'], closeCircuit), failing: ['circuit'], reason: /no circuit of such a statement/, code: 'CIRCUIT_NAME' },
    ]);
  });

  describe('a receipt of another place', () => {
    refuses([
      { name: 'another epoch', edit: () => edit(alice, 'receipt', ['epoch'], '2'), ...place },
      { name: 'another chain id', edit: () => edit(alice, 'receipt', ['venue', 'chainId'], '1'), ...place },
      { name: 'another registry', edit: () => edit(alice, 'receipt', ['venue', 'registry'], OTHER_REGISTRY), ...place },
      { name: 'another venue', edit: () => edit(alice, 'receipt', ['venue', 'venueId'], '2'), ...place },
      { name: 'a record of another epoch', edit: () => edit(alice, 'record', ['epoch'], '2'), ...place },
      { name: 'a record whose base is of another venue', edit: () => plusOne(alice, 'record', ['base']), failing: ['place'], reason: /is not the hash of its chain/ },
      {
        name: 'receipt, attestation and record moved to another chain together',
        edit: () => rehashed((['receipt', 'attestation', 'record'] as const).reduce((documents, which) => edit(documents, which, ['venue', 'chainId'], '1'), alice)),
        failing: ['place', 'batch-proofs', 'close-proof'], reason: /is not the hash of its chain/,
      },
      {
        name: 'an attestation of another epoch',
        edit: () => ({ ...alice, attestation: documentsOf(bundlesOf(proven.poseidon, userEpoch(proven.poseidon, 2), { ...placeholderProofs(2), verificationKeys: proven.proofs.verificationKeys }), ALICE).attestation }),
        failing: ['place', 'attestation-hash', 'figures', 'batch-proofs', 'close-proof'], reason: /the receipt is of epoch 1, the attestation of epoch 2/,
      },
      { name: 'another root on the chain', edit: () => plusOne(alice, 'record', ['accountsRoot']), failing: ['root', 'figures'], reason: /registry's record has/, code: 'ROOT_MISMATCH' },
    ]);

    it('is not verified for a reader who means another venue', async () => {
      const report = await ask(alice, { venue: { ...proven.bundles.attestation.venue, venueId: 2n } });
      assert.deepEqual(failedSteps(report), ['place']);
      assert.match(stepOf(report, 'place').detail, /the venue you asked for is of venue 2/);
    });
  });

  describe('a receipt whose market table was altered', () => {
    const row = (field: string): readonly Step[] => ['market', 'rows', 1, field];
    const market = { failing: ['market'], reason: /market commitment/, code: 'MARKET_MISMATCH' } as const;
    refuses([
      {
        name: 'a table that was accepted as of another time', edit: () => edit(alice, 'record', ['marketTime'], '1690000000'),
        failing: ['market'], reason: /it was accepted as of 1690000000/, code: 'MARKET_REGISTRATION',
      },
      {
        name: 'a table that was accepted at another scale', edit: () => edit(alice, 'record', ['valueScale'], '18'),
        failing: ['market'], reason: /the venue in 10\^-18/, code: 'MARKET_REGISTRATION',
      },
      { name: 'another mark', edit: () => plusOne(alice, 'receipt', row('mark')), ...market },
      { name: 'another charge', edit: () => plusOne(alice, 'receipt', row('longCharge')), ...market },
      { name: 'another P&L', edit: () => plusOne(alice, 'receipt', ['market', 'rows', 1, 'pnl', 0]), ...market },
      { name: 'another number of decimals', edit: () => edit(alice, 'receipt', row('quantityDecimals'), '5'), ...market },
      { name: 'another instrument name', edit: () => edit(alice, 'receipt', row('id'), 'ETH'), ...market },
      { name: 'another value scale', edit: () => edit(alice, 'receipt', ['market', 'valueScale'], '11'), ...market },
      { name: 'another level', edit: () => edit(alice, 'receipt', ['market', 'level'], 'initial'), failing: ['market-range', 'market'], reason: /solvency is proven at maintenance level/ },
      { name: 'a row that is not active yet', edit: () => edit(alice, 'receipt', ['market', 'rows', 0, 'activationEpoch'], '2'), failing: ['market-range', 'market'], reason: /active from epoch 2/ },
      { name: 'a row left out', edit: () => ({ ...alice, receipt: without(alice.receipt, ['market', 'rows', 5]) }), ...market },
      { name: 'a mark out of range', edit: () => edit(alice, 'receipt', row('mark'), (2n ** 47n).toString()), failing: ['receipt-format'], reason: /market\.rows\[1\]\.mark: .* do not fit 47 bits/, code: 'MARKET_RANGE' },
      { name: 'a negative charge', edit: () => edit(alice, 'receipt', row('shortCharge'), '-1'), failing: ['receipt-format'], reason: /market\.rows\[1\]\.shortCharge: a charge is never negative/, code: 'MARKET_RANGE' },
      { name: 'another market in the record', edit: () => plusOne(alice, 'record', ['marketCommitment']), ...market },
    ]);
  });

  describe('a receipt with an altered attestation', () => {
    const proof = ['batches', 1, 'proof', 'a', 0] as const;
    const flipped = (documents: Documents): Documents => edit(documents, 'attestation', proof, (BigInt(at(documents.attestation, proof) as string) ^ 1n).toString());
    const batches = (change: (entries: readonly JsonValue[]) => readonly JsonValue[]): Documents => rehashed(listEdit(alice, ['batches'], change));
    const figure = (path: readonly Step[]): Documents => rehashed(plusOne(alice, 'attestation', path));
    const keyOf = (circuit: string): JsonValue => at(alice.attestation, ['verificationKeys', circuit]);
    const generator: JsonValue = [...GENERATOR_G2.map((pair) => pair.map(String)), ['1', '0']];
    refuses([
      { name: 'another hash in the receipt', edit: () => edit(alice, 'receipt', ['attestation', 'sha256'], '0'.repeat(64)), failing: ['attestation-hash'], reason: /the one given has SHA-256/, code: 'ATTESTATION_HASH' },
      { name: 'one bit of a proof changed', edit: () => flipped(alice), failing: ['attestation-hash', 'batch-proofs'], reason: /the one given/, code: 'ATTESTATION_HASH' },
      { name: 'one bit of a proof changed, and the hash with it', edit: () => rehashed(flipped(alice)), failing: ['batch-proofs'], reason: /batch 2 of 2 does not verify/, code: 'PROOF_REJECTED' },
      { name: 'proofs of two batches swapped', edit: () => rehashed(edit(edit(alice, 'attestation', ['batches', 0, 'proof'], at(alice.attestation, ['batches', 1, 'proof'])), 'attestation', ['batches', 1, 'proof'], at(alice.attestation, ['batches', 0, 'proof']))), failing: ['batch-proofs'], reason: /batch 1 of 2/, code: 'PROOF_REJECTED' },
      { name: 'batches reordered', edit: () => batches(([one, two]) => [two, one] as JsonValue[]), failing: ['figures', 'batch-proofs', 'close-proof'], reason: /final accumulator/, code: 'FIGURE_MISMATCH' },
      { name: 'the last batch dropped', edit: () => batches((all) => all.slice(0, -1)), failing: ['circuit', 'figures', 'close-proof'], reason: /has 1 batches, the registry accepted 2/ },
      { name: 'the first batch dropped', edit: () => batches((all) => all.slice(1)), failing: ['circuit', 'batch-proofs'], reason: /has 1 batches/ },
      { name: 'a batch repeated', edit: () => batches((all) => [...all, all[1] as JsonValue]), failing: ['circuit', 'batch-proofs'], reason: /has 3 batches/ },
      { name: 'an accumulator changed', edit: () => figure(['batches', 0, 'accumulatorAfter']), failing: ['batch-proofs'], reason: /batch 1 of 2/, code: 'PROOF_REJECTED' },
      { name: 'a genesis of the venue\'s own', edit: () => figure(['genesisAccumulator']), failing: ['figures', 'batch-proofs', 'close-proof'], reason: /genesis accumulator/, code: 'FIGURE_MISMATCH' },
      { name: 'a deposit changed', edit: () => figure(['words', 0]), failing: ['figures', 'close-proof'], reason: /deposits of settlement asset 0/, code: 'FIGURE_MISMATCH' },
      { name: 'a loan changed', edit: () => figure(['words', 1]), failing: ['figures', 'close-proof'], reason: /loans of settlement asset 0/, code: 'FIGURE_MISMATCH' },
      { name: 'a settlement asset too many', edit: () => rehashed(listEdit(alice, ['words'], (words) => [...words, '0', '0'])), failing: ['figures', 'settlement', 'close-proof'], reason: /number of deposits and loans/, code: 'FIGURE_MISMATCH' },
      { name: 'a smaller shortfall', edit: () => rehashed(edit(alice, 'attestation', ['close', 'shortfall'], '0')), failing: ['figures', 'close-proof'], reason: /shortfall/, code: 'FIGURE_MISMATCH' },
      { name: 'fewer unhealthy accounts', edit: () => rehashed(edit(alice, 'attestation', ['close', 'unhealthyBound'], '0')), failing: ['figures', 'close-proof'], reason: /unhealthy/, code: 'FIGURE_MISMATCH' },
      { name: 'another table', edit: () => figure(['market', 'rows', 1, 'mark']), failing: ['market', 'close-proof'], reason: /the attestation has market commitment/, code: 'MARKET_MISMATCH' },
      { name: 'a key of the venue\'s own', edit: () => rehashed(edit(alice, 'attestation', ['verificationKeys', batchCircuit], keyOf(closeCircuit))), failing: ['keys'], reason: /it was replaced/, code: 'KEY_MISMATCH' },
      { name: 'a key with a point off the curve', edit: () => figure(['verificationKeys', closeCircuit, 'IC', 0, 0]), failing: ['keys'], reason: /IC\[0\] is not an affine point/, code: 'VERIFICATION_KEY' },
      { name: 'a key without a second phase', edit: () => rehashed(edit(alice, 'attestation', ['verificationKeys', closeCircuit, 'vk_delta_2'], generator)), failing: ['keys'], reason: /delta equal to the generator/, code: 'KEY_WITHOUT_CONTRIBUTION' },
      { name: 'another key in the registry', edit: () => edit(alice, 'record', ['closeCircuit', 'verificationKeyHash'], `0x${'0'.repeat(64)}`), failing: ['keys'], reason: /the registry verifies with 0x0000/, code: 'KEY_MISMATCH' },
      { name: 'an attestation that is a receipt', edit: () => ({ ...alice, attestation: alice.receipt }), failing: ['attestation-format'], reason: /expected "clearproof-attestation", found "clearproof-receipt"/, code: 'WRONG_FORMAT' },
    ]);

    it('is not verified under keys that the reader does not trust, with or without the attestation', async () => {
      const trustedKeyHashes = { ...proven.proofs.keyHashes, [closeCircuit]: `0x${'1'.repeat(64)}` };
      for (const documents of [alice, { ...alice, attestation: undefined }, { ...alice, record: undefined }]) {
        const report = await ask(documents, { trustedKeyHashes });
        assert.deepEqual(failedSteps(report), ['keys']);
        assert.equal(stepOf(report, 'keys').code, 'KEY_UNTRUSTED');
      }
      assert.deepEqual(failedSteps(await ask(alice, { trustedKeyHashes: {} })), ['keys']);
    });

    it('is not verified though no record is at hand', async () => {
      const report = await ask({ ...rehashed(flipped(alice)), record: undefined });
      assert.deepEqual([report.verdict, failedSteps(report)], ['not-verified', ['batch-proofs']]);
    });

    it('is not verified for a tree of another depth than the listed circuit has', async () => {
      const circuits = (await readCircuitList()).map((circuit) => ({ ...circuit, parameters: circuit.parameters.map(({ name, value }) => ({ name, value: name === 'DEPTH' ? value + 1 : value })) }));
      const report = await ask(alice, { circuits });
      assert.deepEqual(failedSteps(report), ['circuit']);
      assert.match(stepOf(report, 'circuit').detail, /proves a tree of depth 3, the depth given is 2/);
    });
  });
});
