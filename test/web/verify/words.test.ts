import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CODE_WORDS } from '../../../src/web/verify/code-words.js';
import { STEP_WORDS } from '../../../src/web/verify/step-words.js';
import { verdictWords } from '../../../src/web/verify/verdict-words.js';
import { STEP_TITLES, type StepId } from '../../../src/verification/steps.js';
import type { Finding, VerificationReport } from '../../../src/verification/report.js';

const RUNTIME_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
/** Codes of modules that verification reaches for other things than reading bundles: a venue's own files, and what writes bundles. */
const OF_THE_VENUE = [
  'SOURCE_READ', 'ENCODING', 'ROW_LENGTH', 'CSV_HEADER', 'CSV_ROW', 'COLUMN_MAPPING', 'EMPTY_SNAPSHOT', 'DUPLICATE_ACCOUNT', 'TOO_MANY_HOLDINGS',
  'SUB_ACCOUNT', 'OWNER', 'QUANTITY_FORM', 'QUANTITY_PRECISION', 'QUANTITY_RANGE', 'HAIRCUT_TABLE', 'PERPETUAL_LIST', 'RISK_IMPORT', 'NOT_CANONICAL', 'STRESS',
];
/** Words that mean something to those who made this, and to nobody else. */
const JARGON = /\b(witness|circom|snark|groth16|poseidon|pairing|accumulator|nullifier|G1|G2|calldata|merkle)\b/i;
const EMPTY: VerificationReport = { verdict: 'verified', summary: '', steps: [], keySecurity: 'not-flagged', warnings: [], margin: undefined };

function step(id: StepId, finding: Finding): VerificationReport['steps'][number] {
  return { id, title: STEP_TITLES[id], ...finding };
}

/** Codes of every error class and finding in what a page verifies with. */
function codes(): ReadonlySet<string> {
  const seen = new Set<string>();
  const found = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    const text = readFileSync(module, 'utf8');
    for (const [, code = ''] of text.matchAll(/readonly code = '([A-Z0-9_]+)'/g)) found.add(code);
    if (module.startsWith('src/verification/')) for (const [, code = ''] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) found.add(code);
    for (const [, name = ''] of text.matchAll(RUNTIME_IMPORT)) if (name.startsWith('.')) visit(normalize(join(dirname(module), name.replace(/\.js$/, '.ts'))));
  };
  ['src/verification/verify-receipt.ts', 'src/verification/verify-attestation.ts'].forEach(visit);
  return found;
}

describe('[P-158] the words of the verification page', () => {
  for (const id of Object.keys(STEP_TITLES) as StepId[]) {
    it(`say of the step ${id} what its failure means, what to do, and what stays open without it`, () => {
      const { meaning, whatToDo, open } = STEP_WORDS[id];
      for (const sentence of [meaning, whatToDo, open]) {
        assert.ok(sentence.length > 30, sentence);
        assert.match(sentence, /^[A-Z].*\.$/s);
        assert.doesNotMatch(sentence, JARGON);
      }
    });
  }

  it('say of every code that a bundle can fail with what was found', () => {
    const expected = [...codes()].filter((code) => !OF_THE_VENUE.includes(code));
    assert.ok(expected.length > 30, 'the walk found the codes');
    assert.deepEqual(expected.filter((code) => !Object.hasOwn(CODE_WORDS, code)), []);
    for (const sentence of Object.values(CODE_WORDS)) assert.match(sentence, /^[A-Z].{20,}\.$/s);
  });

  it('name codes only that there are', () => {
    const known = codes();
    assert.deepEqual(Object.keys(CODE_WORDS).filter((code) => !known.has(code)), []);
    assert.deepEqual(OF_THE_VENUE.filter((code) => !known.has(code)), []);
  });

  it('speak of the first step that failed, with what was found', () => {
    const words = verdictWords({
      ...EMPTY, verdict: 'not-verified',
      steps: [step('root', { outcome: 'failed', detail: '', code: 'ROOT_MISMATCH' }), step('keys', { outcome: 'failed', detail: '', code: 'KEY_MISMATCH' })],
    }, 'receipt');
    assert.equal(words.headline, 'NOT verified');
    assert.ok(words.sentence.includes(STEP_TITLES.root));
    assert.equal(words.meaning, `${CODE_WORDS['ROOT_MISMATCH']} ${STEP_WORDS.root.meaning}`);
    assert.equal(words.whatToDo, STEP_WORDS.root.whatToDo);
  });

  it('take no code for words that every object has', () => {
    const words = verdictWords({ ...EMPTY, verdict: 'not-verified', steps: [step('leaf', { outcome: 'failed', detail: '', code: 'constructor' })] }, 'receipt');
    assert.equal(words.meaning, STEP_WORDS.leaf.meaning);
  });

  it('say without a chain that nobody can tell, and what was not looked at', () => {
    const words = verdictWords({ ...EMPTY, verdict: 'cannot-tell', steps: [step('record-format', { outcome: 'skipped', detail: '' })] }, 'receipt');
    assert.equal(words.headline, 'Cannot tell');
    assert.match(words.whatToDo ?? '', /RPC end point/);
    assert.deepEqual(words.notChecked, [STEP_WORDS['record-format'].open]);
    assert.doesNotMatch(words.sentence, /verified/i);
  });

  it('claim proofs were checked here only where they were, and never that an attestation holds your account', () => {
    const proofs = (outcome: 'passed' | 'skipped'): VerificationReport => ({ ...EMPTY, steps: [step('close-proof', { outcome, detail: '' })] });
    assert.match(verdictWords(proofs('passed'), 'receipt').sentence, /on this device/);
    assert.doesNotMatch(verdictWords(proofs('skipped'), 'receipt').sentence, /on this device/);
    assert.deepEqual(verdictWords(proofs('skipped'), 'receipt').notChecked, [STEP_WORDS['close-proof'].open]);
    assert.match(verdictWords(proofs('passed'), 'attestation').sentence, /only your receipt tells/);
  });
});
