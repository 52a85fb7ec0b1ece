import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describePhaseOne } from '../../src/cli/ceremony/phase-one-command.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

describe('clearproof ceremony phase1', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let file: string;

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    file = join(folder, 'INSECURE-5.ptau');
    const made = await clearproof('ceremony', 'test-phase1', '--power', '5', '--out', file, '--json');
    assert.equal(made.code, 0, made.stderr);
    const bytes = await readFile(file);
    assert.deepEqual(oneJson(made), { file: 'INSECURE-5.ptau', power: 5, bytes: bytes.length, blake2b: createHash('blake2b512').update(bytes).digest('hex'), security: 'INSECURE' });
  });
  after(() => remove());

  it('calls the test file INSECURE and ends with 1, and with 0 only where that is asked for [S9] [S12]', async () => {
    const refused = await clearproof('ceremony', 'phase1', file);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stdout, /INSECURE TEST FILE: everybody knows its secrets/);
    assert.match(refused.stdout, /Trusted, not checked: nothing/);
    const accepted = await clearproof('ceremony', 'phase1', file, '--insecure-phase1', '--json');
    assert.equal(accepted.code, 0, accepted.stderr);
    const { published, testFile, power } = oneJson(accepted);
    assert.deepEqual([published, testFile, power, oneJson(accepted).accepted], [false, true, 5, true]);
  });

  it('ends with 1 for a file cut short, whatever is accepted, and with 2 for one that is not there [S10]', async () => {
    const cut = join(folder, 'cut.ptau');
    await writeFile(cut, (await readFile(file)).subarray(0, -1));
    const broken = await clearproof('ceremony', 'phase1', cut, '--insecure-phase1', '--json');
    assert.deepEqual([broken.code, errorOf(broken).code], [1, 'POWERS_LAYOUT']);
    const missing = await clearproof('ceremony', 'phase1', join(folder, 'missing.ptau'), '--json');
    assert.deepEqual([missing.code, errorOf(missing).code], [2, 'POWERS_UNREADABLE']);
  });

  it('makes no test file over one that is there, and none of a power that it cannot have', async () => {
    const before = await readFile(file);
    const again = await clearproof('ceremony', 'test-phase1', '--power', '3', '--out', file, '--json');
    assert.deepEqual([again.code, errorOf(again).code], [1, 'FILE_EXISTS']);
    assert.ok(before.equals(await readFile(file)));
    const large = await clearproof('ceremony', 'test-phase1', '--power', '22', '--out', join(folder, 'large.ptau'), '--json');
    assert.deepEqual([large.code, errorOf(large).code], [1, 'DEVELOPMENT_POWERS']);
  });

  it('says of a published file what is checked and what is trusted, and of another that its maker may know its secrets', () => {
    const file = {
      file: 'here.ptau', bytes: 151_078_040, power: 17, ceremonyPower: 28, blake2b: 'ab', published: true, testFile: false, sampled: 5448, whole: false,
      contributions: [{ kind: 'contribution', name: undefined }, { kind: 'beacon', name: undefined }],
    } as const;
    const published = describePhaseOne(file).join('\n');
    assert.match(published, /PUBLISHED: its hash is that of powersOfTau28_hez_final_17\.ptau\./);
    assert.match(published, /every byte, by its hash/);
    assert.match(published, /Trusted, not checked: that at least one contributor to the public ceremony destroyed their secret, and that the table in this program is right/);
    const other = describePhaseOne({ ...file, published: false }).join('\n');
    assert.match(other, /NOT PUBLISHED: .*Whoever made it may know its secrets.*INSECURE/);
    assert.match(other, /a damaged or changed copy of it\?/);
    assert.doesNotMatch(other, /every byte/);
  });
});
