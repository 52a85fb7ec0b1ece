import type { Verdict, VerificationReport, VerificationStep } from '../../verification/report.js';
import { byId, fill, make } from '../elements.js';
import { STEP_WORDS } from './step-words.js';
import { HEADLINES, verdictWords } from './verdict-words.js';

const MARKS = { passed: 'OK', failed: 'FAILED', skipped: 'not checked' } as const;

const verdict = byId('verdict', HTMLDivElement);
const steps = byId('steps', HTMLOListElement);

/** Takes everything away that an answer showed. */
export function clearAnswer(words: string): void {
  delete verdict.dataset['verdict'];
  fill(verdict, words);
  for (const id of ['meaning', 'what-to-do', 'not-checked']) showBlock(id, undefined, []);
  fill(byId('warnings', HTMLUListElement));
  byId('warnings-section', HTMLElement).hidden = true;
  byId('insecure', HTMLDivElement).hidden = true;
  showSteps([]);
}

/** Says how it stands while proofs are still looked at. */
export function showInterim(headline: string, sentence: string): void {
  fill(verdict, make('p', { class: 'headline' }, headline), make('p', {}, sentence));
}

/** Headline and sentence of everything that was asked; the rest is of one report. */
export function showVerdict(overall: { readonly verdict: Verdict; readonly sentence: string } | undefined, report: VerificationReport, about: 'receipt' | 'attestation'): void {
  const words = verdictWords(report, about);
  const { verdict: stated, sentence } = overall ?? { verdict: report.verdict, sentence: words.sentence };
  verdict.dataset['verdict'] = stated;
  fill(verdict, make('p', { class: 'headline' }, HEADLINES[stated]), make('p', {}, sentence));
  showBlock('meaning', 'What it means', words.meaning === undefined ? [] : [words.meaning]);
  showBlock('what-to-do', 'What to do', words.whatToDo === undefined ? [] : [words.whatToDo]);
  showBlock('not-checked', 'What was not checked', words.notChecked);
  fill(byId('warnings', HTMLUListElement), ...report.warnings.map((warning) => make('li', {}, warning)));
  byId('warnings-section', HTMLElement).hidden = report.warnings.length === 0;
}

export function showInsecure(insecure: boolean): void {
  byId('insecure', HTMLDivElement).hidden = !insecure;
}

export function showSteps(shown: readonly VerificationStep[]): void {
  fill(steps, ...shown.map(stepItem));
  byId('steps-section', HTMLElement).hidden = shown.length === 0;
}

export function addStep(step: VerificationStep): void {
  steps.append(stepItem(step));
  byId('steps-section', HTMLElement).hidden = false;
}

function stepItem({ id, title, outcome, detail }: VerificationStep): HTMLLIElement {
  const item = make('li', { 'data-step': id, 'data-outcome': outcome },
    make('span', { class: 'mark' }, MARKS[outcome]), ` ${title} `, make('span', { class: 'detail' }, detail));
  if (outcome === 'failed') item.append(make('p', {}, STEP_WORDS[id].meaning));
  return item;
}

function showBlock(id: string, title: string | undefined, sentences: readonly string[]): void {
  const block = byId(id, HTMLDivElement);
  block.hidden = sentences.length === 0;
  const body = sentences.length === 1 ? [make('p', {}, ...sentences)] : [make('ul', {}, ...sentences.map((sentence) => make('li', {}, sentence)))];
  fill(block, ...(title === undefined || sentences.length === 0 ? [] : [make('h3', {}, title), ...body]));
}
