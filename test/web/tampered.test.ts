import assert from 'node:assert/strict';
import type { JsonValue } from '../../src/attestation/canonical-json.js';
import { attestationSha256, parseAttestation } from '../../src/attestation/attestation-format.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { ALICE, BOB, bundlesOf, placeholderProofs, userEpoch } from '../builders/attestation.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { valueAt, withValue, without, type Step } from '../builders/json-edits.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { documentsOf, edit, rehashed, type Documents } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { filesOf, RECEIPT_FILE } from './bundle-files.js';
import { assertQuiet, VerificationPage, type Given } from './verification-page.js';

const { batchCircuit, closeCircuit } = TEST_SHAPE;
const OTHER_REGISTRY = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/** What was changed, which steps must fail, and words of the first that the page must show. */
type Tampering = readonly [name: string, bend: () => Documents, failing: readonly string[], reason: RegExp];

describe('[I8-I15] the verification page on tampered files', () => {
  let browser: Chromium;
  let server: PageServer;
  let page: VerificationPage;
  let proven: ProvenEpoch;
  let alice: Documents;
  before(async () => {
    [browser, server, proven] = await Promise.all([Chromium.start(), PageServer.start(), provenEpoch()]);
    alice = documentsOf(proven.bundles, ALICE);
    page = await VerificationPage.open(browser, server);
  });
  after(async () => {
    assertQuiet(page);
    await browser.stop();
    await server.stop();
    await releaseCurves();
  });

  const at = (which: keyof Documents, path: readonly Step[]): JsonValue => valueAt(alice[which] as JsonValue, path);
  const put = (which: keyof Documents, path: readonly Step[], value: JsonValue): Documents => edit(alice, which, path, value);
  const add = (which: keyof Documents, path: readonly Step[], amount = 1n): Documents => put(which, path, (BigInt(at(which, path) as string) + amount).toString());
  const swapped = (which: keyof Documents, list: readonly Step[], i: number, j: number): Documents => {
    const entries = at(which, list) as readonly JsonValue[];
    return put(which, list, entries.map((entry, place) => entries[place === i ? j : place === j ? i : place] ?? entry));
  };
  const levels = (): readonly JsonValue[] => at('receipt', ['path', 'siblings']) as readonly JsonValue[];
  const withDepth = (depth: string, siblings: readonly JsonValue[]): Documents =>
    edit(put('receipt', ['path', 'siblings'], siblings), 'receipt', ['depth'], depth);
  const batches = (change: (entries: readonly JsonValue[]) => readonly JsonValue[]): Documents =>
    rehashed(put('attestation', ['batches'], change(at('attestation', ['batches']) as readonly JsonValue[])));
  const other = (epoch: number): Documents => documentsOf(
    bundlesOf(proven.poseidon, userEpoch(proven.poseidon, epoch), { ...placeholderProofs(2), verificationKeys: proven.proofs.verificationKeys }), ALICE,
  );
  const row = (place: number, field: string): readonly Step[] => ['market', 'rows', place, field];
  /** The two rows stand in each other's place, renumbered so that the table reads well. */
  const rowsSwapped = (): Documents => ['index', 'group'].reduce<Documents>(
    (documents, field) => [3, 4].reduce((bent, place) => edit(bent, 'receipt', row(place, field), `${place}`), documents), swapped('receipt', ['market', 'rows'], 3, 4),
  );

  /** The page refuses, says why, what it means and what to do, and shows the steps as they went. */
  async function refuses(given: Given, failing: readonly string[], reason: RegExp): Promise<void> {
    const shown = await page.ask(given);
    if (given.fields !== undefined && Object.keys(given.fields).length > 0) await page.clear();
    assert.equal(shown.verdict, 'not-verified');
    assert.deepEqual(shown.failing, failing);
    assert.match(shown.words, /NOT verified/i);
    const first = shown.steps.find(({ outcome }) => outcome === 'failed');
    assert.match(first?.text ?? '', reason);
    assert.ok(shown.meaning.length > 40, `what it means: ${shown.meaning}`);
    assert.ok(shown.whatToDo.length > 40, `what to do: ${shown.whatToDo}`);
  }

  const root = [['root'], /account and path lead to root/] as const;
  const market = [['market'], /market commitment/] as const;
  const place = [['place'], /one of them belongs elsewhere/] as const;

  const TAMPERINGS: readonly Tampering[] = [
    ['[I14] a quantity one higher', () => add('receipt', ['holdings', 0, 'quantity']), ...root],
    ['[I14] a quantity one lower', () => add('receipt', ['holdings', 0, 'quantity'], -1n), ...root],
    ['a holding of another row', () => add('receipt', ['holdings', 0, 'index']), ...root],
    ['a holding left out', () => ({ ...alice, receipt: without(alice.receipt, ['holdings', 1]) }), ...root],
    ['another salt', () => add('receipt', ['salt']), ...root],
    ['another owner', () => add('receipt', ['owner']), ...root],
    ['another user id', () => put('receipt', ['userId'], 'user-1'), ...root],
    ['another sub-account', () => add('receipt', ['subAccount']), ...root],
    ['[I8] the leaf of another user under the own name', () => put('receipt', ['holdings'], valueAt(documentsOf(proven.bundles, BOB).receipt, ['holdings'])), ...root],
    ['another sibling', () => add('receipt', ['path', 'siblings', 0, 3]), ...root],
    ['two siblings swapped', () => swapped('receipt', ['path', 'siblings', 0], 0, 1), ...root],
    ['[I11] another position', () => add('receipt', ['path', 'position']), ...root],
    ['[I11] a position behind the tree', () => put('receipt', ['path', 'position'], '256'), ['receipt-format'], /path\.position: 256 is out of range/],
    ['[I9] a path cut short', () => put('receipt', ['path', 'siblings'], levels().slice(1)), ['receipt-format'], /path\.siblings: has 1 entries/],
    ['[I9] a path cut short, and the depth with it', () => withDepth('1', levels().slice(1)), ['circuit', 'root'], /says depth 1, the attestation 2/],
    ['[I10] a path with one level more, and the depth with it', () => withDepth('3', [...levels(), levels()[1] as JsonValue]), ['circuit', 'root'], /says depth 3, the attestation 2/],
    ['[I13] the path of another epoch', () => put('receipt', ['path'], valueAt(other(2).receipt, ['path'])), ...root],
    ['the path of another user', () => put('receipt', ['path'], valueAt(documentsOf(proven.bundles, BOB).receipt, ['path'])), ...root],
    ['another mark', () => add('receipt', row(1, 'mark')), ...market],
    ['another haircut', () => add('receipt', row(1, 'longCharge'), -1n), ...market],
    ['another loss in a scenario', () => add('receipt', ['market', 'rows', 1, 'pnl', 0]), ...market],
    ['two rows in each other\'s place', rowsSwapped, ...market],
    ['another name of a scenario', () => put('receipt', ['market', 'scenarios', 0], 'slightly down'), ...market],
    ['another number of decimals', () => put('receipt', row(1, 'quantityDecimals'), '5'), ...market],
    ['a table of the level for new positions', () => put('receipt', ['market', 'level'], 'initial'), ['market-range', 'market'], /solvency is proven at maintenance level/],
    ['another epoch', () => put('receipt', ['epoch'], '2'), ...place],
    ['another registry', () => put('receipt', ['venue', 'registry'], OTHER_REGISTRY), ...place],
    ['a record of another epoch', () => put('record', ['epoch'], '2'), ...place],
    ['[I12] another root in the record', () => add('record', ['accountsRoot']), ['root', 'figures'], /registry's record has/],
    ['a record that cannot be read', () => put('record', ['covered'], 'yes'), ['record-format'], /covered/],
    ['fewer unhealthy accounts in the attestation', () => rehashed(put('attestation', ['close', 'unhealthyBound'], '0')), ['figures', 'close-proof'], /unhealthy/],
    ['a smaller shortfall', () => rehashed(put('attestation', ['close', 'shortfall'], '0')), ['figures', 'close-proof'], /shortfall/],
    ['smaller deposits', () => rehashed(add('attestation', ['words', 0], -1n)), ['figures', 'close-proof'], /deposits of settlement asset 0/],
    ['a point of a proof', () => rehashed(add('attestation', ['batches', 1, 'proof', 'a', 0])), ['batch-proofs'], /batch 2 of 2 does not verify/],
    ['an attestation that is not the one it names', () => add('attestation', ['batches', 1, 'proof', 'a', 0]), ['attestation-hash', 'batch-proofs'], /the one given has SHA-256/],
    ['a verification key of another circuit', () => rehashed(put('attestation', ['verificationKeys', batchCircuit], at('attestation', ['verificationKeys', closeCircuit]))), ['keys'], /it was replaced/],
    ['another accumulator', () => rehashed(add('attestation', ['batches', 0, 'accumulatorAfter'])), ['batch-proofs'], /batch 1 of 2 does not verify/],
    ['the last batch dropped', () => batches((all) => all.slice(0, -1)), ['circuit', 'figures', 'close-proof'], /has 1 batches, the registry accepted 2/],
    ['batches in another order', () => batches(([one, two]) => [two, one] as JsonValue[]), ['figures', 'batch-proofs', 'close-proof'], /final accumulator/],
    ['a receipt in the attestation\'s place', () => ({ ...alice, attestation: alice.receipt }), ['attestation-format'], /expected "clearproof-attestation"/],
  ];

  for (const [name, bend, failing, reason] of TAMPERINGS) {
    it(`refuses ${name}`, async () => {
      await refuses(filesOf(bend()), failing, reason);
    });
  }

  it('[I8] refuses the receipt of another user to a reader who says who they are', async () => {
    await refuses(filesOf(documentsOf(proven.bundles, BOB), { 'user-id': 'user-0' }), ['recipient'], /this receipt is for another user: it names "user-1", you are "user-0"/);
  });

  it('refuses the receipt of another owner', async () => {
    await refuses(filesOf(alice, { owner: '5' }), ['recipient'], /this receipt is for another user/);
  });

  it('refuses the receipt of another venue than the reader means', async () => {
    await refuses(filesOf(alice, { registry: OTHER_REGISTRY }), ['place'], /the venue you asked for/);
  });

  it('refuses insecure keys that had their label cut off, and shows them as insecure', async () => {
    const cut = [batchCircuit, closeCircuit].reduce((documents, circuit) => edit(documents, 'attestation', ['verificationKeys', circuit, 'security'], 'ceremony'), alice);
    const shown = await page.ask(filesOf(rehashed(cut)));
    assert.deepEqual([shown.verdict, shown.failing, shown.insecure], ['not-verified', ['keys'], true]);
    assert.match(shown.steps.find(({ outcome }) => outcome === 'failed')?.text ?? '', /secrets of .*, which are public: anyone can forge with it/);
  });

  it('shows keys as insecure by their label alone', async () => {
    const silent = [['closeCircuit', 'insecure'], ['batchCircuits', 0, 'insecure'], ['batchCircuits', 1, 'insecure']].reduce((documents, path) => edit(documents, 'record', path, false), alice);
    const shown = await page.ask(filesOf(silent));
    assert.deepEqual([shown.verdict, shown.insecure], ['verified', true]);
  });

  describe('in a spelling of its own', () => {
    const quantity = ['holdings', 0, 'quantity'] as const;
    const spelt = (spelling: string): string => JSON.stringify(withValue(alice.receipt, quantity, 'HERE')).replace('"HERE"', spelling);
    const text = (): string => JSON.stringify(alice.receipt);
    const SPELLINGS: readonly (readonly [string, () => string | Buffer, RegExp])[] = [
      ...['"30000000000.0"', '"3e10"', '"0x6fc23ac00"', '"-0"', '"030000000000"', '" 30000000000"', '"٣"'].map((spelling) => [`an amount spelt ${spelling}`, () => spelt(spelling), /holdings\[0\]\.quantity/] as const),
      ['[I16] a JSON number', () => spelt('30000000000'), /is a JSON number/],
      ['[I16] a JSON number above 2^53', () => spelt('9007199254740993'), /is the JSON number/],
      ['a JSON number with a point', () => spelt('1.5'), /holdings\[0\]\.quantity/],
      ['a JSON number with an exponent', () => spelt('3e10'), /holdings\[0\]\.quantity/],
      ['null', () => spelt('null'), /is null/],
      ['a field twice', () => text().replace('"epoch":"1"', '"epoch":"2","epoch":"1"'), /"epoch" stands twice/],
      ['a field twice, once with escapes', () => text().replace('"epoch":"1"', '"\\u0065poch":"2","epoch":"1"'), /"epoch" stands twice/],
      ['__proto__', () => text().replace('"epoch":"1"', '"__proto__":{"epoch":"1"},"epoch":"1"'), /__proto__/],
      ['an unknown field', () => text().replace('"epoch":"1"', '"note":"x","epoch":"1"'), /note: unknown field/],
      ['a byte order mark', () => `\ufeff${text()}`, /receipt\.json/],
      ['text after its end', () => `${text()} {}`, /text follows the end/],
      ['17 levels', () => text().replace('"epoch":"1"', `"epoch":${'['.repeat(17)}${']'.repeat(17)}`), /nested deeper/],
      ['half of it', () => text().slice(0, text().length / 2), /receipt\.json/],
      ['a space', () => ' ', /receipt\.json/],
      ['bytes without meaning', () => Buffer.from(Array.from({ length: 4_096 }, (_, place) => (place * 167 + 13) % 256)), /receipt\.json/],
    ];
    for (const [name, make, reason] of SPELLINGS) {
      it(`[I15] refuses ${name}`, async () => {
        await refuses({ ...filesOf(alice), receipts: [{ name: RECEIPT_FILE, content: make() }] }, ['receipt-format'], reason);
      });
    }
  });

  it('reads a byte that is no UTF-8 as the program does, and refuses the name it makes', async () => {
    const content = Buffer.from(JSON.stringify(alice.receipt).replace('user-0', 'user-\u00ff'), 'latin1');
    await refuses({ ...filesOf(alice), receipts: [{ name: RECEIPT_FILE, content }] }, ...root);
  });

  it('takes a pretty-printed attestation for what it is', async () => {
    const pretty = JSON.stringify(alice.attestation, undefined, 2);
    assert.equal(attestationSha256(parseAttestation(pretty)), valueAt(alice.receipt, ['attestation', 'sha256']));
    const shown = await page.ask({ ...filesOf(alice), attestation: { name: 'pretty.json', content: pretty } });
    assert.equal(shown.verdict, 'verified');
  });
});
