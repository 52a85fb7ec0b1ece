import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AbiCoder, Wallet, concat, hashMessage, id, keccak256, recoverAddress, type Signer } from 'ethers';
import {
  agreementSignerOf, openingsHash, openingsSignerOf, orderSignerOf, signAgreement, signOpenings, signOrder, type OpenedCommitment, type TradeAgreement,
} from '../../src/chain/trade-signatures.js';
import type { Order } from '../../src/clearing/order.js';
import { HOUSE, order } from '../builders/cleared.js';

const KEY = new Wallet(`0x${'07'.repeat(32)}`);
const HOUSE_TARGET = { chainId: 31_337n, house: HOUSE.house };
const BONDS_TARGET = { chainId: 31_337n, bonds: HOUSE.house };
const AGREEMENT: TradeAgreement = { tradeCommitment: 5n, buyer: 1n, seller: 2n, expiry: 1_790_000_600, bond: 7n };
const OPENINGS: readonly OpenedCommitment[] = [{ handle: 1n, commitment: 11n }, { handle: 2n, commitment: 12n }];
const OTHER_HOUSE = HOUSE.venue.registry;

describe('a signature of the clearing house', () => {
  it('is over every part of what is signed, for one contract on one chain', async () => {
    const signed = await signOrder(KEY, HOUSE_TARGET, 1n, order());
    const by = (target = HOUSE_TARGET, venueId = 1n, change: Partial<Order> = {}): string | undefined => orderSignerOf(target, venueId, order(change), signed);
    assert.equal(by(), KEY.address);
    const changes: readonly Partial<Order>[] = [
      { handle: 2n }, { seller: true }, { row: 9 }, { payRow: 7 }, { quantity: 11n }, { payment: 1n }, { partial: false }, { expiry: 1 }, { nonce: 6n },
    ];
    assert.equal(changes.length, Object.keys(order()).length, 'every part of an order');
    for (const change of changes) assert.notEqual(by(HOUSE_TARGET, 1n, change), KEY.address, JSON.stringify(Object.keys(change)));
    for (const other of [by({ ...HOUSE_TARGET, chainId: 1n }), by({ ...HOUSE_TARGET, house: OTHER_HOUSE }), by(HOUSE_TARGET, 2n)]) assert.notEqual(other, KEY.address);
  });

  it('of an agreement is over trade, handles, time and bond', async () => {
    const signed = await signAgreement(KEY, BONDS_TARGET, AGREEMENT);
    assert.equal(agreementSignerOf(BONDS_TARGET, AGREEMENT, signed), KEY.address);
    for (const change of [{ tradeCommitment: 6n }, { buyer: 3n }, { seller: 3n }, { expiry: 1 }, { bond: 8n }]) {
      assert.notEqual(agreementSignerOf(BONDS_TARGET, { ...AGREEMENT, ...change }, signed), KEY.address);
    }
    assert.notEqual(agreementSignerOf({ ...BONDS_TARGET, bonds: OTHER_HOUSE }, AGREEMENT, signed), KEY.address);
  });

  it('of openings is over every handle with its commitment, in order', async () => {
    const signed = await signOpenings(KEY, HOUSE_TARGET, 1n, OPENINGS);
    assert.equal(openingsSignerOf(HOUSE_TARGET, 1n, OPENINGS, signed), KEY.address);
    for (const other of [[...OPENINGS].reverse(), OPENINGS.slice(0, 1), [{ handle: 1n, commitment: 12n }, { handle: 2n, commitment: 11n }], []]) {
      assert.notEqual(openingsSignerOf(HOUSE_TARGET, 1n, other, signed), KEY.address);
    }
    assert.notEqual(openingsSignerOf(HOUSE_TARGET, 2n, OPENINGS, signed), KEY.address);
  });

  it('is none where it has another form', () => {
    for (const text of ['0x', `0x${'00'.repeat(65)}`, 'no signature']) assert.equal(orderSignerOf(HOUSE_TARGET, 1n, order(), text), undefined);
  });
});

describe('what the contracts verify', () => {
  const coder = AbiCoder.defaultAbiCoder();
  /** By hand, with the type string that stands in the contract's source. */
  const digest = (source: string, name: string, type: RegExp, values: readonly (readonly [string, unknown])[]): string => {
    const found = type.exec(readFileSync(source, 'utf8'))?.[1] ?? '';
    assert.notEqual(found, '', `${source} has the type`);
    const domain = keccak256(coder.encode(
      ['bytes32', 'bytes32', 'bytes32', 'uint256', 'address'],
      [id('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'), id(name), id('1'), 31_337n, HOUSE.house],
    ));
    const struct = keccak256(coder.encode(['bytes32', ...values.map(([one]) => one)], [id(found), ...values.map(([, value]) => value)]));
    return keccak256(concat(['0x1901', domain, struct]));
  };
  const assertSigned = (hash: string, signature: string): void => {
    assert.equal(recoverAddress(hash, signature), KEY.address);
    assert.notEqual(recoverAddress(hashMessage(hash), signature), KEY.address);
  };
  const signer: Signer = KEY;

  it('are in the words of the contracts', async () => {
    const openings = digest('contracts/clearing/AccountChanges.sol', 'Clearproof ClearingHouse', /keccak256\("(Openings\([^"]+)"\)/, [['uint256', 1n], ['bytes32', openingsHash(OPENINGS)]]);
    assertSigned(openings, await signOpenings(signer, HOUSE_TARGET, 1n, OPENINGS));
    const { tradeCommitment, buyer, seller, expiry, bond } = AGREEMENT;
    const agreement = digest('contracts/TradeBonds.sol', 'Clearproof TradeBonds', /"(Agreement\([^"]+)"/, [
      ['uint256', tradeCommitment], ['uint64', buyer], ['uint64', seller], ['uint64', expiry], ['uint256', bond],
    ]);
    assertSigned(agreement, await signAgreement(signer, BONDS_TARGET, AGREEMENT));
  });

  it('of openings is the hash of 32 bytes a handle and a commitment', () => {
    assert.equal(openingsHash(OPENINGS), keccak256(coder.encode(['uint256', 'uint256', 'uint256', 'uint256'], [1n, 11n, 2n, 12n])));
  });
});
