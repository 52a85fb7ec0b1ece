import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { passTime } from '../../src/chain/test-chain.js';
import { MARKET, mockSubmission, startLocalVenue, type LocalVenue } from '../chain/local-venue.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

type Shown = Readonly<Record<string, { readonly value: string; readonly text: string; readonly percent: string; readonly standing: string; readonly words: string } & Record<string, unknown>>>;

describe('the board of a venue through the command line', function () {
  this.timeout(240_000);
  let venue: LocalVenue;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const place = (): string[] => ['--rpc', venue.anvil.url, '--registry', venue.deployment.registry, '--venue', '7'];
  const board = (...more: readonly string[]): Promise<Ended> => clearproof('board', ...place(), ...more, '--json');

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startLocalVenue();
    await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    for (let epoch = 1; epoch <= 3; epoch += 1) {
      // The third comes an hour and a half after the second: half an hour later than the venue's own deadline.
      if (epoch === 3) await passTime(venue.signer, 5_400);
      await venue.client.openSnapshot();
      if (epoch === 2) await venue.client.openSnapshot();
      const { openedAt } = await venue.client.lastSnapshot();
      const marketCommitment = MARKET + BigInt(epoch);
      await venue.markets.state({ commitment: marketCommitment, level: 'maintenance', snapshotTime: openedAt, settlementAssets: 1, valueScale: 12 });
      await venue.client.submitEpoch(mockSubmission(venue.deployment, epoch, { marketCommitment, ...(epoch === 3 ? { words: [1_200_000n, 100_000n] } : {}) }));
    }
  });
  after(async () => {
    await (venue as LocalVenue | undefined)?.stop();
    await remove();
  });

  it('has the figures that the contracts recorded, and its file is what --json prints', async () => {
    const ended = await board('--out', at('board.json'));
    assert.equal(ended.code, 0, `${ended.stdout}${ended.stderr}`);
    const printed = oneJson(ended);
    const text = await readFile(at('board.json'), 'utf8');
    assert.deepEqual(JSON.parse(text), printed);
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(await readFile('src/audit/schema/board.schema.json', 'utf8')) as object);
    assert.ok(validate(printed), JSON.stringify(validate.errors));
    const epochs = printed['epochs'] as readonly Shown[];
    assert.deepEqual(epochs.map(({ epoch, covered, replacedSnapshots }) => [epoch, covered?.text, replacedSnapshots?.value]), [['1', 'covered', '0'], ['2', 'covered', '1'], ['3', 'not covered', '0']]);
    const [asset] = epochs[2]?.['assets'] as unknown as readonly { readonly deposits: { readonly standing: string }; readonly held: Shown }[];
    assert.deepEqual([asset?.held['owed']?.value, asset?.held['reserves']?.value, asset?.held['surplus']?.value, asset?.held['ratio']?.percent], ['1100000', '1000000', '-100000', '90.90 %']);
    // The registry verified the proofs; the command was given no attestation to verify them by.
    assert.equal(asset?.deposits.standing, 'chain');
    const gaps = printed['gaps'] as readonly Shown[];
    assert.deepEqual(gaps.map(({ kind, epoch }) => [kind, epoch]), [['late', '3']]);
    assert.ok(BigInt(gaps[0]?.['seconds']?.value ?? 0) >= 1_800n);
    assert.match(JSON.stringify(printed['warnings']), /INSECURE: every epoch.*stated by the venue's parameter admin.*escrow.*no contract for omission challenges/);
    const gate = printed['gate'] as Shown;
    assert.equal(gate['mode']?.text, 'WITHDRAW_ONLY');
  });

  it('is the same again for the same block, and ends at the block that is asked for', async () => {
    const whole = oneJson(await board());
    const block = String((whole['venue'] as unknown as { readonly block: string }).block);
    assert.deepEqual(oneJson(await board('--to-block', block)), whole);
    const earlier = oneJson(await board('--to-block', String(Number(block) - 1)));
    // The last block was the one of the third epoch's acceptance.
    assert.equal((earlier['epochs'] as readonly Shown[]).length, 2);
  });

  it('says in words what there is', async () => {
    const { code, stdout } = await clearproof('board', ...place());
    assert.equal(code, 0);
    assert.match(stdout, new RegExp('gate WITHDRAW_ONLY, latest snapshot \\d+ s old; reserves or fund did not cover'));
    assert.match(stdout, /epoch 3, tUSD: owed 1\.1, reserves 1 \(not covered, 90\.90 %\)/);
    assert.match(stdout, /shortfall 0\.00003 settlement currency, fund 0\.00005 \(covered\), at most 1 unhealthy accounts of at most 32/);
  });

  it('names files that do not verify, and leaves receipts alone', async () => {
    await mkdir(at('epochs', '1', 'receipts'), { recursive: true });
    await writeFile(at('epochs', '1', 'attestation.json'), '{"format":"clearproof-attestation","version":1}');
    await writeFile(at('epochs', '1', 'receipts', 'attestation.json'), '{"format":"clearproof-attestation"}');
    await writeFile(at('epochs', 'notes.json'), '{}');
    const printed = oneJson(await board('--attestations', at('epochs')));
    assert.deepEqual((printed['documents'] as readonly Shown[]).map(({ file, verdict }) => [file, verdict]), [['1/attestation.json', 'not-verified']]);
    assert.match(JSON.stringify(printed['warnings']), /The file 1\/attestation\.json is NOT verified/);
    assert.equal(errorOf(await board('--attestations', at('nowhere'))).code, 'FILE_READ');
  });

  it('says which it is when the node is down, the venue unknown, or the address no registry', async () => {
    const down = errorOf(await clearproof('board', '--rpc', 'http://127.0.0.1:1', ...place().slice(2), '--json'));
    assert.equal(down.code, 'CHAIN_UNREACHABLE');
    const nobody = errorOf(await clearproof('board', ...place().slice(0, 4), '--venue', '8', '--json'));
    assert.match(nobody.message, /UnknownVenue/);
    const empty = errorOf(await clearproof('board', ...place().slice(0, 2), '--registry', `0x${'1'.repeat(40)}`, '--venue', '7', '--json'));
    assert.equal(empty.code, 'NO_CONTRACT');
    const other = errorOf(await clearproof('board', ...place().slice(0, 2), '--registry', venue.usd, '--venue', '7', '--json'));
    assert.ok(['NO_CONTRACT', 'CONTRACT_REVERTED'].includes(other.code), other.code);
  });
});
