import { readFile } from 'node:fs/promises';
import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope } from '../../attestation/format-fields.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { RelayStateError } from './relay-errors.js';

/** How far each route has come: saves reading, and may be lost. */
export interface RelayState {
  /** By name of the route: all that was made up to this block is through. */
  readonly cursors: ReadonlyMap<string, number>;
}

export interface RelayStateStore {
  load(): Promise<RelayState>;
  save(state: RelayState): Promise<void>;
}

export const RELAY_STATE_FORMAT = 'clearproof-relayer-state';
const MAX_LENGTH = 2 ** 16;
const MOST_ROUTES = 4_096;
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** A file that is written whole or not at all. */
export class RelayStateFile implements RelayStateStore {
  private saved = '';

  constructor(private readonly file: string) {}

  /** Nothing where there is no file. @throws RelayStateError, and the errors of bundles */
  async load(): Promise<RelayState> {
    try {
      return parseRelayState(await readFile(this.file, 'utf8'), this.file);
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause) || !/^E[A-Z]+$/.test(String(cause.code))) throw cause;
      if (cause.code === 'ENOENT') return { cursors: new Map() };
      throw new RelayStateError(`${this.file} cannot be read: check the path and its mode`, { file: this.file, field: 'stateFile' }, { cause });
    }
  }

  async save(state: RelayState): Promise<void> {
    const text = serializeRelayState(state);
    if (text === this.saved) return;
    await writeFileAtomically(this.file, text);
    this.saved = text;
  }
}

export function serializeRelayState({ cursors }: RelayState): string {
  const routes = [...cursors].map(([name, block]) => ({ name, block: String(block) }));
  return `${canonicalText({ format: RELAY_STATE_FORMAT, version: 1, routes })}\n`;
}

/** @throws the errors of bundles */
export function parseRelayState(text: string, file = 'state'): RelayState {
  const { fields } = openEnvelope(text, { file }, RELAY_STATE_FORMAT, ['routes'], MAX_LENGTH);
  const routes = fields.field('routes').list({ atMost: MOST_ROUTES }).map((node) => {
    const route = node.object(['name', 'block']);
    return [route.field('name').textLike(NAME, 'the name of a route'), route.field('block').integer(0, Number.MAX_SAFE_INTEGER)] as const;
  });
  return { cursors: new Map(routes) };
}
