import assert from 'node:assert/strict';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { edit } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { FaultyNode, type HeardRequest } from '../harness/faulty-node.js';
import { freePort } from '../harness/free-port.js';
import { PageServer } from '../harness/page-server.js';
import { filesOf } from './bundle-files.js';
import { publishEpoch, type PublishedEpoch } from './published-epoch.js';
import { assertQuiet, VerificationPage, type Shown } from './verification-page.js';

/** Calls that say which venue and epoch is asked about, and nothing else. */
const METHODS = ['eth_chainId', 'eth_blockNumber', 'eth_getBlockByNumber', 'eth_getCode', 'eth_call', 'eth_getLogs'];
/** Shorter texts stand in anything. */
const TELLING = 5;

describe('the verification page over RPC', function () {
  this.timeout(120_000);
  let browser: Chromium;
  let server: PageServer;
  let published: PublishedEpoch;
  let node: FaultyNode;
  let page: VerificationPage;
  before(async () => {
    [browser, server, published] = await Promise.all([Chromium.start(), PageServer.start(), publishEpoch()]);
    node = await FaultyNode.start(published.venue.anvilUrl);
  });
  beforeEach(async () => {
    node.reset();
    page = await VerificationPage.open(browser, server);
  });
  afterEach(() => page.close());
  after(async () => {
    await (browser as Chromium | undefined)?.stop();
    await (server as PageServer | undefined)?.stop();
    await (node as FaultyNode | undefined)?.stop();
    await (published as PublishedEpoch | undefined)?.venue.stop();
    await releaseCurves();
  });

  const ask = (url: string, more: Readonly<Record<string, string>> = {}): Promise<Shown> =>
    page.ask(filesOf(published.documents, { 'rpc-url': url, registry: published.venue.location.registry, ...more }));
  const stepText = ({ steps }: Shown, id: string): string => steps.find((step) => step.id === id)?.text ?? '';

  it('is verified against what the registry recorded', async () => {
    const shown = await ask(node.url, { 'user-id': published.receipt.userId, 'chain-id': '31337', 'venue-id': '7' });
    assert.equal(shown.verdict, 'verified');
    assert.deepEqual(shown.steps.filter(({ outcome }) => outcome !== 'passed'), []);
    assert.match(stepText(shown, 'record-format'), /read from chain 31337/);
    assert.equal(shown.insecure, true);
    assert.ok(!shown.warnings.some((warning) => /the one the bundle itself names/.test(warning)));
    assertQuiet(page);
  });

  it('warns a reader who takes the registry\'s address from the receipt', async () => {
    const shown = await ask(node.url, { registry: '' });
    assert.equal(shown.verdict, 'verified');
    assert.ok(shown.warnings.some((warning) => /the one the bundle itself names/.test(warning)));
  });

  it('tells the node nothing about the user: no address, header or body has leaf, key, owner, salt, name, place or balance', async () => {
    await ask(node.url, { 'user-id': published.receipt.userId, owner: published.receipt.owner.toString() });
    assert.ok(node.heard.length > 3);
    const told = [...page.tab.sent.map(({ url, headers, body }) => `${url}\n${JSON.stringify(headers)}\n${body}`), ...node.heard.map(wholeOf), ...server.heard].join('\n').toLowerCase();
    for (const [name, secret] of Object.entries(published.secrets)) {
      for (const spelling of spellingsOf(secret)) assert.ok(!told.includes(spelling), `${name} was told as ${spelling}`);
    }
    // The test would hear it: what may be told is found.
    assert.ok(told.includes(published.venue.location.registry.slice(2).toLowerCase()));
  });

  it('asks for venue and epoch only: every word of every call is public, whoever asks', async () => {
    await ask(node.url);
    const { location, deployment } = published.venue;
    const { submission } = published.epoch;
    const words = new Set([
      location.venueId, 1n, submission.marketCommitment, ...submission.batches.map(({ circuitId }) => circuitId), submission.close.circuitId,
      ...published.epoch.plan.batches.map(({ circuit }) => circuitIdOf(circuit)),
    ].map((word) => word.toString(16).padStart(64, '0')));
    const contracts = [deployment.registry, deployment.markets].map((address) => address.toLowerCase());
    for (const { method, params } of callsOf(node.heard)) {
      assert.ok(METHODS.includes(method), method);
      if (method !== 'eth_call') continue;
      const { to, data, ...rest } = params[0] as { readonly to: string; readonly data: string };
      assert.deepEqual(rest, {}, 'no sender');
      assert.ok(contracts.includes(to.toLowerCase()), to);
      for (const word of data.slice(10).match(/.{64}/g) ?? []) assert.ok(words.has(word), `the word ${word} of ${data}`);
    }
    const first = callsOf(node.heard).map(({ method, params }) => [method, params]);
    node.reset();
    await page.clear();
    const other = edit(published.documents, 'receipt', ['salt'], '12345');
    const shown = await page.ask(filesOf(other, { 'rpc-url': node.url, registry: location.registry }));
    assert.deepEqual(shown.failing, ['root']);
    assert.deepEqual(callsOf(node.heard).map(({ method, params }) => [method, params]), first, 'two accounts of an epoch ask the same');
  });

  it('sends no cookies, no address of the page beyond its origin, and nothing to anybody else', async () => {
    await ask(node.url);
    const hosts = new Set(page.tab.sent.filter(({ url }) => url.startsWith('http')).map(({ url }) => new URL(url).origin));
    assert.deepEqual([...hosts].sort(), [server.origin, node.url].sort());
    for (const { headers, url } of node.heard) {
      assert.equal(url, '/');
      assert.doesNotMatch(headers, /^cookie$/im);
      assert.doesNotMatch(headers, /index\.html|#/);
    }
  });

  describe('refuses', () => {
    const refused = async (fault: 'lies-in-storage' | 'lies-in-events', failing: readonly string[], reason: RegExp, lieAt?: number): Promise<void> => {
      node.reset(fault, lieAt);
      const shown = await ask(node.url);
      assert.equal(shown.verdict, 'not-verified');
      for (const id of failing) assert.ok(shown.failing.includes(id), `${id} among ${shown.failing.join()}`);
      assert.match(stepText(shown, failing[0] ?? ''), reason);
      assert.ok(shown.whatToDo.length > 40);
    };

    it('a record in storage that its event contradicts', () => refused('lies-in-storage', ['record-format'], /of the event is not that of the stored record/, 0));

    it('an event that the record in storage contradicts', () => refused('lies-in-events', ['record-format'], /is not that of the stored record|under another base/));

    it('an epoch that the registry does not have', async () => {
      const shown = await page.ask(filesOf(edit(published.documents, 'receipt', ['epoch'], '2'), { 'rpc-url': node.url, registry: published.venue.location.registry }));
      assert.equal(shown.verdict, 'not-verified');
      assert.ok(shown.failing.includes('record-format'));
    });

    it('a receipt whose root is not the one on the chain', async () => {
      const shown = await page.ask(filesOf(edit(published.documents, 'receipt', ['salt'], '1'), { 'rpc-url': node.url }));
      assert.deepEqual([shown.verdict, shown.failing], ['not-verified', ['root']]);
    });

    it('a receipt of another chain than the reader means', async () => {
      const shown = await ask(node.url, { 'chain-id': '1' });
      assert.notEqual(shown.verdict, 'verified');
    });
  });

  describe('[I12] cannot tell, and says why and what to do,', () => {
    const cannotTell = async (url: string, reason: RegExp, asked: VerificationPage = page): Promise<void> => {
      const shown = await asked.ask(filesOf(published.documents, { 'rpc-url': url, registry: published.venue.location.registry }));
      assert.equal(shown.verdict, 'cannot-tell');
      assert.deepEqual(shown.failing, []);
      assert.match(shown.words, /cannot tell/i);
      assert.match(stepText(shown, 'record-format'), reason);
      assert.ok(shown.whatToDo.length > 40, shown.whatToDo);
    };

    it('when nothing listens', async () => cannotTell(`http://127.0.0.1:${await freePort()}`, /gave no chain id/));

    for (const [fault, reason] of [['errors', /gave no chain id|internal error/], ['html', /gave no chain id/], ['huge', /gave no chain id/]] as const) {
      it(`when the node ${{ errors: 'answers with errors', html: 'is a page to sign in', huge: 'answers 64 MB without an end' }[fault]}`, async () => {
        node.reset(fault);
        await cannotTell(node.url, reason);
      });
    }

    it('when the address is none', () => cannotTell('ftp://127.0.0.1', /not a URL that begins with/));

    it('when the address holds a password, which it does not repeat', async () => {
      const shown = await ask(node.url.replace('http://', 'http://user:tellnobody@'));
      assert.notEqual(shown.verdict, 'verified');
      assert.doesNotMatch(await page.tab.page.locator('main').innerText(), /tellnobody/);
      assert.deepEqual(node.heard, []);
    });

    it('when the node does not answer, or stops in the middle', async () => {
      const silent = await FaultyNode.start(published.venue.anvilUrl);
      const second = await VerificationPage.open(browser, server);
      node.reset('hangs');
      silent.reset('falls-silent');
      try {
        await Promise.all([cannotTell(node.url, /within [0-9]+ ms/), cannotTell(silent.url, /./, second)]);
      } finally {
        await silent.stop();
      }
    });
  });

  it('does not verify against a node of another chain, and says which it is', async () => {
    node.reset('wrong-chain');
    const shown = await ask(node.url);
    assert.notEqual(shown.verdict, 'verified');
    assert.match(stepText(shown, 'record-format') + stepText(shown, 'place'), /chain 1\b/);
    assert.ok(shown.whatToDo.length > 40);
  });

  it('does not verify when the node has lost the event', async () => {
    node.reset('forgets');
    const shown = await ask(node.url);
    assert.notEqual(shown.verdict, 'verified');
    assert.match(stepText(shown, 'record-format'), /0 EpochAccepted events/);
  });
});

interface Call { readonly method: string; readonly params: readonly unknown[] }

function callsOf(heard: readonly HeardRequest[]): readonly Call[] {
  return heard.filter(({ body }) => body !== '').flatMap(({ body }) => {
    const parsed = JSON.parse(body) as Call | readonly Call[];
    return Array.isArray(parsed) ? (parsed as readonly Call[]) : [parsed as Call];
  });
}

function wholeOf({ url, headers, body }: HeardRequest): string {
  return `${url}\n${headers}\n${body}`;
}

/** A secret as it could stand in a request. */
function spellingsOf(secret: bigint | string): string[] {
  const spellings = typeof secret === 'bigint' ? [secret.toString(), secret.toString(16)] : [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
  return spellings.map((spelling) => spelling.toLowerCase()).filter(({ length }) => length >= TELLING);
}
