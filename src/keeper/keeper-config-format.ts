import { dirname, resolve } from 'node:path';
import { openEnvelope } from '../attestation/format-fields.js';
import { readFlag, readHandle } from '../clearing/file-fields.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import type { BidderConfig, ChallengerConfig, GuardConfig, KeeperConfig, ReceiptConfig, WatchRule } from './keeper-config.js';
import { KeeperConfigError } from './keeper-errors.js';

export const KEEPER_FORMAT = 'clearproof-keeper';

const FIELDS = ['stateFile', 'tables', 'keys', 'pollSeconds', 'maxGasPrice', 'metricsPort', 'dryRun', 'challenger', 'guard', 'bidder'];
const DUTIES = ['answer', 'start', 'seal', 'mark', 'payDebts'] as const;
const MAX_LENGTH = 2 ** 18;
const MAX_PORT = 65_535;
const MAX_POLL_SECONDS = 3_600;
const MAX_HANDLES = 4_096;
const MAX_OPEN = 1_000;
/** A rule that asks for more than a hundredfold would never speak. */
const MAX_MOVE_PPM = 100_000_000;
const PPM = 1_000_000;
/** Wei: above anything that exists. */
const MAX_WEI = 2n ** 96n - 1n;
/** Token base units: allowances are 256 bits, of which the largest means without end. */
const MAX_TOKENS = 2n ** 128n - 1n;
/** Value units: a table's values times a quantity. */
const MAX_VALUE = 2n ** 111n;

/**
 * Reads a keeper's configuration strictly. Paths are taken from the folder that the file is in.
 *
 * @throws the errors of bundles, KeeperConfigError
 */
export function parseKeeperConfig(text: string, file: string): KeeperConfig {
  const { fields } = openEnvelope(text, { file }, KEEPER_FORMAT, FIELDS, MAX_LENGTH);
  const path = (node: JsonNode): string => pathOf(node, file);
  const config: KeeperConfig = Object.freeze({
    stateFile: path(fields.field('stateFile')),
    tables: path(fields.field('tables')),
    keys: optional(fields, 'keys', path),
    pollMs: fields.field('pollSeconds').integer(1, MAX_POLL_SECONDS) * 1_000,
    maxGasPrice: fields.field('maxGasPrice').bigInteger(1n, MAX_WEI),
    metricsPort: optional(fields, 'metricsPort', (node) => node.integer(1, MAX_PORT)),
    dryRun: optional(fields, 'dryRun', readFlag) ?? false,
    challenger: optional(fields, 'challenger', readChallenger),
    guard: optional(fields, 'guard', (node) => readGuard(node, path)),
    bidder: optional(fields, 'bidder', (node) => readBidder(node, path)),
  });
  requireRole(config, file);
  return config;
}

function optional<Value>(fields: JsonObject, name: string, read: (node: JsonNode) => Value): Value | undefined {
  const node = fields.optional(name);
  return node === undefined ? undefined : read(node);
}

function pathOf(node: JsonNode, file: string): string {
  return resolve(dirname(file), node.textLike(/^[^\0]{1,4096}$/, 'a path'));
}

function readChallenger(node: JsonNode): ChallengerConfig {
  const fields = node.object(['watch', 'mostOpen', 'mostBond']);
  return Object.freeze({
    watch: readWatch(fields.field('watch')), mostOpen: fields.field('mostOpen').integer(1, MAX_OPEN), mostBond: fields.field('mostBond').bigInteger(1n, MAX_WEI),
  });
}

/** Which other fields there are follows from the rule. */
function readWatch(node: JsonNode): WatchRule {
  const rule = node.foreignObject().field('rule').choice(['price-move', 'list', 'all']);
  switch (rule) {
    case 'price-move': return Object.freeze({ rule, ppm: node.object(['rule', 'ppm']).field('ppm').integer(1, MAX_MOVE_PPM) });
    case 'list': {
      const handles = node.object(['rule', 'handles']).field('handles').list({ atLeast: 1, atMost: MAX_HANDLES }).map(readHandle);
      return Object.freeze({ rule, handles: Object.freeze(handles) });
    }
    case 'all':
      node.object(['rule']);
      return Object.freeze({ rule });
  }
}

function readGuard(node: JsonNode, path: (one: JsonNode) => string): GuardConfig {
  const fields = node.object(['accounts', ...DUTIES]);
  const [answer, start, seal, mark, payDebts] = DUTIES.map((duty) => optional(fields, duty, readFlag) ?? true) as [boolean, boolean, boolean, boolean, boolean];
  return Object.freeze({ accounts: path(fields.field('accounts')), answer, start, seal, mark, payDebts });
}

function readBidder(node: JsonNode, path: (one: JsonNode) => string): BidderConfig {
  const fields = node.object(['account', 'owner', 'encryptionKey', 'minProfit', 'minMargin', 'valueOfEther', 'mostPenalty', 'receipts']);
  const [account, owner, encryptionKey] = ['account', 'owner', 'encryptionKey'].map((name) => path(fields.field(name))) as [string, string, string];
  return Object.freeze({
    account, owner, encryptionKey, minProfit: fields.field('minProfit').bigInteger(0n, MAX_VALUE), minMargin: fields.field('minMargin').integer(0, PPM),
    valueOfEther: fields.field('valueOfEther').bigInteger(0n, MAX_VALUE),
    mostPenalty: fields.field('mostPenalty').bigInteger(1n, MAX_TOKENS), receipts: readReceipts(fields.field('receipts'), path),
  });
}

function readReceipts(node: JsonNode, path: (one: JsonNode) => string): ReceiptConfig {
  const from = node.foreignObject().field('from').choice(['operator', 'folder']);
  return Object.freeze(from === 'operator'
    ? { from, keyFile: path(node.object(['from', 'keyFile']).field('keyFile')) }
    : { from, folder: path(node.object(['from', 'folder']).field('folder')) });
}

/** @throws KeeperConfigError */
function requireRole({ challenger, guard, bidder, dryRun }: KeeperConfig, file: string): void {
  if (challenger === undefined && guard === undefined && bidder === undefined) {
    throw new KeeperConfigError(`${file}: challenger, guard and bidder are all missing, so the keeper would do nothing: add one of them`, { file, field: 'challenger' });
  }
  if (guard !== undefined && !DUTIES.some((duty) => guard[duty]) && !dryRun) {
    throw new KeeperConfigError(`${file}: guard.${DUTIES.join(', guard.')} are all false: set one to true, or leave guard out`, { file, field: 'guard' });
  }
}
