import assert from 'node:assert/strict';
import type { BrowserContextOptions } from 'playwright-core';
import type { BrowserTab, Chromium } from '../harness/chromium.js';
import type { PageServer } from '../harness/page-server.js';

/** A file as a reader picks it. Bytes, since what a file holds need not be text. */
export interface GivenFile {
  readonly name: string;
  readonly content: string | Buffer;
}

/** Everything a reader can give the page. */
export interface Given {
  readonly receipts?: readonly GivenFile[];
  readonly attestation?: GivenFile;
  readonly record?: GivenFile;
  readonly fields?: Readonly<Partial<Record<'rpc-url' | 'registry' | 'chain-id' | 'venue-id' | 'user-id' | 'owner' | 'attestation-text', string>>>;
}

export interface ShownStep {
  readonly id: string;
  readonly outcome: string;
  readonly text: string;
}

/** What the page shows when it is done. */
export interface Shown {
  readonly verdict: string;
  /** Headline and words. */
  readonly words: string;
  readonly meaning: string;
  readonly whatToDo: string;
  readonly steps: readonly ShownStep[];
  readonly failing: readonly string[];
  readonly warnings: readonly string[];
  /** Whether the red words about insecure keys are to be seen. */
  readonly insecure: boolean;
}

/** Hundreds of receipts at once take a minute where others use the machine. */
const PATIENCE_MILLISECONDS = 400_000;
const READ = `(() => {
  const text = (selector) => { const found = document.querySelector(selector); return found && found.checkVisibility() ? found.innerText.trim() : ''; };
  const verdict = document.querySelector('#verdict');
  const steps = [...document.querySelectorAll('#steps li[data-step]')].map((one) => ({ id: one.dataset.step, outcome: one.dataset.outcome, text: one.innerText.trim() }));
  return {
    verdict: verdict.dataset.verdict ?? '', words: verdict.innerText.trim(), meaning: text('#meaning'), whatToDo: text('#what-to-do'), steps,
    failing: steps.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
    warnings: [...document.querySelectorAll('#warnings li')].map((one) => one.innerText.trim()),
    insecure: document.querySelector('#insecure').checkVisibility(),
  };
})()`;

/** The verification page in a tab of its own, as its reader uses it. */
export class VerificationPage {
  private constructor(readonly tab: BrowserTab) {}

  static async open(browser: Chromium, server: PageServer, options: BrowserContextOptions & { readonly fragment?: string } = {}): Promise<VerificationPage> {
    const { fragment = '', ...context } = options;
    const tab = await browser.open(context);
    await tab.page.goto(`${server.origin}/index.html${fragment}`);
    const page = new VerificationPage(tab);
    await page.reaches('idle');
    return page;
  }

  /** Gives what there is to give, asks, and waits for the verdict. */
  async ask(given: Given): Promise<Shown> {
    await this.give(given);
    return this.verify();
  }

  async give({ receipts, attestation, record, fields = {} }: Given): Promise<void> {
    await this.pick('receipt-file', receipts ?? []);
    await this.pick('attestation-file', attestation === undefined ? [] : [attestation]);
    await this.pick('record-file', record === undefined ? [] : [record]);
    for (const [id, value] of Object.entries(fields)) await this.write(id, value);
  }

  async verify(): Promise<Shown> {
    await this.tab.page.locator('#verify').click();
    return this.shown();
  }

  /** Waits for the verdict. */
  async shown(): Promise<Shown> {
    await this.reaches('done');
    return this.tab.page.evaluate<Shown>(READ);
  }

  async reaches(state: 'idle' | 'working' | 'done'): Promise<void> {
    await this.tab.page.locator(`main[data-state="${state}"]`).waitFor({ state: 'attached', timeout: PATIENCE_MILLISECONDS });
  }

  async clear(): Promise<void> {
    await this.tab.page.locator('#clear').click();
    await this.reaches('idle');
  }

  /** The report as the page exports it. */
  async report(): Promise<unknown> {
    return JSON.parse(await this.tab.download(() => this.tab.page.locator('#export-report').click()));
  }

  /** Where several receipts were given: file name and verdict of each row. */
  async results(): Promise<readonly (readonly [string, string])[]> {
    return this.tab.page.evaluate(`[...document.querySelectorAll('#results tbody tr')].map((row) => [row.dataset.file, row.dataset.verdict])`);
  }

  async write(id: string, value: string): Promise<void> {
    const field = this.tab.page.locator(`#${id}`);
    // Fields that few need are folded away.
    await this.tab.page.evaluate(`(() => { const fold = document.querySelector('#${id}').closest('details'); if (fold !== null) fold.open = true; })()`);
    await field.fill(value);
  }

  async close(): Promise<void> {
    await this.tab.close();
  }

  private async pick(id: string, files: readonly GivenFile[]): Promise<void> {
    if (files.length === 0) return;
    await this.tab.page.locator(`#${id}`).setInputFiles(files.map(({ name, content }) => ({
      name, mimeType: 'application/json', buffer: typeof content === 'string' ? Buffer.from(content) : content,
    })));
  }
}

/** Nothing was complained about: no script failed, no policy was broken. */
export function assertQuiet({ tab }: VerificationPage): void {
  assert.deepEqual(tab.complaints, []);
}
