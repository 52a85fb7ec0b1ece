import assert from 'node:assert/strict';
import { Contract, type JsonRpcProvider } from 'ethers';
import { CircuitClient } from '../../src/chain/circuit-client.js';
import { deployContract } from '../../src/chain/deploy-contract.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { GATE_ABI } from '../../src/chain/gate-abi.js';
import { SolvencyGateClient } from '../../src/chain/gate-client.js';
import { GATEWAY_INBOX_INTERFACE, MESSAGE_ORIGIN_INTERFACE } from '../../src/chain/gateway-abi.js';
import { MAILBOX_INTERFACE } from '../../src/chain/mailbox-abi.js';
import { MailboxClient } from '../../src/chain/mailbox-client.js';
import { MailboxTree } from '../../src/chain/mailbox-tree.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { onChainVenue } from '../builders/on-chain-epoch.js';
import { sealSubmission } from '../chain/mock-prover.js';
import { assertGas } from './support/gas-snapshot.js';
import { proofSimulator } from './support/simulated-proof.js';
import { RelayerProcess, startTwoChains, type TwoChains } from './support/two-chains.js';
import { ARTIFACTS, VENUE_ID, exactCover, fund, startVenue, statedMarket, type VenueOnChain } from './support/venue-on-chain.js';

const PATIENCE_MS = 60_000;
const SHORTFALL = 5_000_000n;
const NO_TERMS = [
  `0x${'00'.repeat(20)}`, `0x${'00'.repeat(20)}`, `0x${'00'.repeat(20)}`, 0, 0, `0x${'00'.repeat(20)}`, 0, 0, 1, 1, 0, 0, 0, 0,
] as const;
const NO_CLAIM = [0, 0, 0, 0, 0, [[0, 0], [[0, 0], [0, 0]], [0, 0]]] as const;

/** Hyperlane's own mailbox, tree and security module on both chains; the relayer is the program's, in a process of its own. */
describe('messages between two chains over Hyperlane', function () {
  this.timeout(600_000);
  const market = onChainVenue().table;
  const gas: Record<string, number> = {};
  let venue: VenueOnChain;
  let chains: TwoChains;
  let consumer: Contract;
  let relayer: RelayerProcess | undefined;

  before(async () => {
    venue = await startVenue(market);
    chains = await startTwoChains(venue);
    const { contract } = await deployContract(chains.other.operator, ARTIFACTS, 'OtcOptionSettlement', [chains.mirror, VENUE_ID, 3_600]);
    consumer = new Contract(await contract.getAddress(), [...contract.interface.fragments, ...GATE_ABI.filter((line) => line.startsWith('error '))], chains.other.operator);
  });
  after(async () => {
    await relayer?.kill();
    await (chains as TwoChains | undefined)?.stop();
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });

  it('keep a consumer shut before the first one came', async () => {
    assert.equal(await mode(), 'HALT');
    assert.equal(await refusal(), 'GateClosed');
  });

  it('bring an epoch once, though the relayer is killed between sending and block and started again without a memory', async () => {
    await acceptEpoch();
    const other = chains.other.connection.provider;
    await other.send('evm_setAutomine', [false]);
    relayer = await RelayerProcess.start(chains, 'first');
    await until('the relayer sends the delivery', async () => {
      for (const validator of chains.validators.slice(0, 2)) await validator.look();
      return (await pendingOf(other)) === 1;
    });
    await relayer.kill();
    assert.equal(await mode(), 'HALT', 'no block has it');
    relayer = await RelayerProcess.start(chains, 'second');
    // Whether it is told by the node's rehearsal or by the number that is under way is the node's affair.
    await until('the relayer tries it again', () => Promise.resolve(/process-(refused|occupied|waiting)/.test(relayer?.log ?? '')));
    assert.equal(await pendingOf(other), 1);
    await other.send('evm_setAutomine', [true]);
    await other.send('evm_mine', []);
    await until('the mirror opens', async () => (await mode()) === 'OPEN');
    await until('the relayer sees that', () => Promise.resolve(relayer?.log.includes('message-taken') === true));
    const [delivered, twice, processed] = await deliveries();
    assert.deepEqual({ delivered, twice, processed }, { delivered: 1, twice: 0, processed: 1 });
    assert.equal(await other.getTransactionCount(chains.relayer.address), 1);
  });

  it('open the consumer: it asks for the claim, no longer for the gate', async () => {
    assert.equal(await refusal(), 'NotWriter');
  });

  it('close it when the venue falls at home: the relayer makes the standing by itself', async () => {
    await new CircuitClient(venue.deployment.registry, venue.operator).retire(circuitIdOf(TEST_SHAPE.closeCircuit));
    assert.equal(await new SolvencyGateClient(venue.deployment.gate, VENUE_ID, venue.operator).mode(), 'HALT');
    await until('the mirror closes', async () => {
      for (const validator of chains.validators.slice(1)) await validator.look();
      return (await mode()) === 'HALT';
    });
    assert.equal(await refusal(), 'GateClosed');
  });

  it('are refused by the module below two signatures of its three validators, and for changed bytes', async () => {
    const { hyperlane } = chains.home;
    const client = new MailboxClient(chains.home.connection.provider, hyperlane.mailbox, hyperlane.hook);
    const last = (await client.dispatched([chains.home.gateway], hyperlane.block, await chains.home.connection.provider.getBlockNumber())).at(-1);
    assert.ok(last !== undefined);
    const mailbox = new Contract(chains.other.hyperlane.mailbox, MAILBOX_INTERFACE, chains.other.operator);
    const process = (metadata: string, message: string): Promise<unknown> => mailbox.getFunction('process').staticCall(metadata, message);
    const metadata = `0x${'00'.repeat(68 + 130)}`;
    const changed = `${last.message.bytes.slice(0, -2)}${last.message.bytes.endsWith('00') ? '01' : '00'}`;
    await assert.rejects(process(metadata, changed), /ECDSA|threshold/);
    await assert.rejects(process(metadata, last.message.bytes), /already delivered/);
  });

  it('have the tree that validators compute', async () => {
    const { hyperlane, connection: { provider } } = chains.home;
    const client = new MailboxClient(provider, hyperlane.mailbox, hyperlane.hook);
    const latest = await provider.getBlockNumber();
    const tree = new MailboxTree();
    for (const { messageId } of await client.leaves(hyperlane.block, latest)) tree.insert(messageId);
    assert.ok(tree.count >= 2);
    assert.deepEqual(await client.treeAt(latest), { root: tree.root(), count: tree.count });
  });

  it('cost gas within half a percent of the snapshot', async () => {
    await assertGas(await costs(), 'test/flows/cross-chain.test.ts', 'gateway');
  });

  async function acceptEpoch(): Promise<void> {
    const words = market.rows.filter(({ kind }) => kind === 'cash' || kind === 'spot').flatMap(() => [3_000_000n, 1_000_000n]);
    await fund(venue, exactCover(words, SHORTFALL));
    await venue.markets.state(statedMarket(market));
    await venue.client.openSnapshot();
    const [batch, close] = await Promise.all([proofSimulator(TEST_SHAPE.batchCircuit), proofSimulator(TEST_SHAPE.closeCircuit)]);
    const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
    const submission: EpochSubmission = {
      epoch: 1, marketCommitment: statedMarket(market).commitment, genesisAccumulator: circuitIdOf('flow 0'), words,
      batches: [{ circuitId: circuitIdOf(TEST_SHAPE.batchCircuit), proof, accumulatorAfter: circuitIdOf('flow 1') }],
      close: {
        circuitId: circuitIdOf(TEST_SHAPE.closeCircuit), proof, accountsRoot: circuitIdOf('flow root'), accountsBound: 16n, unhealthyBound: 1n, shortfall: SHORTFALL, tableStart: 0n, parts: [],
      },
    };
    await venue.client.submitEpoch(sealSubmission(submission, venue.deployment, (signals) => (signals.length === 4 ? batch : close)(signals)));
    assert.equal(await venue.client.gateMode(), 'OPEN');
  }

  function mode(): Promise<string> {
    return new SolvencyGateClient(chains.mirror, VENUE_ID, chains.other.operator).mode();
  }

  /** What stands in the way of writing an option. */
  async function refusal(): Promise<string | undefined> {
    const thrown: unknown = await consumer.getFunction('write').staticCall(NO_TERMS, NO_CLAIM, { from: chains.other.operator.address }).then(() => undefined, (cause: unknown) => cause);
    const data = (thrown as { readonly data?: string | null } | undefined)?.data;
    return data === undefined || data === null ? undefined : consumer.interface.parseError(data)?.name;
  }

  async function deliveries(): Promise<readonly [number, number, number]> {
    const { connection: { provider }, hyperlane } = chains.other;
    const count = async (address: string, topic: string | undefined): Promise<number> => (await provider.getLogs({ address, topics: [topic ?? ''], fromBlock: 0 })).length;
    return [
      await count(chains.mirror, GATEWAY_INBOX_INTERFACE.getEvent('MessageDelivered')?.topicHash),
      await count(chains.mirror, GATEWAY_INBOX_INTERFACE.getEvent('DuplicateDelivery')?.topicHash),
      await count(hyperlane.mailbox, MAILBOX_INTERFACE.getEvent('ProcessId')?.topicHash),
    ];
  }

  /** What the relayer's transactions cost, by what they did. */
  async function costs(): Promise<Record<string, number>> {
    const used = async (provider: JsonRpcProvider, address: string, topic: string | undefined): Promise<readonly number[]> => {
      const logs = await provider.getLogs({ address, topics: [topic ?? ''], fromBlock: 0 });
      const receipts = await Promise.all(logs.map(({ transactionHash }) => provider.getTransactionReceipt(transactionHash)));
      return receipts.map((receipt) => Number(receipt?.gasUsed ?? 0n));
    };
    const { home, other, beacon } = chains;
    const [epochMade, standingMade] = await used(home.connection.provider, beacon, MESSAGE_ORIGIN_INTERFACE.getEvent('MessageMade')?.topicHash);
    const [epochRelayed, standingRelayed] = await used(home.connection.provider, beacon, MESSAGE_ORIGIN_INTERFACE.getEvent('MessageRelayed')?.topicHash);
    const [epochTaken, standingTaken] = await used(other.connection.provider, other.hyperlane.mailbox, MAILBOX_INTERFACE.getEvent('ProcessId')?.topicHash);
    for (const [name, figure] of Object.entries({
      'makeEpoch': epochMade, 'makeStanding': standingMade, 'relay an epoch': epochRelayed, 'relay a standing': standingRelayed,
      'process an epoch, 2 signatures': epochTaken, 'process a standing, 2 signatures': standingTaken,
    })) gas[name] = figure as number;
    return gas;
  }
});

async function pendingOf(provider: JsonRpcProvider): Promise<number> {
  const status = (await provider.send('txpool_status', [])) as { readonly pending: string };
  return Number(status.pending);
}

async function until(what: string, holds: () => Promise<boolean>, patience = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
