import assert from 'node:assert/strict';
import { Interface } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { deployTestToken } from '../../src/chain/deploy.js';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { readTrace } from '../../src/chain/transaction-trace.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { CONTRACT_ARTIFACTS } from '../../src/toolchain/contracts.js';

const TOKEN = new Interface(['function mint(address to, uint256 amount)', 'event Transfer(address indexed from, address indexed to, uint256 value)']);
const NESTED = new Interface(['function settle(tuple(uint64 buyer, tuple(uint256 commitment, bool owned)[] sides) trade, bytes receipt)']);

describe('the trace of a transaction', function () {
  this.timeout(60_000);
  let node: AnvilNode;
  let connection: ChainConnection;
  let signer: ConnectedSigner;
  let token: string;
  before(async () => {
    node = await startAnvil();
    connection = await connectChain(node.url);
    signer = anvilWallet(0, connection.provider) as ConnectedSigner;
    token = await deployTestToken(signer, { artifacts: CONTRACT_ARTIFACTS, name: 'Trace', symbol: 'TRC', decimals: 6 });
  });
  after(async () => {
    (connection as ChainConnection | undefined)?.close();
    await (node as AnvilNode | undefined)?.stop();
  });

  it('names what a known contract was told and said, value by value [P-231]', async () => {
    const { transactionHash, gasUsed } = await mintTestToken(signer, token, signer.address, 5n);
    const trace = await readTrace(connection.provider, [{ name: 'Token', address: token.toLowerCase(), interface: TOKEN }], transactionHash);
    assert.deepEqual([trace.contract, trace.called, trace.succeeded, trace.gasUsed, trace.from], ['Token', 'mint', true, gasUsed, signer.address]);
    assert.deepEqual(trace.arguments, [{ name: 'to', type: 'address', value: signer.address }, { name: 'amount', type: 'uint256', value: '5' }]);
    assert.deepEqual(trace.events.map(({ contract, name, values }) => [contract, name, values.map(({ value }) => value)]), [
      ['Token', 'Transfer', [`0x${'0'.repeat(40)}`, signer.address, '5']],
    ]);
  });

  it('leaves calls and events of contracts that nobody named as they are', async () => {
    const { transactionHash } = await mintTestToken(signer, token, signer.address, 5n);
    const trace = await readTrace(connection.provider, [], transactionHash);
    assert.deepEqual([trace.contract, trace.called, trace.arguments], [undefined, undefined, []]);
    assert.deepEqual(trace.events, [{ contract: undefined, address: token, name: undefined, values: [] }]);
    assert.equal(trace.calldata, TOKEN.encodeFunctionData('mint', [signer.address, 5n]));
  });

  it('opens structs and lists of structs', async () => {
    const nobody = anvilWallet(9, connection.provider).address;
    const data = NESTED.encodeFunctionData('settle', [[7n, [[11n, true], [12n, false]]], '0x1234']);
    const mined = await (await signer.sendTransaction({ to: nobody, data })).wait();
    const trace = await readTrace(connection.provider, [{ name: 'House', address: nobody, interface: NESTED }], mined?.hash ?? '');
    const leaf = (name: string, type: string, value: string): object => ({ name, type, value });
    assert.deepEqual(trace.arguments, [{
      name: 'trade', type: 'tuple', value: [leaf('buyer', 'uint64', '7'), {
        name: 'sides', type: 'tuple(uint256,bool)[]', value: [
          { name: 'sides[0]', type: 'tuple', value: [leaf('commitment', 'uint256', '11'), leaf('owned', 'bool', 'true')] },
          { name: 'sides[1]', type: 'tuple', value: [leaf('commitment', 'uint256', '12'), leaf('owned', 'bool', 'false')] },
        ],
      }],
    }, leaf('receipt', 'bytes', '0x1234')]);
  });

  it('is of no transaction that the chain does not have', async () => {
    await assert.rejects(readTrace(connection.provider, [], `0x${'0'.repeat(64)}`), { code: 'CHAIN_REQUEST', message: /no mined transaction 0x0{64}/ });
  });
});
