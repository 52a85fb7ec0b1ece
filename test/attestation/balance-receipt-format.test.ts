import assert from 'node:assert/strict';
import { parseSignedBalance, serializeSignedBalance, signedBalanceToJson } from '../../src/attestation/balance-receipt-format.js';
import type { SignedBalance } from '../../src/attestation/balance-receipt.js';
import type { JsonValue } from '../../src/attestation/canonical-json.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { ALICE, bundlesOf, placeholderProofs, userEpoch } from '../builders/attestation.js';
import { signedBalance } from '../builders/balance.js';
import { allPlaces, withValue, without, type Step } from '../builders/json-edits.js';

describe('the file of a balance receipt', () => {
  const { receipts } = bundlesOf(portablePoseidon, userEpoch(portablePoseidon), placeholderProofs(2));
  const alice = receipts[ALICE] as (typeof receipts)[number];
  let signed: SignedBalance;
  let json: JsonValue;
  before(async () => {
    signed = await signedBalance(alice.venue, alice);
    json = signedBalanceToJson(signed);
  });

  /** Code and field of what the parser throws. */
  function refusalOf(value: JsonValue): { readonly code: string; readonly field: string | undefined } | undefined {
    try {
      parseSignedBalance(JSON.stringify(value), 'in.json');
      return undefined;
    } catch (error) {
      const { code, details } = error as { code: string; details: { field?: string } };
      return { code, field: details.field };
    }
  }

  it('is read back as it was written, on one line, with and without an amount', async () => {
    for (const one of [signed, await signedBalance(alice.venue, alice, 'presence')]) {
      const text = serializeSignedBalance(one);
      assert.doesNotMatch(text, /\n/);
      assert.deepEqual(parseSignedBalance(text), one);
    }
  });

  it('is refused without any of its fields, and with a further one', () => {
    const places = allPlaces(json).map(({ path }) => path).filter((path) => path.length > 0);
    assert.ok(places.length > 20);
    for (const path of places) {
      // Without what is promised it promises presence: the one thing that may lack.
      if (path.join('.') === 'opening.promised') continue;
      assert.ok(refusalOf(without(json, path)) !== undefined, path.join('.'));
    }
    for (const path of [[], ['receipt'], ['opening'], ['opening', 'promised']]) {
      assert.equal(refusalOf(withValue(json, [...path, 'more'], '1'))?.code, 'JSON_SHAPE', path.join('.'));
    }
  });

  const WRONG: readonly (readonly [what: string, path: readonly Step[], value: JsonValue, code: string])[] = [
    ['another format', ['format'], 'clearproof-receipt', 'WRONG_FORMAT'],
    ['a version to come', ['version'], 2, 'FORMAT_VERSION'],
    ['a commitment beyond the field', ['receipt', 'balance'], FIELD_MODULUS.toString(), 'JSON_SHAPE'],
    ['an account name in upper case', ['receipt', 'account'], `0x${'A'.repeat(64)}`, 'JSON_SHAPE'],
    ['an address without its checksum', ['receiptSigner'], `0x${'ab'.repeat(20)}`, 'ADDRESS_CHECKSUM'],
    ['a contract without its checksum', ['disputes'], `0x${'ab'.repeat(20)}`, 'ADDRESS_CHECKSUM'],
    ['a sequence beyond 64 bits', ['receipt', 'sequence'], (2n ** 64n).toString(), 'JSON_SHAPE'],
    ['an end before its beginning', ['receipt', 'validUntil'], '1789999999', 'JSON_SHAPE'],
    ['a signature of 64 bytes', ['signature'], `0x${'1'.repeat(128)}`, 'JSON_SHAPE'],
    ['a signature that ends as no contract takes it', ['signature'], `0x${'1'.repeat(128)}00`, 'JSON_SHAPE'],
    ['an amount of nothing', ['opening', 'promised', 'amount'], '0', 'JSON_SHAPE'],
    ['an amount beyond 64 bits', ['opening', 'promised', 'amount'], (2n ** 64n).toString(), 'JSON_SHAPE'],
    ['rows the wrong way round', ['opening', 'promised', 'lastRow'], '0', 'JSON_SHAPE'],
    ['a row beyond the tree\'s', ['opening', 'promised', 'lastRow'], '65536', 'JSON_SHAPE'],
    ['a blinding that could be tried out', ['opening', 'blinding'], (2n ** 96n - 1n).toString(), 'JSON_SHAPE'],
    ['an amount as a JSON number', ['opening', 'promised', 'amount'], 500_000, 'JSON_SHAPE'],
  ];
  for (const [what, path, value, code] of WRONG) {
    it(`is refused with ${what}, and the place is named`, () => {
      const refusal = refusalOf(withValue(json, path, value));
      assert.deepEqual(refusal, { code, field: refusal?.field });
      assert.equal(refusal?.field, path.join('.'));
    });
  }

  it('is not read beyond the length of any such file', () => {
    assert.equal(refusalOf(withValue(json, ['opening', 'userId'], 'a'.repeat(5_000)))?.code, 'JSON_SIZE');
  });
});
