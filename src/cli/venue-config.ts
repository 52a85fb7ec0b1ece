import type { DisputesToDeploy } from '../chain/deploy.js';
import { JsonNode } from '../venue/json-node.js';
import { readText } from './files.js';

/** A venue as its administrator describes it; docs/operations.md. Times in seconds. */
export interface VenueConfig {
  readonly venueId: bigint;
  readonly fundToken: string;
  /** Value units in one base unit of the fund's token. */
  readonly valueUnitsPerFundUnit: bigint;
  readonly valueScale: number;
  readonly staleAfter: number;
  readonly haltAfter: number;
  readonly maxSubmissionAge: number;
  readonly marketTolerance: number;
  /** Of omission challenges; undefined for a venue that cannot be challenged. */
  readonly disputes: DisputesToDeploy | undefined;
  /** Reserve tokens in the order of the cash and spot rows. */
  readonly assets: readonly { readonly token: string; readonly unitsPerQuantum: bigint }[];
}

const FIELDS = [
  'formatVersion', 'venueId', 'fundToken', 'valueUnitsPerFundUnit', 'valueScale', 'staleAfter', 'haltAfter', 'maxSubmissionAge', 'marketTolerance', 'disputes', 'assets',
];
const DISPUTE_FIELDS = ['challengeWindow', 'answerWindow', 'bond', 'receiptSigner'];
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const ADDRESS_RULE = 'an address: 0x and 40 hex digits';
const COUNT = /^(0|[1-9][0-9]{0,38})$/;
const COUNT_RULE = 'a whole number in a string';
const YEAR = 366 * 86_400;

/** @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readVenueConfig(file: string): Promise<VenueConfig> {
  const object = JsonNode.parse(await readText(file), { file }).object(FIELDS);
  object.field('formatVersion').choice(['1']);
  const seconds = (name: string): number => object.field(name).integer(1, YEAR);
  return {
    venueId: BigInt(object.field('venueId').textLike(COUNT, COUNT_RULE)),
    fundToken: object.field('fundToken').textLike(ADDRESS, ADDRESS_RULE),
    valueUnitsPerFundUnit: BigInt(object.field('valueUnitsPerFundUnit').textLike(COUNT, COUNT_RULE)),
    valueScale: object.field('valueScale').integer(0, 18),
    staleAfter: seconds('staleAfter'),
    haltAfter: seconds('haltAfter'),
    maxSubmissionAge: seconds('maxSubmissionAge'),
    marketTolerance: seconds('marketTolerance'),
    disputes: parseDisputes(object.optional('disputes')),
    assets: object.field('assets').list({ atLeast: 1, atMost: 4096 }).map((node) => {
      const asset = node.object(['token', 'unitsPerQuantum']);
      return {
        token: asset.field('token').textLike(ADDRESS, ADDRESS_RULE),
        unitsPerQuantum: BigInt(asset.field('unitsPerQuantum').textLike(COUNT, COUNT_RULE)),
      };
    }),
  };
}

function parseDisputes(node: JsonNode | undefined): DisputesToDeploy | undefined {
  if (node === undefined) return undefined;
  const object = node.object(DISPUTE_FIELDS);
  const receiptSigner = object.optional('receiptSigner')?.textLike(ADDRESS, ADDRESS_RULE);
  return {
    challengeWindow: object.field('challengeWindow').integer(1, YEAR),
    answerWindow: object.field('answerWindow').integer(1, YEAR),
    bond: BigInt(object.field('bond').textLike(COUNT, COUNT_RULE)),
    ...(receiptSigner === undefined ? {} : { receiptSigner }),
  };
}
