import { readFile } from 'node:fs/promises';
import { canonicalText } from '../attestation/canonical-json.js';
import { openEnvelope, readAddress, readElement } from '../attestation/format-fields.js';
import { readBytes32, readFlag, readHandle } from '../clearing/file-fields.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { STANDINGS } from '../liquidation/account-standing.js';
import type { JsonNode } from '../venue/json-node.js';
import { ACTION_KINDS, KEEPER_ROLES } from './keeper-action.js';
import { KeeperStateError } from './keeper-errors.js';
import { newState, type KeeperIdentity, type KeeperState, type SentTransaction, type WatchedAccount } from './keeper-state.js';

export const KEEPER_STATE_FORMAT = 'clearproof-keeper-state';

const FIELDS = ['chainId', 'liquidations', 'venueId', 'keeper', 'block', 'prices', 'accounts', 'sent'];
const MAX_LENGTH = 2 ** 27;
const MAX_FEEDS = 256;
const MAX_ACCOUNTS = 2 ** 20;
const MAX_SENT = 4_096;
const MAX_PRICE = 2n ** 64n - 1n;
const MAX_TIME_MS = 2 ** 43;
const KEY = /^[a-z0-9:-]{1,200}$/;

/** Where a keeper's state is kept. */
export interface KeeperStateStore {
  /** A new state that begins after `block` where there is none. @throws KeeperStateError for another keeper's, and the errors of bundles */
  load(identity: KeeperIdentity, block: number): Promise<KeeperState>;
  save(state: KeeperState): Promise<void>;
}

/** A file that is written whole or not at all. */
export class KeeperStateFile implements KeeperStateStore {
  constructor(private readonly file: string) {}

  async load(identity: KeeperIdentity, block: number): Promise<KeeperState> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return newState(identity, block);
      throw new KeeperStateError(`${this.file} cannot be read: check the path and its mode`, { file: this.file, field: 'stateFile' }, { cause });
    }
    const state = parseKeeperState(text, this.file);
    for (const field of ['chainId', 'liquidations', 'venueId', 'keeper'] as const) {
      if (state[field] === identity[field]) continue;
      throw new KeeperStateError(
        `${this.file} is the state of another keeper: its ${field} is ${state[field]}, here it is ${identity[field]}; name another stateFile`, { file: this.file, field },
      );
    }
    return state;
  }

  async save(state: KeeperState): Promise<void> {
    await writeFileAtomically(this.file, serializeKeeperState(state));
  }
}

export function serializeKeeperState({ chainId, liquidations, venueId, keeper, block, prices, accounts, sent }: KeeperState): string {
  return `${canonicalText({
    format: KEEPER_STATE_FORMAT, version: 1, chainId: chainId.toString(), liquidations, venueId: venueId.toString(), keeper, block: block.toString(), prices: textsOf(prices),
    accounts: [...accounts].map(([handle, { since, standing, sealed }]) => ({ handle: handle.toString(), since: textsOf(since), standing, sealed })),
    sent: sent.map(({ key, role, kind, handle, hash, sentAt }) => ({ key, role, kind, handle: handle.toString(), hash, sentAt: sentAt.toString() })),
  })}\n`;
}

/** @throws the errors of bundles */
export function parseKeeperState(text: string, file = 'state'): KeeperState {
  const { fields } = openEnvelope(text, { file }, KEEPER_STATE_FORMAT, FIELDS, MAX_LENGTH);
  const accounts = fields.field('accounts').list({ atMost: MAX_ACCOUNTS }).map(readAccount);
  return Object.freeze({
    chainId: readElement(fields.field('chainId')), liquidations: readAddress(fields.field('liquidations')), venueId: readElement(fields.field('venueId')),
    keeper: readAddress(fields.field('keeper')), block: fields.field('block').integer(0, Number.MAX_SAFE_INTEGER), prices: readPrices(fields.field('prices')),
    accounts: new Map(accounts), sent: fields.field('sent').list({ atMost: MAX_SENT }).map(readSent),
  });
}

function readAccount(node: JsonNode): readonly [bigint, WatchedAccount] {
  const fields = node.object(['handle', 'since', 'standing', 'sealed']);
  return [readHandle(fields.field('handle')), Object.freeze({
    since: readPrices(fields.field('since')), standing: fields.field('standing').choice(STANDINGS), sealed: readFlag(fields.field('sealed')),
  })];
}

function readSent(node: JsonNode): SentTransaction {
  const fields = node.object(['key', 'role', 'kind', 'handle', 'hash', 'sentAt']);
  return Object.freeze({
    key: fields.field('key').textLike(KEY, 'the key of an intent'), role: fields.field('role').choice(KEEPER_ROLES), kind: fields.field('kind').choice(ACTION_KINDS), handle: fields.field('handle').bigInteger(0n, 2n ** 64n - 1n),
    hash: readBytes32(fields.field('hash')), sentAt: fields.field('sentAt').integer(0, MAX_TIME_MS),
  });
}

function readPrices(node: JsonNode): readonly bigint[] {
  return Object.freeze(node.list({ atMost: MAX_FEEDS }).map((one) => one.bigInteger(0n, MAX_PRICE)));
}

function textsOf(values: readonly bigint[]): string[] {
  return values.map((value) => value.toString());
}
