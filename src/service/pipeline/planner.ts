import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { figuresOf } from '../../proving/epoch-attestation.js';
import { placesOf, planEpoch, type EpochPlan, type PlannedAccount } from '../../proving/epoch-plan.js';
import { epochShape } from '../../proving/epoch-shape.js';
import type { EpochStatements } from '../../proving/epoch-statements.js';
import { stateEpoch } from '../../proving/hashing/state-epoch.js';
import { placeFromLine, placeToLine, planFrom, PlanFileError, sealHeader, unsealHeader, type PlanPlace } from '../../proving/plan-format.js';
import { batchRequests, closingRequests, type ProofRequest } from '../../proving/proof-requests.js';
import { witnessToBytes } from '../../proving/witness-bytes.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import { instrumentsOf } from '../../risk/tiers.js';
import type { StoredPlace } from '../../store/places.js';
import type { Task } from '../../store/tasks.js';
import { collectSnapshot, readSnapshot } from '../../venue/snapshot-reader.js';
import type { Derived, PlannerAnswers, PlannerQuestion, PlanRequest } from './plan-messages.js';

/** Places in a part of a sealed plan. */
const PLACES_A_PART = 1000;

const PLACE: PlanPlace = { name: 'the sealed plan', remedy: 'restore the database from a backup; an epoch is never planned again by itself' };

/** Plans an epoch or takes up a sealed plan, then tells what follows from it. */
export class Planner {
  private parts: Uint8Array[] = [];
  private plan: EpochPlan | undefined;
  private places: readonly PlannedAccount[] = [];
  private statements: EpochStatements | undefined;
  private requests: readonly ProofRequest[] = [];

  async answer(question: PlannerQuestion): Promise<PlannerAnswers[keyof PlannerAnswers]['answer']> {
    switch (question.kind) {
      case 'accept':
        this.parts.push(question.part);
        return true;
      case 'plan':
        return this.planFrom(question.request);
      case 'part':
        return gzipSync(this.places.slice(question.part * PLACES_A_PART, (question.part + 1) * PLACES_A_PART).map(placeToLine).join(''));
      case 'unseal':
        return this.unseal(question.header);
      case 'derive':
        return this.derive();
      case 'places':
        return this.storedPlaces(question.from, question.count);
      case 'task':
        return this.task(question.place);
    }
  }

  private async planFrom({ venue, epoch, market: text, circuits, catalogue }: PlanRequest): Promise<PlannerAnswers['plan']['answer']> {
    const market = parseMarketTable(text);
    const source = { name: 'the stored snapshot', bytes: inTurn(this.takeParts()) };
    const snapshot = await collectSnapshot(readSnapshot(source, { kind: 'ndjson' }, instrumentsOf(market), market.rows.length));
    this.hold(planEpoch(await bulkPoseidon(), snapshot, market, epochShape(circuits, market, catalogue), venue, epoch, catalogue));
    const digest = createHash('sha256');
    for (const place of this.places) digest.update(placeToLine(place));
    return { header: sealHeader(this.held(), digest.digest('hex')), parts: Math.ceil(this.places.length / PLACES_A_PART) };
  }

  private unseal(text: string): true {
    const header = unsealHeader(text, PLACE);
    const digest = createHash('sha256');
    const lines = this.takeParts().map((part) => {
      const unzippedPart = gunzipSync(part);
      digest.update(unzippedPart);
      return unzippedPart.toString('utf8');
    });
    if (digest.digest('hex') !== header.places.sha256) throw new PlanFileError(`${PLACE.name} is damaged: ${PLACE.remedy}`);
    const places = lines.flatMap((text_) => text_.split('\n').filter((line) => line !== '').map(placeFromLine));
    this.hold(planFrom(header, places, PLACE));
    return true;
  }

  private async derive(): Promise<Derived> {
    const plan = this.held();
    this.statements = await stateEpoch(await bulkPoseidon(), plan);
    this.requests = [...batchRequests(plan, this.statements), ...closingRequests(plan, this.statements)];
    return { figures: figuresOf(this.statements), places: this.places.length, tasks: this.requests.length };
  }

  private storedPlaces(from: number, count: number): StoredPlace[] {
    return this.places.slice(from, from + count).map((place, offset) => ({ position: from + offset, place, leaf: this.derived().tree.node(0, from + offset) }));
  }

  private task(place: number): Task {
    const { name, circuit, signals, cost, input } = this.requests[place] as ProofRequest;
    return { name, circuit, signals, cost, witness: witnessToBytes(input()) };
  }

  private hold(plan: EpochPlan): void {
    this.plan = plan;
    this.places = placesOf(plan);
  }

  private takeParts(): Uint8Array[] {
    const parts = this.parts;
    this.parts = [];
    return parts;
  }

  private held(): EpochPlan {
    if (this.plan === undefined) throw new Error('nothing is planned');
    return this.plan;
  }

  private derived(): EpochStatements {
    if (this.statements === undefined) throw new Error('nothing is derived');
    return this.statements;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a byte source is read asynchronously
async function* inTurn(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  // Each part is let go as it is read.
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}
