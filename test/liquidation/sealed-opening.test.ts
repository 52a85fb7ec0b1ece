import assert from 'node:assert/strict';
import { newEncryptionKeyPair, openText, sealText, SealedBoxError } from '../../src/attestation/sealed-box.js';
import { clearedCommitment } from '../../src/commitment/cleared-account.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { parseDisclosedOpening, serializeDisclosedOpening, type DisclosedOpening } from '../../src/liquidation/disclosed-opening.js';
import { openSealedOpening, sealOpening, type PostingPlace } from '../../src/liquidation/sealed-opening.js';
import { HOUSE } from '../builders/cleared.js';
import { HANDLE, perpetualAccount } from '../builders/liquidation.js';

const opening = perpetualAccount(50_000n);
const DISCLOSED: DisclosedOpening = { ...HOUSE, handle: HANDLE, opening };
const PLACE: PostingPlace = { chainId: HOUSE.venue.chainId, bidders: `0x${'B1'.repeat(20)}`, handle: HANDLE, commitment: clearedCommitment(poseidon, opening) };
const keys = newEncryptionKeyPair();

/** No refusal tells what the account holds. */
function refuses(action: () => unknown, code: string, words: RegExp): void {
  assert.throws(action, (error: Error & { code?: string }) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    for (const secret of [opening.nonce, opening.key, 50_000n, 600_000n]) assert.ok(!error.message.includes(secret.toString()), 'no word of the opening');
    return true;
  });
}

describe('an opening for bidders', () => {
  const sealed = sealOpening(poseidon, DISCLOSED, keys.publicKey, PLACE);

  it('is read by the key it was sealed to, and says what the account holds and not who owns it [P-252]', () => {
    assert.deepEqual(openSealedOpening(poseidon, sealed, keys.privateKey, PLACE), DISCLOSED);
    assert.deepEqual(openSealedOpening(poseidon, sealed, keys.privateKey, { ...PLACE, bidders: PLACE.bidders.toLowerCase() }), DISCLOSED);
    assert.doesNotMatch(serializeDisclosedOpening(DISCLOSED), /user|owner/i);
  });

  it('is opened by no other key, and at no other place than it was posted for [P-252]', () => {
    const closed = /this key does not open what was posted of handle/;
    refuses(() => openSealedOpening(poseidon, sealed, newEncryptionKeyPair().privateKey, PLACE), 'SEALED_OPENING', closed);
    const others: readonly PostingPlace[] = [{ ...PLACE, chainId: 1n }, { ...PLACE, bidders: HOUSE.house }, { ...PLACE, handle: 6n }, { ...PLACE, commitment: 9n }];
    for (const place of others) refuses(() => openSealedOpening(poseidon, sealed, keys.privateKey, place), 'SEALED_OPENING', closed);
    refuses(() => openSealedOpening(poseidon, new Uint8Array(40), keys.privateKey, PLACE), 'SEALED_OPENING', closed);
  });

  it('that is not the account\'s is not sealed, and not believed where somebody did [P-252]', () => {
    const other = { ...DISCLOSED, opening: { ...opening, nonce: 5n } };
    refuses(() => sealOpening(poseidon, other, keys.publicKey, PLACE), 'SEALED_OPENING', /not the one of handle 5 and its commitment: take the opening of what stands on the chain/);
    refuses(() => sealOpening(poseidon, { ...DISCLOSED, handle: 6n }, keys.publicKey, PLACE), 'SEALED_OPENING', /not the one of handle 5/);
    const purpose = `clearproof sealed opening 1|${PLACE.chainId}|${PLACE.bidders.toLowerCase()}|${HANDLE}|${PLACE.commitment}`;
    const forged = sealText(serializeDisclosedOpening(other), keys.publicKey, purpose);
    refuses(() => openSealedOpening(poseidon, forged, keys.privateKey, PLACE), 'SEALED_OPENING', /whoever posted it posted something else/);
    refuses(() => openSealedOpening(poseidon, sealText('{}', keys.publicKey, purpose), keys.privateKey, PLACE), 'WRONG_FORMAT', /posted opening of handle 5/);
  });

  it('is sealed to an X25519 key alone', () => {
    for (const key of [new Uint8Array(31), new Uint8Array(32)]) refuses(() => sealOpening(poseidon, DISCLOSED, key, PLACE), 'SEALED_OPENING', /no usable X25519 public key/);
  });

  it('fits in what a contract takes, whatever the account has in its slots', () => {
    const full = perpetualAccount(2n ** 63n, 50);
    const length = sealOpening(poseidon, { ...DISCLOSED, opening: full }, keys.publicKey, { ...PLACE, commitment: clearedCommitment(poseidon, full) }).length;
    assert.equal((length - 61) % 1024, 0, 'whole pages');
    assert.ok(length <= 4_157, `${length} bytes`);
  });
});

describe('a file of an opening', () => {
  const text = serializeDisclosedOpening(DISCLOSED);

  it('is read as it was written', () => {
    assert.deepEqual(parseDisclosedOpening(text), DISCLOSED);
  });

  it('is refused without a word of what it holds', () => {
    const changes: readonly (readonly [string, string, string, RegExp])[] = [
      ['"version":1', '"version":2', 'FORMAT_VERSION', /this program reads version 1/], ['"handle":"5"', '"handle":"0"', 'JSON_SHAPE', /handle/],
      ['"key":"77"', '"key":77', 'JSON_SHAPE', /key/], ['"opening":{', '"opening":{"user":"a",', 'JSON_SHAPE', /opening/],
      ['clearproof-disclosed-opening', 'clearproof-cleared-account', 'WRONG_FORMAT', /give the right file/],
    ];
    for (const [from, to, code, words] of changes) {
      assert.ok(text.includes(from), from);
      refuses(() => parseDisclosedOpening(text.replace(from, to), 'my.json'), code, words);
    }
  });
});

describe('a sealed box', () => {
  it('that deflates to more than is expected is not opened', () => {
    const box = sealText('x'.repeat(100_000), keys.publicKey, 'test');
    assert.equal(openText(box, keys.privateKey, 'test', 100_000).length, 100_000);
    assert.throws(() => openText(box, keys.privateKey, 'test', 99_999), (error: unknown) => error instanceof SealedBoxError && error.reason === 'closed');
  });
});
