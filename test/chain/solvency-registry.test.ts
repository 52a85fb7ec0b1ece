import assert from 'node:assert/strict';
import { Contract, type Provider } from 'ethers';
import { connectChain } from '../../src/chain/connection.js';
import { ContractRevertedError, MarketNotAcceptedError, NoContractError, OnChainRecordError } from '../../src/chain/errors.js';
import { MarketSourceClient, requireAccepted } from '../../src/chain/market-source.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { escrowOf } from '../../src/chain/deployment.js';
import { ReserveEscrowClient } from '../../src/chain/escrow-client.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';
import { StatedMarketsClient } from '../../src/chain/stated-markets-client.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { recordGas } from './gas-recorder.js';
import { BATCH_CIRCUIT, CLOSE_CIRCUIT, MARKET, START, mockSubmission, startLocalVenue, type LocalVenue } from './local-venue.js';
import { baseOf, domainOf } from './mock-prover.js';

/** Refused by the contract with this custom error and these arguments. */
async function assertReverts(action: Promise<unknown>, errorName: string, args: Readonly<Record<string, string>> = {}): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(error instanceof ContractRevertedError, `${String(error)} is no ContractRevertedError`);
    assert.equal(error.errorName, errorName, error.message);
    for (const [name, value] of Object.entries(args)) assert.equal(error.args[name], value, `argument ${name} of ${errorName}`);
    assert.ok(error.cause !== undefined, 'the cause is kept');
    return true;
  });
}

describe('SolvencyRegistry on a real chain', function () {
  this.timeout(120_000);
  let venue: LocalVenue;

  before(async () => {
    venue = await startLocalVenue();
    const assets = await venue.client.registerAssets([{ token: venue.usd, unitsPerQuantum: 1n }]);
    recordGas('registerSettlementAssets, 1 asset', assets.gasUsed);
    await venue.markets.state({ commitment: MARKET, level: 'maintenance', snapshotTime: START, settlementAssets: 1, valueScale: 12 });
    for (const [step, gas] of venue.steps) if (!step.includes('Mock')) recordGas(step, gas);
  });

  after(async () => {
    // Undefined when it could not be started.
    await (venue as LocalVenue | undefined)?.stop();
  });

  it('is deployed in a fixed order', () => {
    assert.deepEqual(venue.steps.map(([step]) => step), [
      'deploy Poseidon3', 'deploy Poseidon5', 'deploy MockVerifierBatchDevelopment', 'deploy MockVerifierCloseDevelopment',
      'deploy SolvencyRegistry', 'deploy SolvencyGate', 'deploy ReserveEscrow', 'deploy StatedMarkets', 'setTokenAllowed', 'registerVenue',
    ]);
  });

  it('uses Poseidon contracts that agree with the TypeScript implementation', async () => {
    const inputs = [[0n, 0n, 0n, 0n, 0n], [1n, 2n, 3n, 4n, 5n], [FIELD_MODULUS - 1n, 0n, 2n ** 248n, 16n, 17n]];
    for (const input of inputs) {
      for (const [address, size] of [[venue.deployment.poseidon3, 3], [venue.deployment.poseidon5, 5]] as const) {
        const contract = new Contract(address, [`function poseidon(uint256[${size}]) view returns (uint256)`], venue.connection.provider);
        const got: unknown = await contract.getFunction('poseidon').staticCall(input.slice(0, size));
        assert.equal(got, portablePoseidon.hash(input.slice(0, size)), `Poseidon of ${size}: ${input.join(',')}`);
      }
    }
  });

  it('derives base and domain as TypeScript does', async () => {
    assert.equal(await venue.client.base(), baseOf(venue.deployment));
    for (const name of [BATCH_CIRCUIT, CLOSE_CIRCUIT]) {
      assert.equal(await venue.client.domain(circuitIdOf(name)), domainOf(venue.deployment, circuitIdOf(name)), name);
    }
  });

  it('is halted before the first epoch, and has none to read', async () => {
    assert.equal(await venue.client.gateMode(), 'HALT');
    assert.equal(await venue.client.latestEpoch(), 0);
    await assertReverts(read(1), 'UnknownEpoch', { venueId: '7', epoch: '1' });
  });

  it('records an honest epoch that a reader finds again, and opens the gate', async () => {
    const { receipt, snapshot } = await venue.client.openSnapshot();
    assert.deepEqual({ epoch: snapshot.epoch, fund: snapshot.fund, reserves: snapshot.reserves }, { epoch: 1, fund: 50n, reserves: [1_000_000n] });
    const submission = mockSubmission(venue.deployment, 1);
    const accepted = await venue.client.submitEpoch(submission);
    recordGas('openSnapshot, 1 asset', receipt.gasUsed);
    recordGas('submitEpoch without pairings, 2 batches, 1 asset', accepted.gasUsed);

    const record = await read(1);
    const { acceptedAt, marketTime, valueScale, ...rest } = record;
    assert.deepEqual([marketTime, valueScale], [START, 12]);
    assert.ok(acceptedAt >= snapshot.openedAt);
    const keys = venue.deployment.circuits.map(({ circuitId, verificationKeyHash, insecure }) => ({ circuitId, verificationKeyHash, insecure }));
    assert.deepEqual(rest, {
      chainId: 31337n, registry: venue.deployment.registry, venueId: 7n, epoch: 1, base: baseOf(venue.deployment),
      marketCommitment: MARKET, genesisAccumulator: 11n, finalAccumulator: 102n, accountsRoot: 77n, accountsBound: 32n, unhealthyBound: 1n,
      shortfall: 30_000_000n, words: [1_000_000n, 100_000n], snapshotTime: snapshot.openedAt, covered: true,
      batchCircuits: [keys[0], keys[0]], partCircuits: [], closeCircuit: keys[1],
    });
    assert.equal(record.closeCircuit.insecure, true);
    assert.equal(await venue.client.gateMode(), 'OPEN');
    assert.equal(await venue.client.latestEpoch(), 1);
  });

  it('names the contract error and its values for every refusal', async () => {
    const { client, deployment } = venue;
    await assertReverts(client.submitEpoch(mockSubmission(deployment, 1)), 'WrongEpoch', { got: '1', expected: '2' });
    await assertReverts(client.submitEpoch(mockSubmission(deployment, 2)), 'SnapshotNotOpened', { venueId: '7', epoch: '2' });
    await client.openSnapshot();
    await assertReverts(client.submitEpoch(mockSubmission(deployment, 2, { batches: [] })), 'NoBatches');
    await assertReverts(client.submitEpoch(mockSubmission(deployment, 2, { words: [2n ** 128n, 0n] })), 'WordOutOfRange', { index: '0' });
    await assertReverts(client.submitEpoch(mockSubmission(deployment, 2, { marketCommitment: 1n })), 'UnknownMarket', { commitment: '1' });
    const honest = mockSubmission(deployment, 2);
    await assertReverts(client.submitEpoch({ ...honest, genesisAccumulator: 12n }), 'BatchProofRejected', { index: '0' });
    await assertReverts(client.submitEpoch({ ...honest, batches: honest.batches.slice(0, 1) }), 'CloseProofRejected');
    await assertReverts(client.submitEpoch({ ...honest, batches: honest.batches.slice(1) }), 'BatchProofRejected', { index: '0' });
    await assertReverts(client.submitEpoch({ ...honest, batches: [...honest.batches].reverse() }), 'BatchProofRejected', { index: '0' });
    const close = { ...honest.close, shortfall: honest.close.shortfall + FIELD_MODULUS };
    await assertReverts(client.submitEpoch({ ...honest, close }), 'NotAFieldElement', { name: 'shortfall' });
    await assertReverts(client.submitEpoch({ ...honest, close: { ...honest.close, circuitId: circuitIdOf(BATCH_CIRCUIT) } }), 'WrongCircuit');
    assert.equal(await client.latestEpoch(), 1, 'nothing was recorded');
  });

  it('refuses who lacks a role', async () => {
    const client = new SolvencyRegistryClient(venue.deployment.registry, 7n, venue.stranger);
    const caller = venue.stranger.address;
    await assertReverts(client.openSnapshot(), 'NotOperator', { venueId: '7', caller });
    await assertReverts(client.submitEpoch(mockSubmission(venue.deployment, 2)), 'NotOperator', { caller });
    await assertReverts(client.registerAssets([]), 'NotParameterAdmin', { caller });
    const escrow = new ReserveEscrowClient(escrowOf(venue.deployment), 7n, venue.stranger);
    await assertReverts(escrow.withdraw('reserves', venue.usd, 1n, caller), 'NotVenueAdmin', { venueId: '7', caller });
  });

  it('refuses a proof made for another chain, registry or venue', async () => {
    const { deployment } = venue;
    for (const other of [{ ...deployment, chainId: 1n }, { ...deployment, registry: venue.usd }, { ...deployment, venueId: 8n }]) {
      await assertReverts(venue.client.submitEpoch(mockSubmission(other, 2)), 'BatchProofRejected', { index: '0' });
    }
  });

  it('records an uncovered epoch and lets only exits through', async () => {
    await venue.escrow.withdraw('reserves', venue.usd, 100_001n, venue.signer.address);
    await venue.client.openSnapshot();
    await venue.client.submitEpoch(mockSubmission(venue.deployment, 2));
    assert.equal((await read(2)).covered, false);
    assert.deepEqual([await venue.client.isCovered(1), await venue.client.isCovered(2)], [true, false]);
    assert.equal(await venue.client.gateMode(), 'WITHDRAW_ONLY');
  });

  it('still shows an earlier epoch after a later one', async () => {
    assert.equal((await read(1)).finalAccumulator, 102n);
    assert.equal((await venue.client.settlementAssets())[0]?.token, venue.usd);
  });

  describe('whose tables are the parameter admin\'s word', () => {
    const again = { commitment: MARKET, level: 'initial', snapshotTime: START, settlementAssets: 1, valueScale: 12 } as const;

    it('knows which are accepted, as what, and accepts each once', async () => {
      const source = new MarketSourceClient(venue.deployment.markets, 7n, venue.connection.provider);
      assert.deepEqual(await source.market(MARKET), { level: 'maintenance', snapshotTime: START, settlementAssets: 1 });
      assert.deepEqual([await source.accepted(MARKET), await source.accepted(1n)], [true, false]);
      await assertReverts(venue.markets.state(again), 'MarketExists', { commitment: String(MARKET) });
      await assertReverts(venue.markets.state({ ...again, commitment: 1n, valueScale: 6 }), 'WrongValueScale', { got: '6', expected: '12' });
    });

    it('hears nobody else, and of no venue that is not the registry\'s', async () => {
      const { stranger, signer, deployment } = venue;
      const others = new StatedMarketsClient(deployment.markets, 7n, stranger);
      await assertReverts(others.state({ ...again, commitment: 1n }), 'NotParameterAdmin', { caller: stranger.address });
      await assertReverts(new StatedMarketsClient(deployment.markets, 8n, signer).state(again), 'UnknownVenue', { venueId: '8' });
    });

    it('names the table that was not accepted before an epoch is sent', async () => {
      const source = new MarketSourceClient(venue.deployment.markets, 7n, venue.connection.provider);
      await requireAccepted(source, MARKET);
      await assert.rejects(requireAccepted(source, 1n), (error: unknown) => error instanceof MarketNotAcceptedError && /market commitment 1: have it accepted first/.test(error.message));
    });
  });

  it('knows an address without a registry', async () => {
    const nowhere = '0x00000000000000000000000000000000000000aa';
    await assert.rejects(readOnChainRecord(venue.connection.provider, nowhere, 7n, 1), NoContractError);
    await assert.rejects(new SolvencyRegistryClient(nowhere, 7n, venue.connection.provider).gateMode(), NoContractError);
  });

  it('notices an event that was changed or lost on the way', async () => {
    const { provider } = venue.connection;
    const other = await connectChain(venue.anvil.url);
    const lying = other.provider;
    lying.getLogs = async (filter) => {
      const logs = await provider.getLogs(filter);
      // The last word of the data counts the parts, the one before it is the last batch's circuit id.
      for (const log of logs) {
        const digit = log.data.length - 65;
        Object.defineProperty(log, 'data', { value: `${log.data.slice(0, digit)}${log.data[digit] === '1' ? '2' : '1'}${log.data.slice(digit + 1)}` });
      }
      return logs;
    };
    await assertDisagreement(lying, 'do not have the hash in the stored record');
    lying.getLogs = async (filter) => {
      const logs = await provider.getLogs(filter);
      // The first word is the base, the second the record's market commitment.
      for (const log of logs) Object.defineProperty(log, 'data', { value: `${log.data.slice(0, 129)}1${log.data.slice(130)}` });
      return logs;
    };
    await assertDisagreement(lying, 'marketCommitment of the event is not that of the stored record');
    lying.getLogs = () => Promise.resolve([]);
    await assertDisagreement(lying, '0 EpochAccepted events in block');
    other.close();
  });

  async function assertDisagreement(provider: Provider, reason: string): Promise<void> {
    await assert.rejects(readOnChainRecord(provider, venue.deployment.registry, 7n, 1), (error: unknown) => {
      assert.ok(error instanceof OnChainRecordError, String(error));
      assert.ok(error.message.includes(reason), error.message);
      return true;
    });
  }

  function read(epoch: number): ReturnType<typeof readOnChainRecord> {
    return readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, epoch);
  }
});
