import assert from 'node:assert/strict';
import { ContractFactory, type Contract, type HDNodeWallet, type JsonRpcProvider } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { sendTransaction } from '../../src/chain/contract-call.js';
import { ContractRevertedError } from '../../src/chain/errors.js';
import { compileSources } from '../../src/toolchain/contracts.js';

/** Each block since its creation makes a call dearer by one new slot, of ten and more. */
const SOURCE = `// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;
contract DearerEveryBlock {
    uint256 private immutable _made = block.number;
    mapping(uint256 => uint256) private _slots;
    uint256 private _calls;
    function touch() external {
        ++_calls;
        for (uint256 i = 0; i < 10 + block.number - _made; ++i) _slots[(_calls << 128) + i] = 1;
    }
    function refuse() external pure { revert(); }
}`;

/** Lets a block pass after every estimate, as a busy chain does. */
function withBlocksBetween(provider: JsonRpcProvider, blocks: number): void {
  const send = provider.send.bind(provider);
  provider.send = async (method, params) => {
    const answer: unknown = await send(method, params);
    for (let i = 0; method === 'eth_estimateGas' && i < blocks; i += 1) await send('evm_mine', []);
    return answer;
  };
}

describe('a transaction', function () {
  this.timeout(60_000);
  let anvil: AnvilNode;
  let connection: ChainConnection;
  let signer: HDNodeWallet;
  let contract: Contract;

  before(async () => {
    anvil = await startAnvil();
    connection = await connectChain(anvil.url);
    signer = anvilWallet(0, connection.provider);
    const [artifact] = compileSources('.', { 'DearerEveryBlock.sol': SOURCE });
    assert.ok(artifact !== undefined);
    contract = (await (await new ContractFactory(artifact.abi as string[], artifact.bytecode, signer).deploy()).waitForDeployment()) as Contract;
  });

  after(async () => {
    connection.close();
    await anvil.stop();
  });

  it('goes through though a block after its estimate made it dearer', async () => {
    withBlocksBetween(connection.provider, 1);
    const { gasUsed } = await sendTransaction(contract, 'touching', 'touch', []);
    assert.ok(gasUsed > 220_000n, String(gasUsed));
  });

  it('is refused before it is sent where the contract refuses it', async () => {
    const before = await connection.provider.getTransactionCount(signer.address);
    await assert.rejects(sendTransaction(contract, 'asking for a refusal', 'refuse', []), (error: unknown) => error instanceof ContractRevertedError);
    assert.equal(await connection.provider.getTransactionCount(signer.address), before);
  });
});
