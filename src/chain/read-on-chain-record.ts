import { Contract, EventLog, getAddress, type Provider } from 'ethers';
import type { CircuitKey, OnChainRecord } from '../attestation/on-chain-record.js';
import { abiDigest } from './abi-digest.js';
import { chainError, readContract } from './contract-call.js';
import { OnChainRecordError } from './errors.js';
import { MarketSourceClient } from './market-source.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** Fields of a stored record, in the order of the contract's struct. */
type StoredRecord = readonly [
  marketCommitment: bigint,
  genesisAccumulator: bigint,
  finalAccumulator: bigint,
  accountsRoot: bigint,
  accountsBound: bigint,
  unhealthyBound: bigint,
  shortfall: bigint,
  detailHash: string,
  snapshotTime: bigint,
  acceptedAt: bigint,
  acceptedInBlock: bigint,
  covered: boolean,
];

/** The first fields of a venue, in the order of the contract's struct. */
type StoredVenue = readonly [
  admin: string,
  operator: string,
  parameterAdmin: string,
  reserves: string,
  markets: string,
  disputes: string,
  fundToken: string,
  valueUnitsPerFundUnit: bigint,
  valueScale: bigint,
  ...others: bigint[],
];

/** Circuit ids, in the order of the contract's struct. */
type AnnouncedCircuits = readonly [batches: readonly bigint[], parts: readonly bigint[], close: bigint];

interface Announcement {
  readonly base: bigint;
  readonly record: StoredRecord;
  readonly words: readonly bigint[];
  readonly circuits: AnnouncedCircuits;
}

/**
 * Reads what a registry says of an accepted epoch: the stored record, and the event for words and circuits, which the
 * record binds by hash. Storage decides; an event that says otherwise is an error. The table's time is the venue's market source's.
 *
 * @throws ContractRevertedError (UnknownEpoch, UnknownVenue); OnChainRecordError; ChainUnreachableError; NoContractError
 */
export async function readOnChainRecord(provider: Provider, registry: string, venueId: bigint, epoch: number): Promise<OnChainRecord> {
  const contract = new Contract(registry, REGISTRY_INTERFACE, provider);
  const action = `reading epoch ${epoch} of venue ${venueId}`;
  const stored = (await readContract(contract, action, 'epochAt', [venueId, epoch])) as StoredRecord;
  const base = (await readContract(contract, action, 'baseOf', [venueId])) as bigint;
  const said = await readAnnouncement(contract, action, venueId, epoch, stored[10]);
  requireAgreement(action, stored, base, said);
  const venue = (await readContract(contract, action, 'venue', [venueId])) as StoredVenue;
  const market = await new MarketSourceClient(venue[4], venueId, provider).market(stored[0]);
  if (market === undefined) {
    throw new OnChainRecordError(`${action}: the venue's market source no longer knows the table of this epoch, which it promised to keep`, { market: stored[0] });
  }
  const [batches, parts, close] = said.circuits;
  const [marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall] = stored;
  return {
    chainId: (await provider.getNetwork()).chainId,
    registry: getAddress(registry),
    venueId,
    epoch,
    base,
    marketCommitment,
    genesisAccumulator,
    finalAccumulator,
    accountsRoot,
    accountsBound,
    unhealthyBound,
    shortfall,
    words: [...said.words],
    snapshotTime: Number(stored[8]),
    acceptedAt: Number(stored[9]),
    marketTime: market.snapshotTime,
    valueScale: Number(venue[8]),
    covered: stored[11],
    batchCircuits: await readCircuitKeys(contract, action, batches),
    partCircuits: await readCircuitKeys(contract, action, parts),
    closeCircuit: await readCircuitKey(contract, action, close),
  };
}

async function readAnnouncement(contract: Contract, action: string, venueId: bigint, epoch: number, block: bigint): Promise<Announcement> {
  const filter = contract.filters['EpochAccepted'];
  if (filter === undefined) throw new OnChainRecordError(`${action}: the registry's interface lacks EpochAccepted`);
  const logs = await contract.queryFilter(filter(venueId, epoch), block, block).catch((cause: unknown) => {
    throw chainError(cause, action, contract.interface);
  });
  const [log, ...others] = logs;
  if (!(log instanceof EventLog) || others.length > 0) {
    throw new OnChainRecordError(
      `${action}: ${logs.length} EpochAccepted events in block ${block}, expected 1; ask another node, this one may have lost its logs`,
      { events: logs.length, block },
    );
  }
  const [, , base, record, words, circuits] = log.args as unknown as readonly [bigint, bigint, bigint, StoredRecord, readonly bigint[], AnnouncedCircuits];
  return { base, record, words: [...words], circuits: [[...circuits[0]], [...circuits[1]], circuits[2]] };
}

function requireAgreement(action: string, stored: StoredRecord, base: bigint, said: Announcement): void {
  const differs = stored.findIndex((value, place) => value !== said.record[place]);
  if (differs >= 0) {
    const field = REGISTRY_INTERFACE.getFunction('epochAt')?.outputs[0]?.components?.[differs]?.name ?? String(differs);
    throw new OnChainRecordError(`${action}: ${field} of the event is not that of the stored record`, { field });
  }
  if (said.base !== base) throw new OnChainRecordError(`${action}: the event was announced under another base, as after a fork of the chain`);
  if (abiDigest(['uint256[]', 'tuple(uint256[], uint256[], uint256)'], [said.words, said.circuits]) !== stored[7]) {
    throw new OnChainRecordError(`${action}: words and circuits of the event do not have the hash in the stored record`);
  }
}

async function readCircuitKeys(contract: Contract, action: string, circuitIds: readonly bigint[]): Promise<CircuitKey[]> {
  const keys: CircuitKey[] = [];
  for (const circuitId of circuitIds) keys.push(await readCircuitKey(contract, action, circuitId));
  return keys;
}

async function readCircuitKey(contract: Contract, action: string, circuitId: bigint): Promise<CircuitKey> {
  const [, , insecure, , , verificationKeyHash] = (await readContract(contract, action, 'circuit', [circuitId])) as readonly [
    string, bigint, boolean, bigint, bigint, string,
  ];
  return { circuitId, verificationKeyHash, insecure };
}
