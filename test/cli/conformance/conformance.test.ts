import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseCases, type ConformanceCase } from '../../../src/cli/conformance/conformance-case.js';
import { readCases, runCases, type CaseOutcome } from '../../../src/cli/conformance/conformance-command.js';
import { runCase } from '../../../src/cli/conformance/run-case.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { STEP_TITLES } from '../../../src/verification/steps.js';
import { clearproof } from '../program.js';

const CORPUS = 'test/vectors/conformance';
/** Threats of the design's list that a verifier meets; I1 and I21 speak of sums in nodes, which this tree has none of. */
const THREATS = ['I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15', 'I16', 'I17'];

interface CaseJson { name: string; kind: string; threat?: string; documents?: Record<string, unknown>; expect: { verdict: string; step?: string; code?: string; figures?: Record<string, string> } }

async function rawCases(): Promise<CaseJson[]> {
  const files = (await readdir(join(CORPUS, 'cases'))).sort();
  return (await Promise.all(files.map(async (file) => (JSON.parse(await readFile(join(CORPUS, 'cases', file), 'utf8')) as { cases: CaseJson[] }).cases))).flat();
}

/** A corpus of these cases, over the real base documents. */
async function withCases<Result>(cases: unknown, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-conformance-'));
  try {
    for (const base of ['whole-close', 'size-tiers', 'close-in-parts', 'buckets']) await symlink(resolve(CORPUS, base), join(folder, base));
    await mkdir(join(folder, 'cases'));
    await writeFile(join(folder, 'cases', 'cases.json'), JSON.stringify({ format: 'clearproof-conformance-cases', version: 1, cases }));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the conformance corpus', function () {
  this.timeout(120_000);
  let cases: CaseJson[];
  let outcomes: readonly CaseOutcome[];
  before(async () => {
    cases = await rawCases();
    outcomes = await runCases(CORPUS);
  });
  after(() => releaseCurves());

  it('holds, every case of it', () => {
    assert.deepEqual(outcomes.filter(({ holds }) => !holds).map(({ name, differences }) => `${name}: ${differences.join('; ')}`), []);
    assert.equal(outcomes.length, cases.length);
  });

  it('fits its schema', async () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(JSON.parse(await readFile(join(CORPUS, 'cases.schema.json'), 'utf8')) as object);
    assert.equal(validate({ format: 'clearproof-conformance-cases', version: 1, cases }), true, JSON.stringify(validate.errors));
    const [first] = cases;
    assert.equal(validate({ format: 'clearproof-conformance-cases', version: 1, cases: [{ ...first, kind: 'other' }] }), false);
  });

  it('stresses every step of a receipt and of an attestation that can fail, and each threat to a verifier', () => {
    const steps = new Set(cases.map(({ expect }) => expect.step));
    // "margin" explains and never fails; the steps of stress attestations have a test of their own.
    const needed = Object.keys(STEP_TITLES).filter((step) => step !== 'margin' && !step.startsWith('stress-'));
    assert.deepEqual(needed.filter((step) => !steps.has(step) && step !== 'leaf'), []);
    const threats = new Set(cases.map(({ threat }) => threat));
    assert.deepEqual(THREATS.filter((threat) => !threats.has(threat)), []);
    assert.ok(cases.length >= 100, `${cases.length} cases`);
    assert.deepEqual(new Set(cases.map(({ expect }) => expect.verdict)), new Set(['verified', 'not-verified', 'cannot-tell', 'accepted', 'refused']));
  });

  it('notices a verifier that says anything else: every verdict, step, code and figure is compared', async () => {
    const poseidon = await bulkPoseidon();
    const cheap = cases.filter(({ kind, expect }) => kind !== 'attestation' && (expect.step ?? '').endsWith('format') || kind === 'margin' || kind === 'digest');
    const bent = cheap.flatMap((one): CaseJson[] => [
      { ...one, name: `${one.name}-verdict`, expect: { ...one.expect, verdict: one.expect.verdict === 'cannot-tell' ? 'verified' : 'cannot-tell' } },
      { ...one, name: `${one.name}-code`, expect: { ...one.expect, code: 'OTHER' } },
      { ...one, name: `${one.name}-step`, expect: { ...one.expect, step: 'other' } },
      ...Object.keys(one.expect.figures ?? {}).map((figure) => ({ ...one, name: `${one.name}-${figure.toLowerCase()}`, expect: { ...one.expect, figures: { ...one.expect.figures, [figure]: 'other' } } })),
    ]);
    assert.ok(bent.length > 200);
    await withCases(bent, async (folder) => {
      const held = (await runCases(folder)).filter(({ holds }) => holds);
      assert.deepEqual(held.map(({ name }) => name), []);
      const [first] = await readCases(folder);
      assert.equal((await runCase(poseidon, folder, first as ConformanceCase)).verdict, 'not-verified');
    });
  });

  it('runs on the command line: 0 when all holds, 1 and the difference when not, as JSON too', async () => {
    const few = cases.filter(({ kind }) => kind === 'digest' || kind === 'poseidon');
    await withCases(few, async (folder) => {
      const good = await clearproof('conformance', folder);
      assert.deepEqual([good.code, good.stdout.trim().split('\n').at(-1)], [0, `all ${few.length} cases hold`], good.stderr);
    });
    const [one] = few;
    await withCases([{ ...one, expect: { verdict: 'refused' } }], async (folder) => {
      const bad = await clearproof('conformance', folder);
      assert.equal(bad.code, 1);
      assert.match(bad.stdout, new RegExp(`DIFFERS ${one?.name}: verdict: expected refused, found accepted\n1 of 1 cases differ`));
      const json = JSON.parse((await clearproof('conformance', folder, '--json')).stdout) as { differ: number };
      assert.equal(json.differ, 1);
    });
  });

  it('is refused when it has no cases, a name twice, a document that lacks, or a patch that fits nothing', async () => {
    const one = cases.find(({ kind }) => kind === 'margin') as CaseJson;
    await assert.rejects(withCases([one, one], readCases), { code: 'CONFORMANCE_CASE', message: /two cases are called/ });
    await assert.rejects(withCases([], readCases), { code: 'JSON_SHAPE' });
    await assert.rejects(readCases('test/vectors/nowhere'), { code: 'CONFORMANCE_CASE', message: /cannot be read/ });
    await assert.rejects(withCases([{ ...one, documents: {} }], (folder) => runCases(folder)), { code: 'CONFORMANCE_CASE', message: /has no document receipt/ });
    const from = (source: object): unknown[] => [{ ...one, documents: { receipt: source } }];
    await assert.rejects(withCases(from({ base: 'whole-close/none.json' }), (folder) => runCases(folder)), { code: 'CONFORMANCE_CASE', message: /cannot be read/ });
    await assert.rejects(withCases(from({ base: '../secret.json' }), readCases), { code: 'JSON_SHAPE' });
    await assert.rejects(withCases(from({ base: 'whole-close/receipt-0.json', edits: [{ find: '"', replace: '' }] }), (folder) => runCases(folder)), { code: 'CONFORMANCE_CASE', message: /exactly once/ });
  });

  it('is the same documents as the vectors of the version that made them', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'clearproof-conformance-'));
    try {
      await cp('test/vectors/releases/0.1.0', copy, { recursive: true });
      for (const epoch of ['whole-close', 'size-tiers', 'close-in-parts']) {
        for (const [own, released] of [['attestation', 'attestation'], ['record', 'record'], ['receipt-0', 'receipts/0'], ['receipt-1', 'receipts/1'], ['receipt-2', 'receipts/2']]) {
          assert.deepEqual(await readFile(join(CORPUS, epoch, `${own}.json`)), await readFile(join(copy, epoch, `${released}.json`)), `${epoch}/${own}`);
        }
      }
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});

describe('a file of cases', () => {
  const parse = (one: unknown, head: object = {}): unknown => parseCases(JSON.stringify({ format: 'clearproof-conformance-cases', version: 1, cases: [one], ...head }), 'cases.json');
  const sound = { name: 'a-case', stresses: 'x', kind: 'digest', question: { text: 'a' }, expect: { verdict: 'accepted' } };

  it('is read strictly', () => {
    assert.ok(parse(sound));
    for (const [one, head] of [
      [{ ...sound, name: 'A case' }], [{ ...sound, kind: 'other' }], [{ ...sound, note: '' }], [{ ...sound, question: { other: 'a' } }], [{ ...sound, expect: {} }],
      [{ ...sound, expect: { verdict: 'maybe' } }], [{ ...sound, threat: 'fourteen' }], [{ ...sound, documents: { receipt: {} } }], [{ ...sound, documents: { receipt: { base: 'a.json', text: '' } } }],
      [{ ...sound, documents: { receipt: { base: 'a.json', patch: [{ op: 'test', path: '/a', value: '1' }] } } }], [{ ...sound, documents: { receipt: { base: 'a.json', patch: [{ op: 'remove', path: '' }] } } }],
      [sound, { format: 'other' }], [sound, { version: 2 }],
    ] as const) assert.throws(() => parse(one, head ?? {}), { code: 'JSON_SHAPE' }, JSON.stringify([one, head]));
  });
});
