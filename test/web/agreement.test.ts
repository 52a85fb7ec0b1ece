import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { Random } from '../../src/margin/synthetic/random.js';
import { reportToJson } from '../../src/verification/report-json.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { ALICE, BOB, CAROL } from '../builders/attestation.js';
import { broken } from '../builders/broken-bundle.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { documentsOf } from '../builders/questions.js';
import { randomEpoch, type RandomEpoch } from '../builders/random-epoch.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { ATTESTATION_FILE, fileOf, filesOf, RECEIPT_FILE, RECORD_FILE } from './bundle-files.js';
import { assertQuiet, VerificationPage, type Given, type GivenFile } from './verification-page.js';

/** SEED=… runs another thousand. */
const SEED = process.env['SEED'] ?? 'page and program';
const EPOCHS = 10;
const RECEIPTS = 100;
/** Of each epoch's 100 receipts so many are broken as well; of each of attestation and record 20. */
const BROKEN = 16;
const BROKEN_EVIDENCE = 20;

describe(`[I23] page and program agree (seed "${SEED}")`, function () {
  this.timeout(600_000);
  let browser: Chromium;
  let server: PageServer;
  let poseidon: Poseidon;
  let circuits: Awaited<ReturnType<typeof readCircuitList>>;
  let page: VerificationPage;
  before(async () => {
    [browser, server, poseidon, circuits] = await Promise.all([Chromium.start(), PageServer.start(), bulkPoseidon(), readCircuitList()]);
    page = await VerificationPage.open(browser, server);
  });
  afterEach(() => page.clear());
  after(async () => {
    assertQuiet(page);
    await browser.stop();
    await server.stop();
    await releaseCurves();
  });

  /** What the program's engine says of the same bytes. */
  async function engineSays({ receipts = [], attestation, record }: Given): Promise<readonly Report[]> {
    const reports: Report[] = [];
    for (const receipt of receipts) {
      const report = await verifyReceipt({
        poseidon, circuits, receipt: bundleOf(receipt),
        ...(attestation === undefined ? {} : { attestation: bundleOf(attestation) }),
        record: record === undefined ? { source: 'none', reason: '' } : { source: 'file', bundle: bundleOf(record) },
        expected: {},
      });
      // As `clearproof verify --json` prints it.
      reports.push(JSON.parse(JSON.stringify(reportToJson(report))) as Report);
    }
    return reports;
  }

  async function pageSays(given: Given): Promise<readonly Report[]> {
    const { verdict } = await page.ask(given);
    const exported = await page.report() as Report | readonly Report[];
    const reports = Array.isArray(exported) ? (exported as readonly Report[]) : [exported as Report];
    if (reports.length === 1) assert.equal(verdict, reports[0]?.verdict);
    else assert.deepEqual((await page.results()).map(([, shown]) => shown), reports.map((report) => report.verdict));
    return reports;
  }

  /** Verdict, every step with its outcome, words and code, warnings and every figure of the margin. */
  async function agree(given: Given): Promise<readonly string[]> {
    const [shown, expected] = [await pageSays(given), await engineSays(given)];
    assert.equal(shown.length, expected.length);
    shown.forEach((report, place) => assert.deepEqual(comparable(report), comparable(expected[place] as Report), given.receipts?.[place]?.name));
    return expected.map(({ verdict }) => verdict);
  }

  /** A break after which the engine says no: of those that harm nothing another is drawn. */
  async function reallyBroken(random: Random, text: string, given: (content: Buffer) => Given): Promise<Buffer> {
    for (;;) {
      const content = broken(random, text);
      const [report] = await engineSays(given(content));
      if (report?.verdict === 'not-verified') return content;
    }
  }

  for (let place = 0; place < EPOCHS; place += 1) {
    it(`on ${RECEIPTS} random and ${BROKEN} broken receipts of epoch ${place}`, async () => {
      const epoch = randomEpoch(poseidon, SEED, place, RECEIPTS);
      const random = Random.fromSeed(`${SEED} broken ${place}`);
      const record = fileOf(RECORD_FILE, epoch.record);
      const files: GivenFile[] = epoch.receipts.map((content, number) => ({ name: `receipt-${number}.json`, content }));
      for (let number = 0; number < BROKEN; number += 1) {
        const name = `broken-${number}.json`;
        const content = await reallyBroken(random, random.pick(epoch.receipts), (bytes) => ({ receipts: [{ name, content: bytes }], record }));
        files.push({ name, content });
      }
      const verdicts = await agree({ receipts: files, record });
      assert.deepEqual(verdicts, [...epoch.receipts.map(() => 'verified'), ...Array.from({ length: BROKEN }, () => 'not-verified')]);
    });
  }

  it(`on ${BROKEN_EVIDENCE} broken records`, async () => {
    const epoch: RandomEpoch = randomEpoch(poseidon, SEED, 1, 3);
    const random = Random.fromSeed(`${SEED} broken records`);
    const receipts = epoch.receipts.map((content, number) => ({ name: `receipt-${number}.json`, content }));
    const given = (content: Buffer): Given => ({ receipts, record: { name: RECORD_FILE, content } });
    for (let number = 0; number < BROKEN_EVIDENCE; number += 1) {
      const content = await reallyBroken(random, JSON.stringify(epoch.record), given);
      await agree(given(content));
      await page.clear();
    }
  });

  it(`on ${BROKEN_EVIDENCE} broken attestations, and on good ones with every proof`, async () => {
    const proven: ProvenEpoch = await provenEpoch();
    const random = Random.fromSeed(`${SEED} broken attestations`);
    for (const place of [ALICE, BOB, CAROL]) {
      assert.deepEqual(await agree(filesOf(documentsOf(proven.bundles, place))), ['verified']);
      await page.clear();
    }
    const alice = documentsOf(proven.bundles, ALICE);
    const given = (content: Buffer): Given => ({ ...filesOf(alice), receipts: [fileOf(RECEIPT_FILE, alice.receipt)], attestation: { name: ATTESTATION_FILE, content } });
    for (let number = 0; number < BROKEN_EVIDENCE; number += 1) {
      const content = await reallyBroken(random, JSON.stringify(alice.attestation), given);
      assert.deepEqual(await agree(given(content)), ['not-verified']);
      await page.clear();
    }
  });
});

interface Report {
  readonly verdict: string;
  readonly summary: string;
  readonly steps: readonly { readonly id: string; readonly outcome: string; readonly code?: string; readonly detail: string }[];
  readonly warnings: readonly string[];
  readonly keySecurity: string;
  readonly margin: unknown;
}

function comparable({ verdict, summary, steps, warnings, keySecurity, margin }: Report): Report {
  return {
    verdict, warnings, keySecurity, margin, summary: ownWords(summary),
    steps: steps.map((step) => ({ ...step, detail: ownWords(step.detail) })),
  };
}

/** Without what the JavaScript engine says of a string's syntax: newer ones add line and column. */
function ownWords(text: string): string {
  return text.replace(/not a JSON string \(.*\): correct/s, 'not a JSON string: correct');
}

/** Bytes to text as the program reads files. */
function bundleOf({ name, content }: GivenFile): { readonly file: string; readonly text: string } {
  return { file: name, text: typeof content === 'string' ? content : content.toString('utf8') };
}
