import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Wallet } from 'ethers';
import { startAnvil, anvilWallet, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain } from '../../src/chain/connection.js';
import { receiptOf } from '../../src/chain/contract-call.js';
import { deployClearproof, deployTestToken } from '../../src/chain/deploy.js';
import { AnvilError, ChainRequestError, ChainUnreachableError, ContractArtifactError, WrongChainError } from '../../src/chain/errors.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';

/** A port nothing listens on: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = await listen(createServer());
  const { port } = server.address() as AddressInfo;
  await close(server);
  return port;
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('connecting to a chain', function () {
  this.timeout(60_000);

  describe('with a local chain', () => {
    let anvil: AnvilNode;

    before(async () => {
      anvil = await startAnvil({ chainId: 1337, timestamp: 1_900_000_000 });
    });

    after(async () => {
      await (anvil as AnvilNode | undefined)?.stop();
    });

    it('tells the chain id and serves requests', async () => {
      const connection = await connectChain(anvil.url, { expectedChainId: 1337n });
      assert.equal(connection.chainId, 1337n);
      const genesis = await connection.provider.getBlock(0);
      assert.equal(genesis?.timestamp, 1_900_000_000);
      assert.ok((await connection.provider.getBalance(anvilWallet(0, connection.provider).address)) > 0n);
      connection.close();
    });

    it('refuses another chain than the one expected, naming both', async () => {
      await assert.rejects(connectChain(anvil.url, { expectedChainId: 1n }), (error: unknown) => {
        assert.ok(error instanceof WrongChainError);
        assert.equal(error.code, 'WRONG_CHAIN');
        assert.deepEqual({ expected: error.details['expected'], actual: error.details['actual'] }, { expected: 1n, actual: 1337n });
        return true;
      });
    });

    it('says when an account cannot pay', async () => {
      const connection = await connectChain(anvil.url);
      const poor = Wallet.createRandom().connect(connection.provider);
      const client = new SolvencyRegistryClient(poor.address, 1n, poor);
      await assert.rejects(client.openSnapshot(), ChainRequestError);
      connection.close();
    });

    it('says when artefacts are missing, and when a signer has no provider', async () => {
      const connection = await connectChain(anvil.url);
      const signer = anvilWallet(0, connection.provider);
      await assert.rejects(deployTestToken(signer, { artifacts: 'build/nowhere', name: 'a', symbol: 'b', decimals: 0 }), (error: unknown) => {
        assert.ok(error instanceof ContractArtifactError);
        assert.match(error.message, /TestToken\.json is no compiled contract .*make contracts/);
        return true;
      });
      const request = { artifacts: 'build/nowhere', circuits: [], markets: 'stated', allowedTokens: [] } as const;
      const venue = { venueId: 1n, fundToken: signer.address, valueUnitsPerFundUnit: 1n, valueScale: 12, staleAfter: 1, haltAfter: 1, maxSubmissionAge: 1, marketTolerance: 1 };
      await assert.rejects(deployClearproof(Wallet.createRandom(), { ...request, venue }), ChainRequestError);
      connection.close();
    });

    it('does not begin to deploy stated market tables on any but a local test chain', async () => {
      const other = await startAnvil({ chainId: 99 });
      const connection = await connectChain(other.url);
      const signer = anvilWallet(0, connection.provider);
      const venue = { venueId: 1n, fundToken: signer.address, valueUnitsPerFundUnit: 1n, valueScale: 12, staleAfter: 1, haltAfter: 1, maxSubmissionAge: 1, marketTolerance: 1 };
      const deployed = deployClearproof(signer, { artifacts: 'build/nowhere', circuits: [], venue, markets: 'stated', allowedTokens: [] });
      await assert.rejects(deployed, (error: unknown) => error instanceof WrongChainError && /31337 and 1337, not for chain 99/.test(error.message));
      connection.close();
      await other.stop();
    });

    it('says when a chain goes away between two requests', async () => {
      const other = await startAnvil();
      const connection = await connectChain(other.url, { timeoutMs: 2_000 });
      await other.stop();
      const client = new SolvencyRegistryClient('0x00000000000000000000000000000000000000aa', 1n, connection.provider);
      await assert.rejects(client.gateMode(), ChainUnreachableError);
      connection.close();
    });
  });

  it('says when nothing listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await assert.rejects(connectChain(url), (error: unknown) => {
      assert.ok(error instanceof ChainUnreachableError);
      assert.equal(error.details['host'], new URL(url).host);
      assert.ok(error.cause !== undefined);
      return true;
    });
  });

  it('gives up after the time allowed, and shows no access key', async () => {
    const server = await listen(createServer(() => undefined));
    const { port } = server.address() as AddressInfo;
    await assert.rejects(connectChain(`http://user:hunter2@127.0.0.1:${port}/v3/s3cret-key`, { timeoutMs: 200 }), ChainUnreachableError);
    await assert.rejects(connectChain(`http://127.0.0.1:${port}/v3/s3cret-key`, { timeoutMs: 200 }), (error: unknown) => {
      assert.ok(error instanceof ChainUnreachableError);
      assert.equal(error.details['timeoutMs'], 200);
      assert.ok(!JSON.stringify(error).includes('s3cret-key'), 'the path of the URL stays out');
      return true;
    });
    await close(server);
  });

  for (const [what, body] of [['HTML', '<html>'], ['an error', '{"error":{"code":1}}'], ['no id', '{"result":"0x"}'], ['a list', '[]'], ['null', 'null']] as const) {
    it(`refuses an end point that answers with ${what}`, async () => {
      const server = await listen(createServer((_request, response) => response.end(body)));
      const { port } = server.address() as AddressInfo;
      await assert.rejects(connectChain(`http://127.0.0.1:${port}`), ChainUnreachableError);
      await close(server);
    });
  }

  it('refuses a text that is no URL without showing it', async () => {
    await assert.rejects(connectChain('s3cret-key'), (error: unknown) => {
      assert.ok(error instanceof ChainUnreachableError);
      assert.match(error.message, /is not a URL that begins with http/);
      assert.ok(!JSON.stringify([error.message, error.details]).includes('s3cret'));
      return true;
    });
  });

  it('refuses a URL that holds a user name or password without showing them', async () => {
    await assert.rejects(connectChain('https://alice:s3cret@rpc.example/v2/4p1key'), (error: unknown) => {
      assert.ok(error instanceof ChainUnreachableError);
      assert.match(error.message, /^rpc\.example: the URL holds a user name or password/);
      assert.ok(!/s3cret|4p1key|alice/.test(JSON.stringify([error.message, error.details])));
      return true;
    });
  });

  it('does not take a missing receipt for success', () => {
    assert.throws(() => receiptOf(null), ChainRequestError);
  });

  it('says when anvil cannot start', async () => {
    await assert.rejects(startAnvil({ chainId: -5 }), (error: unknown) => {
      assert.ok(error instanceof AnvilError);
      assert.match(error.message, /anvil ended with status [1-9]/);
      return true;
    });
  });
});
