import type { JsonValue } from '../../src/attestation/canonical-json.js';
import type { Random } from '../../src/margin/synthetic/random.js';
import { allPlaces, withValue, without, type Step } from './json-edits.js';

/** Bytes, since what a file holds need not be text. */
export type Break = (random: Random, text: string) => Buffer;

/** Characters that readers of JSON have stumbled over. */
const STRANGE = ['0', '1', '-', '.', 'e', '"', '\\', ',', ':', '[', '{', ' ', '\u0000', '٣', '\u{1f4b0}', '\u2028', 'x'];

/** One more or one less, or another word: it reads well, and is not what was proven. */
const NUDGE: Break = (random, text) => edited(random, text, (document, path, value) =>
  withValue(document, path, /^-?[0-9]+$/.test(value) ? (BigInt(value) + random.pick([1n, -1n])).toString() : `${value}x`));

/** Ways to break a document, from one digit to its end. None looks whether the result is still good. */
const BREAKS: readonly Break[] = [
  NUDGE, NUDGE, NUDGE, NUDGE, NUDGE, NUDGE,
  (random, text) => edited(random, text, (document, path, value) => withValue(document, path, random.pick([`0${value}`, `+${value}`, `${value}.0`, `${value}e0`, '', ` ${value}`, `0x${value}`, '-0']))),
  (random, text) => edited(random, text, (document, path) => without(document, path)),
  (random, text) => edited(random, text, (document, path) => withValue(document, path, random.pick<JsonValue>([[], {}, true, false, '1', '18446744073709551616']))),
  (random, text) => edited(random, text, (document, path) => withValue(document, [...path.slice(0, -1), random.pick(['note', 'Epoch', 'constructor'])], 'x')),
  (random, text) => splice(random, text, 1, random.pick(STRANGE)),
  (random, text) => splice(random, text, 0, random.pick(STRANGE)),
  (random, text) => splice(random, text, 1, ''),
  (random, text) => Buffer.from(text.slice(0, random.below(text.length))),
  (random, text) => Buffer.from(`${text}${random.pick(['}', ' x', text])}`),
  (_, text) => Buffer.from(`\ufeff${text}`),
  (random, text) => {
    const bytes = Buffer.from(text);
    bytes[random.below(bytes.length)] = random.pick([0x80, 0xc0, 0xff, 0xed]);
    return bytes;
  },
];

export function broken(random: Random, text: string): Buffer {
  return random.pick(BREAKS)(random, text);
}

function edited(
  random: Random, text: string, edit: (document: JsonValue, path: readonly Step[], value: string) => JsonValue,
): Buffer {
  const document = JSON.parse(text) as JsonValue;
  const places = allPlaces(document).filter(({ path, value }) => path.length > 0 && typeof value === 'string' && typeof path.at(-1) === 'string');
  const { path, value } = random.pick(places);
  return Buffer.from(JSON.stringify(edit(document, path, value as string)));
}

function splice(random: Random, text: string, removed: number, inserted: string): Buffer {
  const at = random.below(text.length);
  return Buffer.from(text.slice(0, at) + inserted + text.slice(at + removed));
}
