import { LEVEL_CODE } from '../../commitment/market-commitment.js';
import { abiDigest } from '../abi-digest.js';
import { MARKET_SOURCE_INTERFACE, type AcceptedMarket } from '../market-source.js';
import { NodeContradictionError } from './history-errors.js';
import { REGISTRY_HISTORY } from './history-events.js';
import type { HistoryEvent } from './log-reader.js';
import { plainStruct } from './plain-values.js';
import type { HistoryPlace } from './history-place.js';
import type { RegistryPart } from './read-registry.js';
import type { EpochAnnouncement, EpochCircuitIds, HistoryEpoch, HistoryGap, StoredEpochRecord } from './venue-history.js';

export type EpochsPart = { readonly epochs: readonly Omit<HistoryEpoch, 'limits'>[]; readonly gaps: readonly HistoryGap[] };

interface AnnouncedEpoch {
  readonly epoch: number;
  readonly base: bigint;
  readonly record: StoredEpochRecord;
  readonly words: readonly bigint[];
  readonly circuits: EpochCircuitIds;
}

/**
 * Every accepted epoch. Storage says which there are; an event that says otherwise is an error, one that is missing a gap.
 *
 * @throws NodeContradictionError
 */
export async function readEpochs(place: HistoryPlace, { events, base, config }: Pick<RegistryPart, 'events' | 'base' | 'config'>): Promise<EpochsPart> {
  const { state, registry, venueId } = place;
  const count = Number(await state.value(registry, REGISTRY_HISTORY, 'latestEpoch', [venueId]));
  const announced = announcements(events, count);
  const gaps: HistoryGap[] = [];
  const epochs = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const epoch = index + 1;
    const record = await readRecord(place, epoch);
    const event = announced.get(epoch);
    const announcement = event === undefined ? undefined : agreeing(event, record, base);
    if (announcement === undefined) gaps.push(missing(epoch, record, place.fromBlock));
    return Object.freeze({ epoch, record, announcement, market: await readMarket(place, config.markets, record.marketCommitment) });
  }));
  return { epochs, gaps: gaps.sort((one, other) => (one.epoch ?? 0) - (other.epoch ?? 0)) };
}

function missing(epoch: number, record: StoredEpochRecord, fromBlock: number): HistoryGap {
  return record.acceptedInBlock < fromBlock
    ? { kind: 'before-first-block', epoch, detail: `epoch ${epoch} was accepted in block ${record.acceptedInBlock}, before the first block read` }
    : { kind: 'epoch-log-missing', epoch, detail: `the node has no EpochAccepted event of epoch ${epoch} in block ${record.acceptedInBlock}, where the registry accepted it: it lost its logs or withholds them` };
}

function announcements(events: readonly HistoryEvent[], count: number): ReadonlyMap<number, HistoryEvent> {
  const found = new Map<number, HistoryEvent>();
  for (const event of events) {
    if (event.name !== 'EpochAccepted') continue;
    const epoch = Number(event.args.getValue('epoch'));
    if (found.has(epoch) || epoch > count) {
      throw new NodeContradictionError(`the node has ${found.has(epoch) ? 'two acceptances' : 'the acceptance'} of epoch ${epoch}, the registry ${count} epochs: ask another node`, { epoch });
    }
    found.set(epoch, event);
  }
  return found;
}

async function readRecord({ state, registry, venueId }: HistoryPlace, epoch: number): Promise<StoredEpochRecord> {
  const inputs = REGISTRY_HISTORY.getFunction('epochAt')?.outputs ?? [];
  const [record] = Object.values(plainStruct<Record<string, StoredEpochRecord>>(inputs, await state.call(registry, REGISTRY_HISTORY, 'epochAt', [venueId, epoch])));
  return record as StoredEpochRecord;
}

function agreeing(event: HistoryEvent, record: StoredEpochRecord, base: bigint): EpochAnnouncement {
  const said = plainStruct<AnnouncedEpoch>(REGISTRY_HISTORY.getEvent('EpochAccepted')?.inputs ?? [], event.args);
  const fault = contradiction(said, record, base, event);
  if (fault !== undefined) throw new NodeContradictionError(`epoch ${said.epoch}: ${fault}: ask another node`, { epoch: said.epoch });
  return Object.freeze({ words: said.words, circuits: said.circuits, at: event.at });
}

function contradiction(said: AnnouncedEpoch, record: StoredEpochRecord, base: bigint, { at }: HistoryEvent): string | undefined {
  const field = (Object.keys(record) as (keyof StoredEpochRecord)[]).find((name) => said.record[name] !== record[name]);
  if (field !== undefined) return `${field} of the event is not that of the stored record`;
  if (said.base !== base) return 'the event was announced under another base, as after a fork of the chain';
  if (detailHashOf(said.words, said.circuits) !== record.detailHash) return 'words and circuits of the event do not have the hash in the stored record';
  if (at.block !== record.acceptedInBlock) return `its event stands in block ${at.block}, the record says ${record.acceptedInBlock}`;
  return at.time === record.acceptedAt ? undefined : `block ${at.block} has the time ${at.time}, the record says it was accepted at ${record.acceptedAt}`;
}

/** What a stored record binds of its words and circuits. */
export function detailHashOf(words: readonly bigint[], { batches, parts, close }: EpochCircuitIds): string {
  return abiDigest(['uint256[]', 'tuple(uint256[], uint256[], uint256)'], [[...words], [[...batches], [...parts], close]]);
}

async function readMarket({ state, venueId }: HistoryPlace, source: string, commitment: bigint): Promise<AcceptedMarket | undefined> {
  const [code, snapshotTime, settlementAssets] = await state.value(source, MARKET_SOURCE_INTERFACE, 'market', [venueId, commitment]) as [bigint, bigint, bigint];
  const level = (['maintenance', 'initial'] as const).find((name) => LEVEL_CODE[name] === code);
  return level === undefined ? undefined : { level, snapshotTime: Number(snapshotTime), settlementAssets: Number(settlementAssets) };
}
