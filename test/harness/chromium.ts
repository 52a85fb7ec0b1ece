import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/*
 * Debian's Chromium, without a window and with a fresh profile for each tab. Where none is installed, it is installed with apt-get (as root),
 * as the project's other tools are.
 */

/** For a control to be there and ready; pages wait for nothing else than their reader. */
const PATIENCE_MILLISECONDS = 10_000;

/** What left the browser, or tried to: pages, their parts, workers and whatever these asked for. */
export interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when there was none. */
  readonly body: string;
}

/** One Chromium for many tabs, each of which starts with an empty profile. */
export class Chromium {
  readonly #tabs = new Set<BrowserTab>();

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Chromium> {
    const executablePath = findProgram() ?? install();
    // Chromium's sandbox does not run as root.
    return new Chromium(await chromium.launch({ executablePath, headless: true, chromiumSandbox: process.getuid?.() !== 0 }));
  }

  get version(): string {
    return `Chromium ${this.browser.version()}`;
  }

  async open(options: BrowserContextOptions = {}): Promise<BrowserTab> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    const tab = await BrowserTab.in(context, () => this.#tabs.delete(tab));
    this.#tabs.add(tab);
    return tab;
  }

  async stop(): Promise<void> {
    for (const tab of this.#tabs) await tab.close();
    await this.browser.close();
  }
}

/** A tab, everything it sent, and everything it complained about. */
export class BrowserTab {
  readonly sent: SentRequest[] = [];
  /** Errors of scripts and on the console, violations of the page's policy, failed requests: empty when all is well. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page, readonly context: BrowserContext, private readonly closed: () => void) {}

  static async in(context: BrowserContext, closed: () => void): Promise<BrowserTab> {
    context.setDefaultTimeout(PATIENCE_MILLISECONDS);
    const page = await context.newPage();
    const tab = new BrowserTab(page, context, closed);
    context.on('request', (request) => tab.sent.push({
      url: request.url(), method: request.method(), headers: request.headers(), body: request.postData() ?? '',
    }));
    page.on('websocket', (socket) => tab.sent.push({ url: socket.url(), method: 'WEBSOCKET', headers: {}, body: '' }));
    // Policies, integrity and connections complain here.
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') tab.complaints.push(message.text());
    });
    page.on('pageerror', (error) => tab.complaints.push(String(error)));
    return tab;
  }

  /** What the tab keeps for later, by kind: nothing, for a page that remembers nothing. */
  async kept(): Promise<Readonly<Record<string, number>>> {
    const inPage = await this.page.evaluate<Record<string, number>>(`(async () => ({
      local: localStorage.length, session: sessionStorage.length, cookies: document.cookie.length,
      databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
      serviceWorkers: (await navigator.serviceWorker.getRegistrations()).length,
    }))()`);
    return { ...inPage, cookieJar: (await this.context.cookies()).length };
  }

  /** The text of what a click downloads. */
  async download(click: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), click()]);
    return readFile(await download.path(), 'utf8');
  }

  async close(): Promise<void> {
    this.closed();
    await this.context.close();
  }
}

function findProgram(): string | undefined {
  return (process.env['PATH'] ?? '').split(':')
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

function install(): string {
  if (process.getuid?.() !== 0) throw new Error('no Chromium in PATH; install one, or run as root so that it is installed');
  const script = 'set -e; apt-get update -qq; apt-get install -qq --no-install-recommends chromium fonts-dejavu-core';
  execFileSync('bash', ['-c', script], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const program = findProgram();
  if (program === undefined) throw new Error('apt-get install chromium left no chromium in PATH');
  return program;
}
