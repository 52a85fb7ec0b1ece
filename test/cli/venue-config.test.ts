import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVenueConfig } from '../../src/cli/venue-config.js';
import { JsonShapeError } from '../../src/venue/import-errors.js';

const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const VENUE = {
  formatVersion: '1', venueId: '7', fundToken: ADDRESS, valueUnitsPerFundUnit: '1000000', valueScale: '12', staleAfter: '86400', haltAfter: '172800',
  maxSubmissionAge: '86400', marketTolerance: '3600', assets: [{ token: ADDRESS, unitsPerQuantum: '1' }],
} as const;
const DISPUTES = { challengeWindow: '3600', answerWindow: '7200', bond: '10000000000000000' } as const;

describe('a venue file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-venue-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  async function disputesOf(disputes?: object): Promise<unknown> {
    const file = join(folder, 'venue.json');
    await writeFile(file, JSON.stringify(disputes === undefined ? VENUE : { ...VENUE, disputes }));
    return (await readVenueConfig(file)).disputes;
  }

  it('without disputes is of a venue that nobody can challenge', async () => {
    assert.equal(await disputesOf(), undefined);
  });

  it('has windows and bond of disputes, and who signs receipts if not the operator', async () => {
    const windows = { challengeWindow: 3_600, answerWindow: 7_200, bond: 10n ** 16n };
    assert.deepEqual(await disputesOf(DISPUTES), windows);
    assert.deepEqual(await disputesOf({ ...DISPUTES, receiptSigner: ADDRESS }), { ...windows, receiptSigner: ADDRESS });
  });

  for (const [title, change, reason] of [
    ['a window of no seconds', { answerWindow: '0' }, /0 is out of range/],
    ['a window longer than a year', { challengeWindow: '99999999' }, /out of range/],
    ['a bond that is no whole number', { bond: '0.01' }, /a whole number in a string/],
    ['a receipt signer that is no address', { receiptSigner: 'me' }, /an address/],
    ['a field that means nothing', { vault: ADDRESS }, /vault/],
    ['no bond', { bond: undefined }, /is missing/],
  ] as const) {
    it(`is refused with disputes that have ${title}`, async () => {
      await assert.rejects(disputesOf({ ...DISPUTES, ...change }), (error: unknown) => {
        assert.ok(error instanceof JsonShapeError);
        assert.match(error.message, reason);
        return true;
      });
    });
  }
});
