import { canonicalText, type JsonObjectValue, type JsonValue } from '../../attestation/canonical-json.js';
import type { Board } from './board.js';
import { percentText, type Ratio, type Unit } from './figure.js';

const BOARD_FORMAT = 'clearproof-board';
const BOARD_VERSION = 1;

/**
 * The board for programs, as docs/formats.md has it: every integer as a string, units as name and scale, ratios exact and with
 * their percentage rounded down; what is not known is left out.
 */
export function boardToJson(board: Board): JsonObjectValue {
  return { format: BOARD_FORMAT, version: BOARD_VERSION, ...objectOf(board) };
}

/** Canonical text: one board has one text. */
export function serializeBoard(board: Board): string {
  return canonicalText(boardToJson(board), { file: 'board' });
}

function plain(value: unknown): JsonValue {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  return objectOf(value as object);
}

function objectOf(value: object): JsonObjectValue {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries([
    ...members.flatMap(([name, member]) => (name === 'unit' && isUnit(member) ? [['unit', member.name], ['scale', member.scale.toString()]] : [[name, plain(member)]])),
    ...(isRatio(value) ? [['percent', percentText(value)]] : []),
  ]) as JsonObjectValue;
}

/** The unit of a field change is a word of its own. */
function isUnit(member: unknown): member is Unit {
  return typeof member === 'object' && member !== null && 'scale' in member;
}

function isRatio(value: object): value is Ratio {
  return 'numerator' in value && 'denominator' in value;
}
