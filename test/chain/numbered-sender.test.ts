import assert from 'node:assert/strict';
import { Interface, type JsonRpcProvider } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { deployTestToken } from '../../src/chain/deploy.js';
import { tokenBalance } from '../../src/chain/escrow-client.js';
import { NumberedSender, type NumberedCall } from '../../src/chain/numbered-sender.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';

const TOKEN = new Interface(['function mint(address to, uint256 amount)', 'function transfer(address to, uint256 amount) returns (bool)', 'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)']);
const SETTINGS = { maxGasPrice: 10n ** 12n, patienceMs: 0, bumpAfterMs: 1_000 };

/** A process that was killed is a sender that is made anew. */
describe('sending under numbers', function () {
  this.timeout(60_000);
  let node: AnvilNode;
  let connection: ChainConnection;
  let provider: JsonRpcProvider;
  let token: string;
  let signer: ConnectedSigner;

  before(async () => {
    node = await startAnvil();
    connection = await connectChain(node.url, { pollingMs: 25 });
    ({ provider } = connection);
    token = await deployTestToken(anvilWallet(0, provider), { artifacts: 'build/contracts', name: 'T', symbol: 'T', decimals: 6 });
    signer = anvilWallet(3, provider) as ConnectedSigner;
  });
  after(async () => {
    connection.close();
    await node.stop();
  });
  afterEach(async () => {
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
  });

  it('does one thing of two that were tried under one number, whoever tried', async () => {
    const number = await fresh().number();
    const before = await balance();
    await provider.send('evm_setAutomine', [false]);
    assert.equal(await fresh().send(mint(5n), number), 'waiting');
    assert.equal(await fresh().number(), number, 'what is under way is not counted');
    assert.equal(await fresh().send(mint(7n), number), 'occupied', 'another thing');
    assert.equal(await fresh().send(mint(5n), number), 'occupied', 'the same with another limit of gas');
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
    assert.equal(await balance() - before, 5n);
    assert.equal(await fresh().send(mint(7n), number), 'occupied', 'the number is used');
    assert.equal(await balance() - before, 5n);
    assert.equal(await provider.getTransactionCount(signer.address), number + 1);
  });

  it('is done where a block holds it, and says what a contract refuses before anything is sent', async () => {
    const sender = fresh();
    const number = await sender.number();
    assert.equal(await new NumberedSender(signer, { ...SETTINGS, patienceMs: 5_000 }).send(mint(1n), number), 'done');
    const refused = sender.send({ ...mint(1n), method: 'transfer', args: [token, 10n ** 30n] }, number + 1);
    await assert.rejects(refused, { code: 'CONTRACT_REVERTED', errorName: 'ERC20InsufficientBalance' });
    assert.equal(await sender.number(), number + 1);
  });

  it('raises the fees of what does not move, and never above what is allowed', async () => {
    const number = await fresh().number();
    let now = 0;
    const patient = new NumberedSender(signer, SETTINGS, () => now);
    await provider.send('evm_setAutomine', [false]);
    assert.equal(await patient.send(mint(2n), number), 'waiting');
    const hashes = new Set(await pending());
    now = 1_500;
    assert.equal(await patient.send(mint(2n), number), 'waiting');
    const [raised] = (await pending()).filter((hash) => !hashes.has(hash));
    assert.ok(raised !== undefined, 'another transaction took its place');
    assert.equal((await pending()).length, 1);
    const { maxFeePerGas } = (await provider.getTransaction(raised)) ?? {};
    assert.ok((maxFeePerGas ?? 0n) <= SETTINGS.maxGasPrice);
  });

  it('sends nothing while gas is dear', async () => {
    const number = await fresh().number();
    assert.equal(await new NumberedSender(signer, { ...SETTINGS, maxGasPrice: 1n }).send(mint(1n), number), 'dear');
    assert.equal(await fresh().number(), number);
  });

  function fresh(): NumberedSender {
    return new NumberedSender(signer, SETTINGS);
  }

  function mint(amount: bigint): NumberedCall {
    return { what: 'minting', to: token, contract: TOKEN, method: 'mint', args: [signer.address, amount] };
  }

  function balance(): Promise<bigint> {
    return tokenBalance(signer, token, signer.address);
  }

  async function pending(): Promise<string[]> {
    const pool = (await provider.send('txpool_content', [])) as { readonly pending: Record<string, Record<string, { readonly hash: string }>> };
    return Object.values(pool.pending).flatMap((byNumber) => Object.values(byNumber).map(({ hash }) => hash));
  }
});
