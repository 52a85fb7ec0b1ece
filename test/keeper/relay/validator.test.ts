import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { checkpointSigner, signCheckpoint } from '../../../src/chain/mailbox-message.js';
import type { KeeperClock } from '../../../src/keeper/keeper-ports.js';
import { SignatureJournal, type JournalIdentity } from '../../../src/keeper/relay/journal.js';
import { JournalError, SourceReorganisedError, SourceUnsteadyError } from '../../../src/keeper/relay/relay-errors.js';
import { RelayMetrics } from '../../../src/keeper/relay/relay-metrics.js';
import { parseSignature } from '../../../src/keeper/relay/signature-format.js';
import { publishSignature } from '../../../src/keeper/relay/signatures.js';
import { Validator } from '../../../src/keeper/relay/validator.js';
import { FakeSource, HOOK, word } from './fake-source.js';

const KEY = new Wallet(`0x${'17'.repeat(32)}`);
const IDENTITY: JournalIdentity = { origin: 10_001, hook: HOOK, validator: KEY.address };
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined } as const;

describe('a validator of messages', () => {
  let folder: string;
  let source: FakeSource;
  const journals: SignatureJournal[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-validator-'));
    source = new FakeSource();
  });
  afterEach(async () => {
    await Promise.all(journals.splice(0).map((journal) => journal.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('signs what its gateways sent, and nothing of others, in a tree that has both', async () => {
    source.mine('first');
    source.mine('of another', false);
    source.mine('second');
    assert.equal(await (await validator()).look(), 2);
    assert.deepEqual((await readdir(join(folder, 'out'))).sort(), ['0.json', '2.json']);
    const signed = parseSignature(await readFile(join(folder, 'out', '2.json'), 'utf8'), '2.json');
    assert.equal(signed.messageId, word('second'));
    assert.equal(checkpointSigner(signed, signed.signature), KEY.address);
    assert.equal(signed.root, (await source.treeAt(3)).root);
  });

  it('waits for blocks on top', async () => {
    source.confirmations = 2;
    source.mine('first');
    source.mine(undefined);
    const one = await validator();
    assert.equal(await one.look(), 0);
    source.mine(undefined);
    assert.equal(await one.look(), 1);
  });

  it('signs no second message of an index, whether it runs on or is started again', async () => {
    source.mine('first');
    const one = await validator();
    await one.look();
    // The journal alone has to know.
    await rm(join(folder, 'out'), { recursive: true });
    source.forget(1);
    source.mine('another', true, 'reorganised');
    await assert.rejects(one.look(), SourceReorganisedError);
    await assert.rejects(one.run(new AbortController().signal), SourceReorganisedError, 'and ends');
    await assert.rejects((await validator()).look(), SourceReorganisedError);
    await assert.rejects(readdir(join(folder, 'out')), /ENOENT/);
  });

  it('signs no second tree of an index either, though the message is the same', async () => {
    source.mine('of another', false);
    source.mine('ours');
    await (await validator()).look();
    await rm(join(folder, 'out'), { recursive: true });
    source.forget(2);
    source.mine('of somebody else', false);
    source.mine('ours');
    await assert.rejects((await validator()).look(), SourceReorganisedError);
  });

  it('goes on after a reorganisation that moved none of its messages', async () => {
    source.mine('first');
    source.mine(undefined);
    const one = await validator();
    await one.look();
    source.forget(1);
    source.mine(undefined, true, 'reorganised');
    source.mine('second');
    assert.equal(await one.look(), 2);
  });

  it('signs nothing of a chain that changes while it is read', async () => {
    source.mine('first');
    source.beforeRecheck = () => {
      source.forget(1);
      source.mine('another', true, 'reorganised');
      source.beforeRecheck = () => undefined;
    };
    const one = await validator();
    await assert.rejects(one.look(), SourceUnsteadyError);
    assert.equal(await readFile(join(folder, 'journal'), 'utf8').then((text) => text.split('\n').length), 2, 'only the head');
    assert.equal(await one.look(), 1);
    assert.equal(parseSignature(await readFile(join(folder, 'out', '0.json'), 'utf8'), '0.json').messageId, word('another'));
  });

  it('signs nothing where the node lacks events that its tree has', async () => {
    source.mine('first');
    source.mine('second');
    const all = source.leaves.bind(source);
    source.leaves = async (from, to) => (await all(from, to)).slice(0, 1);
    await assert.rejects((await validator()).look(), SourceUnsteadyError);
    await assert.rejects(readdir(join(folder, 'out')), /ENOENT/);
  });

  it('has the index in its journal, on the disk, before a signature is made', async () => {
    source.mine('first');
    const journal = await openJournal();
    const seen: string[] = [];
    const one = new Validator({
      ...parts(journal), sign: async (checkpoint) => {
        seen.push(await readFile(join(folder, 'journal'), 'utf8'));
        return signCheckpoint(KEY, checkpoint);
      },
    });
    await one.look();
    assert.ok(seen[0]?.includes(word('first')));
  });

  it('makes the same signature again where it was killed before it left', async () => {
    source.mine('first');
    const killed = new Validator({ ...parts(await openJournal()), publish: () => Promise.reject(new Error('killed')) });
    await assert.rejects(killed.look(), /killed/);
    assert.equal(await (await validator()).look(), 1);
    assert.equal((await readdir(join(folder, 'out'))).length, 1);
  });

  it('does not trust a lost journal against a signature that others may have read', async () => {
    source.mine('first');
    await (await validator()).look();
    await rm(join(folder, 'journal'));
    source.forget(1);
    source.mine('another', true, 'reorganised');
    await assert.rejects((await validator()).look(), SourceReorganisedError);
  });

  it('forgets the half line of a journal that it was killed over, and refuses any other damage', async () => {
    source.mine('first');
    source.mine('second');
    await (await validator()).look();
    const text = await readFile(join(folder, 'journal'), 'utf8');
    await truncate(join(folder, 'journal'), text.length - 10);
    assert.equal((await openJournal()).size, 1);
    await appendFile(join(folder, 'journal'), 'no line\n');
    await assert.rejects(openJournal(), JournalError);
    await writeFile(join(folder, 'journal'), text + text.split('\n')[1] + '\n');
    await assert.rejects(openJournal(), JournalError, 'an index twice');
  });

  it('takes no journal of another key or tree', async () => {
    await openJournal();
    await assert.rejects(SignatureJournal.open(join(folder, 'journal'), { ...IDENTITY, origin: 1 }), JournalError);
    await assert.rejects(SignatureJournal.open(join(folder, 'journal'), { ...IDENTITY, validator: HOOK }), JournalError);
  });

  it('is ended by no fault of the node', async () => {
    source.mine('first');
    let faults = 0;
    source.safeBlock = () => {
      faults += 1;
      return faults < 3 ? Promise.reject(new Error('no answer')) : Promise.resolve(1);
    };
    const ending = new AbortController();
    const waits: number[] = [];
    const clock: KeeperClock = {
      now: () => 0,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        if (waits.length === 3) ending.abort();
        return Promise.resolve();
      },
    };
    await new Validator({ ...parts(await openJournal()), clock }).run(ending.signal);
    assert.deepEqual(waits, [1_000, 2_000, 5]);
  });

  async function validator(): Promise<Validator> {
    return new Validator(parts(await openJournal()));
  }

  async function openJournal(): Promise<SignatureJournal> {
    const journal = await SignatureJournal.open(join(folder, 'journal'), IDENTITY);
    journals.push(journal);
    return journal;
  }

  function parts(journal: SignatureJournal): ConstructorParameters<typeof Validator>[0] {
    return {
      source, journal, validator: KEY.address, sign: (checkpoint) => signCheckpoint(KEY, checkpoint), publish: (signed) => publishSignature(join(folder, 'out'), signed),
      clock: { now: () => 0, wait: () => Promise.resolve() }, log: SILENT, metrics: new RelayMetrics(), pollMs: 5,
    };
  }
});
