import assert from 'node:assert/strict';
import { readFile, rm, stat } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addBidderCommands } from '../../src/cli/bidder/bidder-command.js';
import { inProcess } from './commands-in-process.js';
import { errorOf, oneJson } from './program.js';
import { assertExamples, assertFailures, type Usage } from './usage-of.js';

const CHAIN = ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1'];
const SIGNED = [...CHAIN, '--key-file', 'missing'];
const WHO = `0x${'a'.repeat(40)}`;

const COMMANDS: Usage = [
  ['bidder key', ['--out', 'circuits/circuits.json'], 'SECRET_FILE'],
  ['bidder approve', ['--bidder', WHO, '--encryption-key', `0x${'b'.repeat(64)}`, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['bidder remove', ['--bidder', WHO, ...SIGNED], 'DEPLOYMENT_FILE'],
  ['bidder list', CHAIN, 'DEPLOYMENT_FILE'],
];

describe('the commands of bidders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearproof-bidder-'));
  after(() => rm(folder, { recursive: true }));

  it('each have an example in their help, that names the command', () => assertExamples(addBidderCommands, COMMANDS));

  it('each say what is missing, by its code', () => assertFailures(addBidderCommands, COMMANDS));

  it('make a key whose private half is in a file of its owner alone, and nowhere else [P-256]', async () => {
    const run = inProcess(addBidderCommands);
    const file = join(folder, 'key.json');
    const ended = await run('bidder', 'key', '--out', file, '--json');
    const { publicKey, file: said } = oneJson(ended) as { readonly publicKey: string; readonly file: string };
    const kept = JSON.parse(await readFile(file, 'utf8')) as { readonly privateKey: string; readonly publicKey: string };
    assert.deepEqual([said, kept.publicKey], [file, publicKey]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.doesNotMatch(`${ended.stdout}${ended.stderr}`, new RegExp(kept.privateKey.slice(2)));
    assert.equal(errorOf(await run('bidder', 'key', '--out', file, '--json')).code, 'SECRET_FILE');
    assert.equal((JSON.parse(await readFile(file, 'utf8')) as typeof kept).privateKey, kept.privateKey, 'the first one is kept');
  });
});
