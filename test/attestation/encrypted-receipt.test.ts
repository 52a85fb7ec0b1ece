import assert from 'node:assert/strict';
import { decryptReceipt, encryptReceipt, EncryptedReceiptError } from '../../src/attestation/encrypted-receipt.js';
import { newEncryptionKeyPair, publicKeyOf } from '../../src/attestation/sealed-box.js';

const DEMAND = { chainId: 31337n, vault: '0x5FbDB2315678afecb367f032d93F642f64180aa3', demandId: 4n };
const TEXT = JSON.stringify({ format: 'clearproof-receipt', holdings: [{ index: '0', quantity: '123' }], note: 'Zürich' });

describe('an encrypted receipt', () => {
  const keys = newEncryptionKeyPair();
  const answer = encryptReceipt(TEXT, keys.publicKey, DEMAND);

  it('is opened by the key it was made for, and only as the answer to its demand', () => {
    assert.deepEqual(publicKeyOf(keys.privateKey), keys.publicKey);
    assert.equal(decryptReceipt(answer, keys.privateKey, DEMAND), TEXT);
    // Addresses are compared whatever their case.
    assert.equal(decryptReceipt(answer, keys.privateKey, { ...DEMAND, vault: DEMAND.vault.toLowerCase() }), TEXT);
    const others = [{ ...DEMAND, demandId: 5n }, { ...DEMAND, chainId: 1n }, { ...DEMAND, vault: `0x${'11'.repeat(20)}` }];
    for (const other of others) refused(() => decryptReceipt(answer, keys.privateKey, other), /does not open/);
    refused(() => decryptReceipt(answer, newEncryptionKeyPair().privateKey, DEMAND), /does not open/);
  });

  it('does not open with any bit changed', () => {
    for (let place = 0; place < answer.length; place += 29) {
      const bent = Uint8Array.from(answer, (byte, index) => (index === place ? byte ^ 1 : byte));
      refused(() => decryptReceipt(bent, keys.privateKey, DEMAND), place === 0 ? /no encrypted receipt/ : /does not open/);
    }
    refused(() => decryptReceipt(answer.subarray(0, -1), keys.privateKey, DEMAND), /does not open/);
    refused(() => decryptReceipt(new Uint8Array(20), keys.privateKey, DEMAND), /no encrypted receipt/);
  });

  it('has a whole number of pages, and another text each time', () => {
    assert.equal((answer.length - 61) % 1024, 0);
    assert.equal(encryptReceipt(TEXT.slice(0, 40), keys.publicKey, DEMAND).length, answer.length);
    assert.notDeepEqual(encryptReceipt(TEXT, keys.publicKey, DEMAND), answer);
  });

  it('is not made for what is no key, a point of small order among it', () => {
    for (const bytes of [new Uint8Array(31), new Uint8Array(32)]) refused(() => encryptReceipt(TEXT, bytes, DEMAND), /no usable X25519 public key/);
    refused(() => decryptReceipt(answer, new Uint8Array(5), DEMAND), /has 32 bytes/);
  });
});

function refused(action: () => unknown, reason: RegExp): void {
  assert.throws(action, (error: unknown) => error instanceof EncryptedReceiptError && reason.test(error.message));
}
