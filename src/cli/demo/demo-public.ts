import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBucketLink } from '../../attestation/receipt-bucket-link.js';
import { accessKeyToText } from '../../attestation/receipt-bucket-secrets.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';
import type { Output } from '../output.js';
import { readPageFolder } from '../page/page-folder.js';
import { servePages, stopAsked, type RunningPages } from '../page/page-server.js';
import { buildPath } from '../project.js';
import { ATTESTATION_FILE } from '../publish.js';
import { verifyReceiptFile } from '../verify.js';
import type { DemoChain } from './demo-chain.js';
import { DemoCommandError, clearproof } from './demo-process.js';
import { heading } from './demo-steps.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of what outsiders did without asking the venue. */
export interface PublicFigures {
  readonly audit: { readonly verdict: string; readonly findings: number };
  readonly buckets: { readonly number: number; readonly bytesEach: number };
}

/** Small, so that 256 accounts fill more than one. */
const K = 64;
const PORT = 8088;
/** Exit codes of an audit. */
const [RIGHT, FAULT, INCOMPLETE] = [0, 1, 2];
/** Of the mail-out: any host would do, for the demo reads the folder. */
const BUCKETS_URL = 'http://127.0.0.1:8089/';

/** A journalist audits and makes the board; a user fetches a receipt out of a bucket. */
export async function showPublicFace(output: Output, { node, folders, deployment: { registry, venueId } }: DemoChain): Promise<PublicFigures> {
  heading(output, 'Anybody looks');
  const venue = ['--rpc', node.url, '--registry', registry, '--venue', venueId.toString()];
  const out = join(folders.work, 'audit');
  const audited = await clearproof(['audit', ...venue, '--bundles', join(folders.work, ATTESTATION_FILE), '--out', out], [RIGHT, FAULT, INCOMPLETE]);
  if (audited === FAULT) throw new ForgeryAcceptedError('the audit found a fault at an honest venue');
  const { verdict, findings } = JSON.parse(await readText(join(out, 'audit.json'))) as { readonly verdict: string; readonly findings: readonly unknown[] };
  await mkdir(folders.report, { recursive: true });
  for (const kind of ['json', 'html']) await copyFile(join(out, `audit.${kind}`), join(folders.report, `audit.${kind}`));
  await clearproof(['board', ...venue, '--out', join(folders.report, 'board.json')]);
  output.say(`audit of the venue: ${verdict}, ${findings.length} findings; ${join(folders.report, 'audit.html')}, and the board's figures in board.json beside it`);
  return { audit: { verdict, findings: findings.length }, buckets: await showBuckets(output, folders.work) };
}

/** The service is stopped: an embedded store is one process's. */
async function showBuckets(output: Output, directory: string): Promise<PublicFigures['buckets']> {
  const [folder, links, keyFile, file] = ['buckets', 'links.ndjson', 'access.key', 'receipt-of-bucket.json'].map((name) => join(directory, name)) as [string, string, string, string];
  await clearproof([
    'service', 'receipts', 'export', '--config', join(directory, 'service', 'service.json'), '--epoch', '1', '--k', K.toString(),
    '--out', folder, '--links', links, '--page', `http://127.0.0.1:${PORT}/`, '--buckets-url', BUCKETS_URL,
  ]);
  const [first = '{}'] = (await readText(links)).split('\n', 1);
  const link = readBucketLink(new URL((JSON.parse(first) as { readonly link: string }).link).hash);
  if (link === undefined) throw new DemoCommandError('the mail-out has no link');
  await writeFileAtomically(keyFile, accessKeyToText(link.accessKey), SECRET_FILE);
  await clearproof(['receipts', 'fetch', '--buckets', folder, '--key-file', keyFile, '--minimum-k', K.toString(), '--out', file]);
  const { report } = await verifyReceiptFile(file, {});
  if (report.steps.some(({ outcome }) => outcome === 'failed')) throw new ForgeryAcceptedError('a receipt out of a bucket does not verify');
  const { buckets, entriesPerBucket, entryBytes } = JSON.parse(await readText(join(folder, '1', 'manifest.json'))) as Readonly<Record<string, string>>;
  const figures = { number: Number(buckets), bytesEach: Number(entriesPerBucket) * Number(entryBytes) };
  output.say(`${figures.number} buckets of receipts, ${figures.bytesEach} bytes each: a user fetched one and opened the own receipt in it, and its host cannot tell which`);
  return figures;
}

/** Serves the pages; on a terminal until Ctrl-C, elsewhere only to see that they come. */
export async function servePublicFace(output: Output, { node, folders, deployment: { registry, venueId } }: DemoChain): Promise<void> {
  const page = await readPageFolder(buildPath('web'));
  const pages = await servePages(page, PORT).catch(() => servePages(page, 0));
  try {
    await requireServed(pages);
    heading(output, 'See for yourself');
    output.say(`verification page: ${pages.url}  (SHA-256 ${page.sha256})`);
    output.say(`  drop a receipt of ${join(folders.work, 'receipts')}; end point ${node.url}, registry ${registry}`);
    output.say(`venue board: ${pages.url}board.html#rpc=${encodeURIComponent(node.url)}&registry=${registry}&venue=${venueId}`);
    if (process.stdout.isTTY !== true || process.env['CI'] !== undefined || output.json) return;
    output.say('both are there until Ctrl-C');
    await stopAsked();
  } finally {
    await pages.close();
  }
}

async function requireServed({ url }: RunningPages): Promise<void> {
  for (const [path, file] of [['', 'index.html'], ['board.html', 'board.html']] as const) {
    const answer = await fetch(`${url}${path}`);
    if (!answer.ok || (await answer.text()) !== await readFile(buildPath('web', file), 'utf8')) throw new DemoCommandError(`${url}${path} is not what was built: run "make web"`);
  }
}
