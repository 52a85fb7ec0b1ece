import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serializeAttestation } from '../../../src/attestation/attestation-format.js';
import { readBucketLink } from '../../../src/attestation/receipt-bucket-link.js';
import { accessKeyToText } from '../../../src/attestation/receipt-bucket-secrets.js';
import { serializeReceipt } from '../../../src/attestation/receipt-format.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { attestationOf, figuresOf } from '../../../src/proving/epoch-attestation.js';
import { planEpoch, type EpochPlan } from '../../../src/proving/epoch-plan.js';
import { epochStatements, type EpochStatements } from '../../../src/proving/epoch-statements.js';
import { writePlan } from '../../../src/proving/plan-file.js';
import { receiptsOf } from '../../../src/proving/receipts.js';
import { VerificationKeys } from '../../../src/service/worker/verification-keys.js';
import { standInProof, testShape, testVenue, VENUE } from '../../proving/support.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from '../program.js';

interface LinkLine { readonly user: string; readonly subAccount: string; readonly link: string }

describe('receipts in buckets, on the command line', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let plan: EpochPlan;
  let statements: EpochStatements;
  let links: readonly LinkLine[];
  let sha256: string;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const exporting = ['receipts', 'export', '--epoch-dir'];

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    const poseidon = await bulkPoseidon();
    const { snapshot, market } = testVenue(24);
    plan = planEpoch(poseidon, snapshot, market, await testShape(), VENUE, 1);
    statements = epochStatements(poseidon, plan);
    const keys = new VerificationKeys('build/keys');
    const proofs = { batches: plan.batches.map((_, place) => standInProof(place)), closing: [standInProof(100)] };
    await mkdir(at('epoch'), { mode: 0o700 });
    await writePlan(at('epoch'), plan);
    await writeFile(at('epoch', 'attestation.json'), serializeAttestation(await attestationOf(plan, figuresOf(statements), proofs, (circuit) => keys.json(circuit))));
    const ended = await clearproof(...exporting, at('epoch'), '--receipt-key', at('receipt.key'), '--out', at('public'), '--k', '64',
      '--links', at('links.ndjson'), '--page', 'https://verify.example/', '--buckets-url', 'https://receipts.example/venue', '--json');
    assert.equal(ended.code, 0, ended.stderr);
    const said = oneJson(ended);
    assert.deepEqual([said['accounts'], said['buckets'], said['links']], [24, 1, 24]);
    links = (await readFile(at('links.ndjson'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as LinkLine);
    sha256 = (JSON.parse(await readFile(at('public', '1', 'manifest.json'), 'utf8')) as { attestationSha256: string }).attestationSha256;
  });
  after(() => remove());

  /** A file with the access key of a link. */
  async function keyFile(line: LinkLine | undefined, name: string): Promise<string> {
    const { accessKey } = readBucketLink(new URL(line?.link ?? '').hash) ?? assert.fail('no link');
    await writeFile(at(name), accessKeyToText(accessKey), { mode: 0o600 });
    return at(name);
  }
  const expected = (line: LinkLine | undefined): string => {
    const found = [...receiptsOf(plan, statements.tree, { sha256, location: 'attestation.json' })]
      .find(({ userId, subAccount }) => userId === line?.user && subAccount.toString() === line.subAccount);
    return serializeReceipt(found ?? assert.fail('no receipt'));
  };

  it('are exported with a link for each account, in files that only the venue reads', async () => {
    assert.equal(links.length, 24);
    assert.ok(links.every(({ link }) => link.startsWith('https://verify.example/#buckets=https%3A%2F%2Freceipts.example%2Fvenue%2F&key=')));
    assert.equal(new Set(links.map(({ link }) => link)).size, 24);
    for (const secret of ['links.ndjson', 'receipt.key']) assert.equal((await stat(at(secret))).mode & 0o777, 0o600, secret);
    assert.equal((await stat(at('public', '1', '0.bucket'))).mode & 0o777, 0o644);
  });

  it('are fetched out of a folder, byte for byte as the venue would hand them over', async () => {
    const ended = await clearproof('receipts', 'fetch', '--buckets', at('public'), '--key-file', await keyFile(links[3], 'access.key'), '--out', at('receipt.json'), '--json');
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(await readFile(at('receipt.json'), 'utf8'), expected(links[3]));
    assert.equal((await stat(at('receipt.json'))).mode & 0o777, 0o600);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes(links[3]?.user ?? ''));
  });

  it('are fetched from a host, which is asked for the same files whoever asks and told nothing else', async () => {
    const asked: string[][] = [];
    let list: string[] = [];
    const server = createServer((request, response) => {
      list.push(`${request.method} ${request.url}`);
      assert.equal(request.headers.cookie ?? request.headers.referer ?? request.headers.authorization, undefined);
      void readFile(at('public', request.url ?? '')).then((bytes) => response.end(bytes), () => response.writeHead(404).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const place of [1, 2]) {
        list = [];
        const ended = await clearproof('receipts', 'fetch', '--buckets', base, '--key-file', await keyFile(links[place], 'remote.key'), '--out', at('remote.json'));
        assert.equal(ended.code, 0, ended.stderr);
        assert.equal(await readFile(at('remote.json'), 'utf8'), expected(links[place]));
        asked.push(list);
      }
      assert.deepEqual(asked[0], ['GET /latest.json', 'GET /1/manifest.json', 'GET /1/common.json', 'GET /1/0.bucket']);
      assert.deepEqual(asked[1], asked[0]);
      const missing = await clearproof('receipts', 'fetch', '--buckets', base, '--epoch', '9', '--key-file', at('remote.key'), '--out', at('none.json'), '--json');
      assert.equal(errorOf(missing).code, 'BUCKET_READ');
      assert.match(errorOf(missing).message, /answered with status 404/);
    } finally {
      server.close();
    }
  });

  it('are not fetched with a floor above k, a key that others may read, or the key of nobody', async () => {
    const key = await keyFile(links[0], 'own.key');
    const fetched = async (...args: readonly string[]): Promise<string> => errorOf(await clearproof('receipts', 'fetch', '--buckets', at('public'), '--out', at('none.json'), '--json', ...args)).code;
    assert.equal(await fetched('--key-file', key, '--minimum-k', '65'), 'BUCKET_PRIVACY');
    await writeFile(at('nobody.key'), accessKeyToText(new Uint8Array(32)), { mode: 0o600 });
    assert.equal(await fetched('--key-file', at('nobody.key')), 'NO_BUCKET_ENTRY');
    await chmod(key, 0o644);
    assert.equal(await fetched('--key-file', key), 'SECRET_FILE');
    await assert.rejects(stat(at('none.json')), { code: 'ENOENT' });
  });

  it('refuse half of what links need, and an address that is no folder', async () => {
    for (const [args, message] of [
      [['--links', at('l.ndjson')], /go together/], [['--page', 'verify', '--links', at('l.ndjson')], /must be an address/],
      [['--links', at('l.ndjson'), '--page', 'https://verify.example', '--buckets-url', 'https://r.example/?a=1'], /must be an https address of a folder/],
    ] as const) {
      const ended = await clearproof(...exporting, at('epoch'), '--receipt-key', at('receipt.key'), '--out', at('other'), ...args);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, message);
    }
  });
});
