import type { VaultLimit, VaultRules } from '../../chain/vault-venue-client.js';
import { JsonNode, type JsonObject } from '../../venue/json-node.js';
import { readText } from '../files.js';

/** Rules and limits of a venue's vault, as its parameter admin describes them; docs/formats.md. */
export interface VaultConfig {
  readonly rules: VaultRules;
  readonly limits: readonly VaultLimit[];
}

const TIMES = ['timelock', 'payoutTableAge', 'demandWindow', 'answerWindow', 'requestDelay', 'hatchAfter', 'claimWindow', 'limitWindow'] as const;
const MAX_SECONDS = 2 ** 32 - 1;
const MAX_BOND = 2n ** 96n - 1n;
const MAX_UNITS = 2n ** 128n - 1n;
const MAX_ASSETS = 128;

export async function readVaultConfig(file: string): Promise<VaultConfig> {
  return parseVaultConfig(await readText(file), file);
}

/** What the contract asks of rules is checked here too, where the file can be named. @throws JsonSyntaxError, JsonShapeError naming file and field */
export function parseVaultConfig(text: string, file: string): VaultConfig {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'rules', 'limits']);
  object.field('formatVersion').choice(['1']);
  const nodes = object.field('limits').list({ atLeast: 1, atMost: MAX_ASSETS });
  const limits = nodes.map(limitOf);
  nodes.forEach((node, place) => {
    if (limits.findIndex(({ asset }) => asset === limits[place]?.asset) !== place) throw node.refuse('the asset stands twice: remove one', 'asset');
  });
  return { rules: rulesOf(object.field('rules')), limits };
}

function rulesOf(node: JsonNode): VaultRules {
  const object = node.object([...TIMES, 'demandBond']);
  const times = Object.fromEntries(TIMES.map((name) => [name, object.field(name).integer(1, MAX_SECONDS)])) as Record<(typeof TIMES)[number], number>;
  const standing = times.demandWindow + times.answerWindow;
  requireAbove(object, 'requestDelay', times.requestDelay, times.answerWindow, 'answerWindow');
  requireAbove(object, 'timelock', times.timelock, times.requestDelay + standing, 'requestDelay + demandWindow + answerWindow');
  requireAbove(object, 'hatchAfter', times.hatchAfter, 2 * standing, 'twice demandWindow + answerWindow');
  return { ...times, demandBond: object.field('demandBond').bigInteger(0n, MAX_BOND) };
}

function requireAbove(object: JsonObject, name: string, value: number, floor: number, of: string): void {
  if (value <= floor) throw object.field(name).refuse(`${value} must be more than ${of}, ${floor}: users need the time`);
}

function limitOf(node: JsonNode): VaultLimit {
  const limit = node.object(['asset', 'maxDeposits', 'maxLoans', 'payoutLimit']);
  const units = (name: string): bigint => limit.field(name).bigInteger(0n, MAX_UNITS);
  return {
    asset: limit.field('asset').integer(0, MAX_ASSETS - 1), coverage: { maxDeposits: units('maxDeposits'), maxLoans: units('maxLoans') }, payoutLimit: units('payoutLimit'),
  };
}
