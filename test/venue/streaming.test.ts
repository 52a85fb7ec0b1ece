import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileSource } from '../../src/venue/byte-source.js';
import { collectSnapshot, readSnapshot, type SnapshotFormat } from '../../src/venue/snapshot-reader.js';
import { bytesSource, INSTRUMENTS, refusal } from './fixtures.js';

const ROWS = 100_000;

interface Counted {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly rowsGiven: () => number;
  readonly closed: () => boolean;
}

/** Rows of two holdings an account, made as they are asked for, 500 a piece. */
function countedRows(format: SnapshotFormat['kind']): Counted {
  let given = 0;
  let closed = false;
  // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source needs no waiting here
  async function* make(): AsyncGenerator<Uint8Array> {
    try {
      if (format === 'csv') yield new TextEncoder().encode('user_id,sub_account,instrument,quantity\n');
      while (given < ROWS) {
        let piece = '';
        for (const end = given + 500; given < end; given += 2) {
          piece += format === 'csv'
            ? `user-${given},0,USD,${given}.5\nuser-${given},0,BTC,1\n`
            : `{"user":"user-${given}","holdings":{"USD":"${given}.5","BTC":"1"}}\n`;
        }
        yield new TextEncoder().encode(piece);
      }
    } finally {
      closed = true;
    }
  }
  return { bytes: make(), rowsGiven: () => given, closed: () => closed };
}

describe('reading a large snapshot', () => {
  for (const kind of ['csv', 'ndjson'] as const) {
    it(`gives the first ${kind} account long before the input is consumed, and stays close behind it`, async () => {
      const source = countedRows(kind);
      let accounts = 0;
      let furthestAhead = 0;
      for await (const account of readSnapshot({ name: kind, bytes: source.bytes }, { kind }, INSTRUMENTS, 8)) {
        accounts += 1;
        furthestAhead = Math.max(furthestAhead, source.rowsGiven() - 2 * accounts);
        if (accounts === 1) assert.equal(account.userId, 'user-0');
      }
      assert.equal(accounts, ROWS / 2);
      assert.ok(furthestAhead < ROWS / 10, `the source was ${furthestAhead} rows ahead`);
    });

    it(`closes the ${kind} source when the reader stops early`, async () => {
      const source = countedRows(kind);
      let last = '';
      for await (const account of readSnapshot({ name: kind, bytes: source.bytes }, { kind }, INSTRUMENTS, 8)) {
        last = account.userId;
        if (last === 'user-20') break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(last, 'user-20');
      assert.ok(source.closed());
      assert.ok(source.rowsGiven() < ROWS / 10);
    });
  }

  it('finds an account that comes back after many others', async () => {
    const source = countedRows('csv');
    async function* twice(): AsyncGenerator<Uint8Array> {
      yield* source.bytes;
      yield new TextEncoder().encode('user-4,0,WEI,1\n');
    }
    const accounts = readSnapshot({ name: 'big.csv', bytes: twice() }, { kind: 'csv' }, INSTRUMENTS, 8);
    await assert.rejects(collectSnapshot(accounts), refusal('DUPLICATE_ACCOUNT', { file: 'big.csv', row: ROWS + 2 }));
  });

  it('gives the same accounts however the bytes are cut', async () => {
    const text = '\ufeffuser_id,sub_account,instrument,quantity\r\n"zoë, ""z""",0,USD,1\r\n漢字,3,BTC,-2\r\n';
    const read = (step: number): Promise<unknown> => collectSnapshot(readSnapshot(bytesSource(text, step), { kind: 'csv' }, INSTRUMENTS, 8));
    const whole = await read(10_000);
    for (const step of [1, 2, 3, 5, 64]) assert.deepEqual(await read(step), whole);
  });
});

describe('fileSource', () => {
  let folder = '';
  before(() => { folder = mkdtempSync(join(tmpdir(), 'snapshot-')); });
  after(() => rmSync(folder, { recursive: true }));
  const read = (path: string): Promise<unknown> => collectSnapshot(readSnapshot(fileSource(path), { kind: 'csv' }, INSTRUMENTS, 8));
  const text = `user_id,sub_account,instrument,quantity\n${'x'.repeat(40)},0,USD,1\n`;

  it('decompresses a file by its .gz name', async () => {
    writeFileSync(join(folder, 'a.csv'), text);
    writeFileSync(join(folder, 'a.csv.gz'), gzipSync(text));
    assert.deepEqual(await read(join(folder, 'a.csv.gz')), await read(join(folder, 'a.csv')));
  });

  it('names a file that does not exist', async () => {
    const path = join(folder, 'missing.csv');
    await assert.rejects(read(path), refusal('SOURCE_READ', { file: path }));
    await assert.rejects(read(`${path}.gz`), refusal('SOURCE_READ', { file: `${path}.gz` }));
  });

  it('refuses a damaged and a cut-off .gz file', async () => {
    const [damaged, cut] = [join(folder, 'damaged.csv.gz'), join(folder, 'cut.csv.gz')];
    writeFileSync(damaged, 'user_id,sub_account\n');
    writeFileSync(cut, gzipSync(text).subarray(0, -9));
    await assert.rejects(read(damaged), refusal('SOURCE_READ', { file: damaged }));
    await assert.rejects(read(cut), refusal('SOURCE_READ', { file: cut }));
  });
});
