import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bytesToInteger, circuitIdOf, digestOf } from '../../src/commitment/digest.js';
import { absorb, hashList } from '../../src/commitment/hash-list.js';
import { baseOf, domainOf, keyOf, ownerOf } from '../../src/commitment/identity.js';
import { marketCommitment, marketHeader, rowHash } from '../../src/commitment/market-commitment.js';
import { instrumentListText } from '../../src/risk/instrument-list.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { tagOf } from '../../src/commitment/tags.js';
import { smallMarket } from '../builders/market.js';

describe('a digest', () => {
  it('is the first 31 bytes of SHA-256 of the UTF-8 text, big-endian', () => {
    for (const text of ['', 'alice', 'Zoë ☂']) {
      assert.equal(digestOf(text), BigInt(`0x${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 62)}`));
    }
    assert.equal(bytesToInteger(Uint8Array.of(1, 0, 255)), 65791n);
    assert.equal(circuitIdOf('solvency-close-u16-s2'), digestOf('solvency-close-u16-s2'));
  });

  it('of an address is that of test/contracts/gate/GateClaimsTest.t.sol', () => {
    const vectors = [...readFileSync('test/contracts/gate/GateClaimsTest.t.sol', 'utf8').matchAll(/constant \w+ = (0x\w{40});\s+uint256 private constant \w+_DIGEST =\s+(\d+);/g)];
    assert.equal(vectors.length, 2);
    for (const [, address = '', digest = ''] of vectors) assert.equal(digestOf(address), BigInt(digest));
  });
});

describe('names of venue and account', () => {
  const venue = { chainId: 1n, registry: 2n, venueId: 3n };

  it('change with chain, registry, venue and circuit', () => {
    const bases = [venue, { ...venue, chainId: 9n }, { ...venue, registry: 9n }, { ...venue, venueId: 9n }].map((one) => baseOf(poseidon, one));
    assert.equal(new Set([...bases, ...bases.map((base) => domainOf(poseidon, base, 1n)), domainOf(poseidon, bases[0] as bigint, 2n)]).size, 9);
  });
  it('change with secret, signing key, owner, user and sub-account', () => {
    const owner = ownerOf(poseidon, 5n, 6n);
    const keys = [{ owner, userId: 'a', subAccount: 0 }, { owner: 1n, userId: 'a', subAccount: 0 }, { owner, userId: 'b', subAccount: 0 }, { owner, userId: 'a', subAccount: 1 }];
    assert.equal(new Set([owner, ownerOf(poseidon, 6n, 5n), ...keys.map((parts) => keyOf(poseidon, parts))]).size, 6);
  });
});

describe('a hash list', () => {
  it('starts from its tag and takes 14 elements a call, each call from what the one before gave', () => {
    const tag = tagOf('book');
    const elements = Array.from({ length: 29 }, (_, place) => BigInt(place));
    const first = poseidon.hash([tag, ...elements.slice(0, 14)]);
    const second = poseidon.hash([first, ...elements.slice(14, 28)]);
    assert.equal(hashList(poseidon, tag, elements.slice(0, 14)), first);
    assert.equal(hashList(poseidon, tag, elements.slice(0, 28)), second);
    assert.equal(hashList(poseidon, tag, elements), poseidon.hash([second, 28n]));
    assert.equal(absorb(poseidon, first, elements.slice(14)), hashList(poseidon, tag, elements));
  });
});

describe('a market commitment', () => {
  const table = smallMarket();
  const commitment = marketCommitment(poseidon, table);

  it('holds the header that the table says', () => {
    assert.deepEqual({ ...marketHeader(table), instrumentList: 0n }, {
      level: 1n, snapshotTime: 1_790_000_000n, valueScale: 12n, scenarios: 2n, listedRows: 6n, tieredRows: 0n, instrumentList: 0n, parameterSet: digestOf('test-1\nUSD\ndown\nup\n'),
    });
    assert.equal(instrumentListText(table.rows.slice(0, 2)), '0,USDC,cash,USDC,6\n1,BTC,spot,BTC,6\n');
  });

  for (const [field, value] of [
    ['mark', 8n], ['longCharge', 8n], ['shortCharge', 2n], ['pnl', [-7n, 4n]], ['kind', 'cash'], ['asset', 'OTHER'], ['cap', 1n], ['group', 0], ['predecessor', 1],
    ['activationEpoch', 1], ['oraclePrice', 1n], ['id', 'OTHER'], ['quantityDecimals', 7],
  ] as const) {
    it(`changes with a row's ${field}`, () => {
      const changed = { ...table, rows: table.rows.map((row) => (row.index === 5 ? { ...row, [field]: value } : row)) };
      assert.notEqual(marketCommitment(poseidon, changed), commitment);
    });
  }
  for (const change of [{ level: 'initial' as const }, { snapshotTime: 1_790_000_001 }, { valueScale: 11 }, { parameterSet: 'test-2' }, { rows: table.rows.slice(0, 5) }]) {
    it(`changes with the header's ${Object.keys(change).join()}`, () => { assert.notEqual(marketCommitment(poseidon, { ...table, ...change }), commitment); });
  }
  it('tells a negative mark from the large number that stands for it nowhere else', () => {
    const row = table.rows[0] as (typeof table.rows)[number];
    assert.notEqual(rowHash(poseidon, { ...row, mark: -1n }), rowHash(poseidon, { ...row, mark: 1n }));
  });
});
