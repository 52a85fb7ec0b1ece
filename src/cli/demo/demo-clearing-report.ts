import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { knownContracts } from '../../chain/explorer-contracts.js';
import { readTrace, type TracedValue } from '../../chain/transaction-trace.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import type { Output } from '../output.js';
import { tracesToHtml, type ShownTrace } from '../trade/trace-html.js';
import type { DemoChain } from './demo-chain.js';
import { ForgeryAcceptedError } from './forgery.js';

/** What each kind of call cost, in the order in which it was first made. */
export class ClearingGas {
  private readonly byCall = new Map<string, bigint>();

  /** The last of a kind counts: earlier ones paid for what is recorded once. */
  add(call: string, { gasUsed }: ChainReceipt): void {
    this.byCall.set(call, gasUsed);
  }

  figures(): Readonly<Record<string, bigint>> {
    return Object.fromEntries([...this.byCall].map(([call, gas]) => [call.replaceAll(/[ ,]+(.)/g, (_, letter: string) => letter.toUpperCase()), gas]));
  }

  print(output: Output): void {
    output.say('gas:');
    const width = Math.max(...[...this.byCall.keys()].map((call) => call.length));
    for (const [call, gas] of this.byCall) output.say(`  ${call.padEnd(width)}  ${gas.toString().padStart(9)}`);
  }
}

/** A transaction of the demo with what only its parties know. */
export interface ShownTransaction extends Omit<ShownTrace, 'trace'> {
  readonly hash: string;
  /** Numbers that must be nowhere in it. */
  readonly hidden: readonly bigint[];
}

const PAGE = 'clearing-trace.html';
const PICTURE = 'clearing-trace.png';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
/** Pixels: room for one transaction. */
const PICTURE_SIZE = '1280,2400';

/** Reads every transaction as a stranger would, looks that nothing hidden is in it, and leaves a page, and a picture where there is a browser. */
export async function writeTraces(output: Output, { connection: { provider, chainId }, deployment, folders }: DemoChain, shown: readonly ShownTransaction[]): Promise<void> {
  const contracts = await knownContracts(provider, deployment);
  const traces: ShownTrace[] = [];
  for (const { hash, hidden, ...words } of shown) {
    const trace = await readTrace(provider, contracts, hash);
    const seen = new Set([...trace.arguments, ...trace.events.flatMap(({ values }) => values)].flatMap(numbersIn));
    const leaked = hidden.find((secret) => seen.has(secret.toString()));
    if (leaked !== undefined) throw new ForgeryAcceptedError(`${words.title}: ${leaked} stands in the transaction for everybody to read`);
    traces.push({ ...words, trace });
  }
  const page = join(folders.report, PAGE);
  await writeFileAtomically(page, tracesToHtml(traces, chainId));
  output.say(`what an outsider sees of ${traces.length} transactions, and that it is only commitments: ${page}`);
  const [pictured, picture] = [join(folders.work, PAGE), join(folders.report, PICTURE)];
  await writeFileAtomically(pictured, tracesToHtml(traces.filter(({ trace: { called } }) => called === 'settle').slice(0, 1), chainId));
  if (await takePicture(pictured, picture)) output.say(`a picture of the first trade: ${picture}`);
}

function numbersIn({ value }: TracedValue): string[] {
  return typeof value === 'string' ? [value] : value.flatMap(numbersIn);
}

/** @returns whether there is a browser that took it */
async function takePicture(page: string, picture: string): Promise<boolean> {
  const browser = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => BROWSERS.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (browser === undefined) return false;
  // Chromium's sandbox does not run as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(browser, ['--headless', ...sandbox, '--hide-scrollbars', `--window-size=${PICTURE_SIZE}`, `--screenshot=${picture}`, pathToFileURL(page).href], { stdio: 'ignore', timeout: 60_000 });
  const [code] = (await once(child, 'close').catch(() => [1])) as [number | null];
  return code === 0 && existsSync(picture);
}
