import assert from 'node:assert/strict';
import { startAnvil, anvilWallet, type AnvilNode } from '../../src/chain/anvil.js';
import { transactionState } from '../../src/chain/chain-time.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { deployTestToken } from '../../src/chain/deploy.js';
import { ChainRequestError, ChainUnreachableError } from '../../src/chain/errors.js';
import { tokenAllowance } from '../../src/chain/escrow-client.js';
import { ReadyCalls } from '../../src/chain/ready-calls.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { VenueSender } from '../../src/keeper/venue-sender.js';
import { CONTRACT_ARTIFACTS } from '../../src/toolchain/contracts.js';
import { FaultyNode } from '../harness/faulty-node.js';

const LIQUIDATIONS = '0x00000000000000000000000000000000000000C1';

describe('a transaction that is signed before it is sent', () => {
  let anvil: AnvilNode;
  let node: FaultyNode;
  let connection: ChainConnection;
  let sender: VenueSender;
  let token: string;

  before(async () => {
    anvil = await startAnvil();
    node = await FaultyNode.start(anvil.url);
    connection = await connectChain(node.url, { timeoutMs: 2_000 });
    const signer = anvilWallet(0, connection.provider) as unknown as ConnectedSigner;
    token = await deployTestToken(anvilWallet(0, connection.provider), { artifacts: CONTRACT_ARTIFACTS, name: 'Test USD', symbol: 'tUSD', decimals: 6 });
    sender = new VenueSender(signer, new ReadyCalls(signer, { house: token, liquidations: LIQUIDATIONS, bidders: token }, 1n), () => Promise.resolve(token));
  });

  after(async () => {
    connection.close();
    await node.stop();
    await anvil.stop();
  });

  it('changes nothing until it is sent, and is the same one however often it is', async () => {
    const rehearsal = await sender.rehearse({ kind: 'approve', row: 0, amount: 77n });
    assert.ok(rehearsal.passes);
    const prepared = await sender.prepare({ kind: 'approve', row: 0, amount: 77n }, rehearsal.gas);
    assert.equal(await sender.stateOf(prepared.hash), 'lost');
    assert.equal(await tokenAllowance(connection.provider, token, sender.address, LIQUIDATIONS), 0n);
    await prepared.broadcast();
    assert.equal(await transactionState(connection.provider, prepared.hash), 'done');
    await assert.rejects(prepared.broadcast(), ChainRequestError);
    assert.equal(await tokenAllowance(connection.provider, token, sender.address, LIQUIDATIONS), 77n);
  });

  it('[P-259] survives an end point that drops requests: what could not be sent is sent later, unchanged', async () => {
    const rehearsal = await sender.rehearse({ kind: 'approve', row: 0, amount: 78n });
    assert.ok(rehearsal.passes);
    const prepared = await sender.prepare({ kind: 'approve', row: 0, amount: 78n }, rehearsal.gas);
    node.reset('hangs');
    await assert.rejects(prepared.broadcast(), ChainUnreachableError);
    node.reset();
    assert.equal(await sender.stateOf(prepared.hash), 'lost');
    await prepared.broadcast();
    assert.equal(await sender.stateOf(prepared.hash), 'done');
  });

  it('is not signed where its rehearsal is refused by the contract', async () => {
    assert.deepEqual(await sender.rehearse({ kind: 'seal', handle: 1n, commitment: 1n, ciphertexts: [] }), { passes: false, reason: 'CONTRACT_REVERTED' });
  });
});
