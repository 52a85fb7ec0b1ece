import { byId } from '../elements.js';
import { showAccount } from './account-view.js';
import { addStep, clearAnswer, showInsecure, showInterim, showSteps, showVerdict } from './answer-view.js';
import { BucketRequest } from './bucket-request.js';
import { ChosenFiles } from './chosen-files.js';
import { EngineClient } from './engine/engine-client.js';
import type { Identified, PageQuestion, Told } from './engine/protocol.js';
import { ProgressView } from './progress-view.js';
import { QuestionForm } from './question-form.js';
import { addResult, clearResults, markChosen } from './results-view.js';
import { Run } from './run.js';
import { saveJson } from './save-report.js';

const IDLE = 'Nothing was checked yet.';
const CHANGED = 'What is chosen or typed was changed since the last check. Press “Verify” to check it as it is now.';

/** The page's state: what is asked, what is known so far, what is shown. */
export class VerificationPage {
  readonly files: ChosenFiles;
  private readonly main = document.getElementsByTagName('main')[0] as HTMLElement;
  private readonly verdict = byId('verdict', HTMLDivElement);
  private readonly exportButton = byId('export-report', HTMLButtonElement);
  private readonly form = new QuestionForm();
  private readonly progress = new ProgressView();
  private readonly engine: EngineClient;
  private readonly bucket: BucketRequest;
  private run: Run | undefined;
  /** The button was pressed before it was known what dropped files are. */
  private pressed = false;

  constructor() {
    // What stood there says that this program did not start.
    clearAnswer(IDLE);
    this.engine = new EngineClient((told) => this.hear(told));
    this.files = new ChosenFiles((documents) => this.engine.ask({ kind: 'identify', documents }), () => this.changed());
    this.bucket = new BucketRequest(this.files, (request, link) => this.engine.ask({ kind: 'fetch', request, link }));
    const question = byId('question', HTMLFormElement);
    question.addEventListener('submit', (event) => {
      event.preventDefault();
      this.verify();
    });
    question.addEventListener('input', () => this.changed());
    byId('clear', HTMLButtonElement).addEventListener('click', () => this.clear());
    this.exportButton.addEventListener('click', () => saveJson('clearproof-report.json', this.run?.toJson()));
  }

  private verify(): void {
    this.pressed = !this.files.areIdentified;
    if (this.pressed || this.files.refusesUnread()) return;
    const typed = this.form.read();
    if ('sentence' in typed) {
      this.files.refuse([typed.sentence]);
      typed.field.focus();
      return;
    }
    const { pastedAttestation, ...answers } = typed;
    if (pastedAttestation !== undefined && this.files.attestation !== undefined) {
      this.files.refuse(['An attestation was chosen and another one pasted: take one of them away.']);
      return;
    }
    const { receipts, record } = this.files;
    // The record would answer alone, to a reader who named a chain. A venue may have put it among the files.
    if (record !== undefined && answers.rpc !== undefined) {
      this.files.refuse(['A saved record was chosen and an end point of the chain named: take one of them away. A record that came from the venue is the venue\'s word.']);
      return;
    }
    const attestation = pastedAttestation === undefined ? this.files.attestation : new File([pastedAttestation], 'pasted attestation');
    if (receipts.length === 0 && attestation === undefined) {
      this.files.refuse(['There is nothing to check yet: choose your receipt, or an attestation.']);
      byId('receipt-file', HTMLInputElement).focus();
      return;
    }
    this.start({ ...answers, receipts, ...(attestation === undefined ? {} : { attestation }), ...(record === undefined ? {} : { record }) });
  }

  private start(question: PageQuestion): void {
    if (this.main.dataset['state'] === 'working') this.engine.restart();
    this.files.refuse([]);
    this.wipe('Checking …');
    this.run = new Run(question.receipts.length === 0 ? 'attestation' : 'receipt');
    this.main.dataset['state'] = 'working';
    this.engine.ask({ kind: 'verify', question });
  }

  /** An answer stands beside what it is about, or not at all. */
  private changed(): void {
    if (this.run === undefined) return;
    if (this.main.dataset['state'] === 'working') {
      this.engine.restart();
      this.bucket.interrupt();
    }
    this.run = undefined;
    this.wipe(CHANGED);
    this.main.dataset['state'] = 'idle';
  }

  private clear(): void {
    this.engine.restart();
    this.run = undefined;
    this.pressed = false;
    this.files.clear();
    this.bucket.forget();
    this.form.clear();
    this.wipe(IDLE);
    this.main.dataset['state'] = 'idle';
  }

  private wipe(words: string): void {
    clearAnswer(words);
    clearResults();
    showAccount(undefined, undefined);
    this.progress.hide();
    this.exportButton.disabled = true;
  }

  private hear(told: Told): void {
    if (told.kind === 'identified') return this.identified(told.found);
    if (told.kind === 'fetched' || told.kind === 'not-fetched') return this.bucket.hear(told);
    if (told.kind === 'fault') return this.fault(told.message);
    const { run } = this;
    if (run === undefined) return;
    if (told.kind === 'ended') return this.ended(run);
    if (told.kind === 'began') return this.began(run, told);
    const item = run.items[told.item];
    if (item === undefined) return;
    switch (told.kind) {
      case 'step':
        item.steps.push(told.step);
        item.watch.step(told.step.id);
        if (told.item === 0) addStep(told.step);
        if (told.step.id === 'margin') this.interim(run, told.item);
        break;
      case 'account':
        item.account = told.account;
        if (told.item === 0) showAccount(told.account, undefined);
        break;
      case 'proof':
        item.watch.proof(told.milliseconds);
        item.proofs = told;
        break;
      case 'report':
        item.report = told.report;
        item.watch.done();
        if (run.expected > 1) addResult(item, () => this.show(run, told.item, true));
        break;
    }
    this.progress.show(run, told.item);
  }

  private identified(found: readonly Identified[]): void {
    this.files.take(found);
    // What was refused is read before anything is answered.
    if (this.pressed && found.every((one) => 'kind' in one)) this.verify();
    this.pressed &&= !this.files.areIdentified;
  }

  private began(run: Run, { item, file, of }: Extract<Told, { kind: 'began' }>): void {
    run.begin(item, file, of);
    this.progress.show(run, item);
  }

  /** Inclusion and margin are known long before the last proof is. */
  private interim(run: Run, place: number): void {
    if (run.expected > 1) return;
    const steps = run.items[place]?.steps ?? [];
    const failed = steps.some(({ outcome }) => outcome === 'failed');
    const included = steps.find(({ id }) => id === 'root')?.outcome === 'passed';
    if (failed) showInterim('NOT verified', 'A step failed. The rest is still being checked.');
    else if (included) showInterim('So far, so good', 'The account is in the tree of accounts and its margin is worked out. The proofs are still being checked.');
  }

  private ended(run: Run): void {
    this.main.dataset['state'] = 'done';
    this.progress.hide();
    this.exportButton.disabled = false;
    showInsecure(run.items.some(({ report }) => report?.keySecurity === 'insecure'));
    this.show(run, run.worst, false);
    this.verdict.focus({ preventScroll: true });
    this.verdict.scrollIntoView({ block: 'nearest' });
  }

  /** Shows one item in full. @param chosen whether a reader asked for this one */
  private show(run: Run, place: number, chosen: boolean): void {
    const item = run.items[place];
    if (item?.report === undefined || this.main.dataset['state'] !== 'done') return;
    showVerdict(run.overall, item.report, run.about);
    showSteps(item.steps);
    showAccount(item.account, item.report.verdict);
    markChosen(place);
    if (chosen) byId('meaning', HTMLDivElement).scrollIntoView({ block: 'nearest' });
  }

  /** A fault of the program is no verdict about anybody. */
  private fault(message: string): void {
    this.run = undefined;
    this.pressed = false;
    this.files.stopIdentifying();
    this.bucket.forget();
    this.engine.restart();
    this.wipe(IDLE);
    this.main.dataset['state'] = 'idle';
    this.files.refuse([`The page itself failed (${message}) and says nothing about your receipt. Load it again; if it fails again, use the program "clearproof verify".`]);
  }
}
