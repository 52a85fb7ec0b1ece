import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import { isSignedBy, recordSigner } from '../../src/chain/record-signature.js';

describe('the signature of a record', () => {
  const wallet = new Wallet(`0x${'11'.repeat(32)}`);

  it('is its signer\'s over this message alone, and has one form', async () => {
    const { address, signature } = await (await recordSigner(wallet)).sign('clearproof-contribution a');
    assert.ok(isSignedBy('clearproof-contribution a', { address, signature }));
    assert.ok(!isSignedBy('clearproof-contribution b', { address, signature }));
    assert.ok(!isSignedBy('clearproof-contribution a', { address: address.toLowerCase(), signature }), 'an address has its checksum');
    assert.ok(!isSignedBy('clearproof-contribution a', { address: Wallet.createRandom().address, signature }));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const other = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    const twin = `${signature.slice(0, 66)}${other}${signature.endsWith('1b') ? '1c' : '1b'}`;
    for (const bent of [twin, signature.toUpperCase().replace('0X', '0x'), `0x${'0'.repeat(130)}`, signature.slice(0, -2)]) {
      assert.ok(!isSignedBy('clearproof-contribution a', { address, signature: bent }), bent);
    }
  });
});
