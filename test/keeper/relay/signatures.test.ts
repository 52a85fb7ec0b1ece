import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dataSlice, Wallet } from 'ethers';
import type { DispatchedMessage } from '../../../src/chain/mailbox-client.js';
import { signCheckpoint } from '../../../src/chain/mailbox-message.js';
import { serializeSignature, type SignedCheckpoint } from '../../../src/keeper/relay/signature-format.js';
import { collectMetadata, signatureSource, type SignatureSource } from '../../../src/keeper/relay/signatures.js';
import { GATEWAY, HOOK, word } from './fake-source.js';

const KEYS = [1, 2, 3].map((digit) => new Wallet(`0x${String(digit).repeat(64)}`));
const SET = { validators: KEYS.map(({ address }) => address), threshold: 2 } as const;
const DISPATCHED: DispatchedMessage = {
  index: 5, block: 9, blockHash: word('block'),
  message: { id: word('message'), bytes: '0x', nonce: 5, origin: 10_001, destination: 10_002, sender: GATEWAY, recipient: GATEWAY, body: '0x' },
};

describe('signatures over a message', () => {
  it('are enough from the threshold on, in the order of the module', async () => {
    const [first, , third] = await Promise.all(KEYS.map((key) => signed(key)));
    assert.equal(await collected([source(third)]), undefined);
    const metadata = await collected([source(third), source(first)]);
    assert.ok(metadata !== undefined);
    assert.equal(dataSlice(metadata, 68, 133), first?.signature);
    assert.equal(dataSlice(metadata, 133, 198), third?.signature);
    assert.equal(dataSlice(metadata, 32, 64), word('root'));
  });

  it('count once a validator, and not at all of strangers', async () => {
    const [first] = await Promise.all(KEYS.map((key) => signed(key)));
    const stranger = { ...(await signed(new Wallet(`0x${'9'.repeat(64)}`))), validator: SET.validators[1] as string };
    assert.equal(await collected([source(first), source(first), source(stranger)]), undefined);
  });

  it('are of one root: two validators who saw two trees are none', async () => {
    const [first, second] = [await signed(KEYS[0] as Wallet), await signed(KEYS[1] as Wallet, { root: word('another root') })];
    assert.equal(await collected([source(first), source(second)]), undefined);
  });

  it('of another message, chain or tree are told and left out', async () => {
    const wrong = await Promise.all([{ messageId: word('another') }, { origin: 1 }, { hook: GATEWAY }].map((change) => signed(KEYS[0] as Wallet, change)));
    const told: unknown[] = [];
    assert.equal(await collected([source(await signed(KEYS[1] as Wallet)), ...wrong.map(source)], told), undefined);
    assert.equal(told.length, 3);
  });

  it('stand over nothing but what was signed: changed later, they are somebody else\'s', async () => {
    const first = await signed(KEYS[0] as Wallet);
    const moved = { ...(await signed(KEYS[1] as Wallet)), root: word('another root') };
    assert.equal(await collected([source(first), source(moved)]), undefined);
  });

  it('come from a folder\'s web server, and a source that fails stops no other', async () => {
    const text = serializeSignature(await signed(KEYS[0] as Wallet));
    const server = await serving((path) => (path === '/here/5.json' ? text : path === '/long/5.json' ? text + ' '.repeat(10_000) : undefined));
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      assert.equal((await signatureSource(`${base}/here/`).of(5))?.messageId, word('message'));
      assert.equal(await signatureSource(`${base}/nowhere`).of(5), undefined);
      await assert.rejects(signatureSource(`${base}/long`).of(5), /more than a signature/);
      const told: unknown[] = [];
      const metadata = await collected([signatureSource(`${base}/here`), source(await signed(KEYS[1] as Wallet)), signatureSource('http://127.0.0.1:1')], told);
      assert.ok(metadata !== undefined);
      assert.equal(told.length, 1);
    } finally {
      server.close();
    }
  });
});

function collected(sources: readonly SignatureSource[], told: unknown[] = []): Promise<string | undefined> {
  return collectMetadata(DISPATCHED, HOOK, SET, sources, (thrown) => told.push(thrown));
}

function source(one: SignedCheckpoint | undefined): SignatureSource {
  return { of: () => Promise.resolve(one) };
}

async function signed(key: Wallet, change: Partial<SignedCheckpoint> = {}): Promise<SignedCheckpoint> {
  const checkpoint = { origin: 10_001, hook: HOOK, root: word('root'), index: 5, messageId: word('message'), ...change };
  return { ...checkpoint, validator: key.address, signature: await signCheckpoint(key, checkpoint) };
}

async function serving(answer: (path: string) => string | undefined): Promise<Server> {
  const server = createServer((request, response) => {
    const text = answer(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
