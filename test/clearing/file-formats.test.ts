import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseClearedAccount, serializeClearedAccount } from '../../src/clearing/opening-format.js';
import type { ClearedAccountFile } from '../../src/clearing/opening-file.js';
import { parseOrder, serializeOrder } from '../../src/clearing/order-format.js';
import { NO_BENEFICIARY, type TransitionFile, type TransitionPurpose } from '../../src/clearing/proven-transition.js';
import { parseTrade, serializeTrade } from '../../src/clearing/trade-format.js';
import { parseTransition, serializeTransition } from '../../src/clearing/transition-format.js';
import { HOUSE, clearedAccount, order, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const SIGNED = { ...HOUSE, order: order(), signature: `0x${'ab'.repeat(65)}` };
const TRADE = { ...HOUSE, terms: tradeTerms() };
const { nonce, period, slots } = clearedAccount({ [TIERED_ROWS.USDC]: 5n, [TIERED_ROWS.CALL]: -(2n ** 64n) });
const ACCOUNT: ClearedAccountFile = { ...HOUSE, handle: 3n, owner: 17n, userId: 'alice', subAccount: 2, openings: [{ nonce: 1n, period: 0, slots }, { nonce, period, slots }] };
const COLLATERAL = { in: { row: 7, amount: 5n }, recipient: HOUSE.house, beneficiary: NO_BENEFICIARY, deadline: 1_790_000_000 };
const PURPOSES: readonly TransitionPurpose[] = [
  { kind: 'trade', seller: true, trade: { buyer: 1n, seller: 2n, expiry: 1_790_000_600, commitment: 5n } },
  { kind: 'open', controller: HOUSE.house, payer: HOUSE.house, collateral: COLLATERAL },
  { kind: 'adjust', handle: 3n, payer: HOUSE.house, collateral: { out: { row: 0, amount: 2n ** 64n - 1n }, beneficiary: `0x${'0a'.repeat(32)}`, deadline: 9 } },
  { kind: 'transfer', handle: 3n, from: 3n, to: 4n, collateral: COLLATERAL },
  { kind: 'expiry', handle: 3n, row: 9 },
  { kind: 'funding', handle: 3n, fromPeriod: 4 },
];
const transitionFile = (purpose: TransitionPurpose): TransitionFile => ({
  ...HOUSE, purpose,
  transition: {
    circuitId: 5n, marketCommitment: 6n, newCommitment: 7n, reducing: false, unmargined: true, owned: true,
    proof: { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] },
  },
});

/** What reading a file says when one text in it is another. */
function refuses(parse: (text: string, file: string) => unknown, text: string, from: string | RegExp, to: string, code: string, words: RegExp): void {
  const changed = text.replace(from, to);
  assert.notEqual(changed, text, 'the text was changed');
  assert.throws(() => parse(changed, 'my.json'), (error: Error & { code?: string }) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return true;
  });
}

describe('files of the clearing house', () => {
  it('are read as they were written', () => {
    assert.deepEqual(parseOrder(serializeOrder(SIGNED)), SIGNED);
    assert.deepEqual(parseTrade(serializeTrade(TRADE)), TRADE);
    assert.deepEqual(parseClearedAccount(serializeClearedAccount(ACCOUNT)), ACCOUNT);
    for (const purpose of PURPOSES) assert.deepEqual(parseTransition(serializeTransition(transitionFile(purpose))), transitionFile(purpose), purpose.kind);
  });

  it('are read as docs/formats.md shows them, one of each kind', () => {
    const section = /^## Files of the clearing house\n(.*?)^## /ms.exec(readFileSync('docs/formats.md', 'utf8'))?.[1] ?? '';
    const shown = [...section.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) => text);
    const [signed, trade, account, transition] = [parseOrder(shown[0] ?? ''), parseTrade(shown[1] ?? ''), parseClearedAccount(shown[2] ?? ''), parseTransition(shown[3] ?? '')];
    assert.deepEqual([serializeOrder(signed), serializeTrade(trade), serializeClearedAccount(account), serializeTransition(transition)], shown);
    assert.deepEqual([signed, trade, transition], [SIGNED, TRADE, transitionFile(PURPOSES[0] as TransitionPurpose)]);
  });

  it('are of one kind each', () => {
    refuses(parseTrade, serializeOrder(SIGNED), /$/, ' ', 'WRONG_FORMAT', /my\.json, field format: expected "clearproof-trade", found "clearproof-order"/);
    refuses(parseOrder, serializeOrder(SIGNED), '"version":1', '"version":2', 'FORMAT_VERSION', /version/);
  });

  it('of orders name the field that is wrong', () => {
    const text = serializeOrder(SIGNED);
    refuses(parseOrder, text, '"quantity":"10"', '"quantity":"0"', 'JSON_SHAPE', /field order\.quantity: 0 is out of range: it must lie in \[1, 18446744073709551615\]/);
    refuses(parseOrder, text, '"quantity":"10"', '"quantity":"010"', 'JSON_SHAPE', /field order\.quantity: "010" is not an integer/);
    refuses(parseOrder, text, '"seller":false', '"seller":"false"', 'JSON_SHAPE', /field order\.seller: expected true or false, without quotes/);
    refuses(parseOrder, text, '"handle":"1"', '"handle":"0"', 'JSON_SHAPE', /field order\.handle/);
    refuses(parseOrder, text, '"expiry":"1790000600"', '"expiry":"1099511627776"', 'JSON_SHAPE', /field order\.expiry/);
    refuses(parseOrder, text, '"signature":"0xabab', '"signature":"0xABab', 'JSON_SHAPE', /field signature: .*lower-case hex/);
    refuses(parseOrder, text, HOUSE.house, HOUSE.house.toLowerCase(), 'ADDRESS_CHECKSUM', /field house: .*EIP-55/);
  });

  it('of trades are of two accounts', () => {
    refuses(parseTrade, serializeTrade(TRADE), '"seller":"2"', '"seller":"1"', 'JSON_SHAPE', /field terms\.seller: handle 1 is the buyer too/);
  });

  it('of accounts are refused without a word of what they hold', () => {
    const text = serializeClearedAccount(ACCOUNT);
    refuses(parseClearedAccount, text, '{"index":"9"', '{"index":"7"', 'JSON_SHAPE', /field openings\[0\]\.slots\[1\]\.index: row indices must strictly increase/);
    refuses(parseClearedAccount, text, '"quantity":"5"', '"quantity":"5","extra":"1"', 'JSON_SHAPE', /unknown field "extra"/);
    refuses(parseClearedAccount, text, '"slots":[', '"slots":["",', 'JSON_SHAPE', /field openings\[0\]\.slots\[0\]: expected an object/);
    refuses(parseClearedAccount, text, '"userId":"alice"', '"userId":""', 'USER_ID', /field userId/);
  });

  it('of proofs have the fields of their purpose and no others', () => {
    const text = serializeTransition(transitionFile({ kind: 'expiry', handle: 3n, row: 9 }));
    refuses(parseTransition, text, '"kind":"expiry"', '"kind":"funding"', 'JSON_SHAPE', /unknown field "row": remove it; known are kind, handle, fromPeriod/);
    refuses(parseTransition, text, '"kind":"expiry"', '"kind":"gift"', 'JSON_SHAPE', /"gift" is not one of trade, open, adjust/);
    refuses(parseTransition, text, '"newCommitment":"7"', '"newCommitment":"21888242871839275222246405745257275088548364400416034343698204186575808495617"', 'JSON_SHAPE', /field transition\.newCommitment: .* is out of range/);
  });
});
