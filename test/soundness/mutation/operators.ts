import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutComments } from '../lint/source-rules.js';

/** One change of one line of a circuit. */
export interface Mutant {
  /** Names file, line's text and change; the same as long as the line stays, wherever it moves. */
  readonly id: string;
  /** Below circuits/. */
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
}

/** Text of a line after a change, for each way to make it. */
type Operator = (line: string, context: TemplateContext) => readonly string[];

interface TemplateContext {
  /** Signals of the template around the line, by their dimensions as text. */
  readonly shapes: ReadonlyMap<string, string>;
  readonly tags: readonly string[];
}

/** Every change of the circuits' own sources; empty-node.circom holds constants only, which test/agreement computes again. */
export function allMutants(root = 'circuits'): Mutant[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.circom') && file !== 'tree/empty-node.circom').sort();
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const tags = [...(texts.get('commitment/tags.circom') ?? '').matchAll(/function (tag\w+)\(\)/g)].map(([, name]) => name as string);
  return [...texts].flatMap(([file, text]) => mutantsOf(file, text, tags));
}

export function mutantsOf(file: string, text: string, tags: readonly string[] = []): Mutant[] {
  const code = withoutComments(text).split('\n');
  const original = text.split('\n');
  const seen = new Map<string, number>();
  return code.flatMap((line, place) => {
    if (!isMutable(line)) return [];
    const context = { shapes: shapesAround(code, place), tags };
    const changes = Object.entries(OPERATORS).flatMap(([operator, change]) => change(line, context).filter((after) => after !== line).map((after) => ({ operator, after })));
    const distinct = changes.filter(({ after }, at) => changes.findIndex((other) => other.after === after) === at);
    return distinct.map(({ operator, after }) => {
      const before = (original[place] as string).trim();
      const key = `${file}|${before}|${after.trim()}`;
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      const id = createHash('sha256').update(`${key}|${count}`).digest('hex').slice(0, 12);
      return { id, file, line: place + 1, operator, before, after: after.trim() };
    });
  });
}

/** Lines that assign, constrain, decide or return; declarations of shape and assertions about parameters are left alone. */
function isMutable(line: string): boolean {
  return /=|\breturn\b|\bif \(/.test(line) && !/^\s*(pragma|include|assert|template)\b/.test(line);
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  'constraint deleted': (line) => (/ === /.test(line) ? [line.replace(/[^;]* === [^;]*;/, (text) => `${/^\s*/.exec(text)?.[0] ?? ''};`).replace(/^(\s*);/, '$1')] : []),
  'assigned without a constraint': (line) => each(line, /<==/g, () => '<--'),
  'equal to one more': (line) => each(line, /(===|<==) ([^;]+);/g, ([, sign, right]) => `${sign} (${right}) + 1;`),
  'equal to 0': (line) => each(line, /<== ([^;]+);/g, ([, right]) => (right === '0' ? undefined : '<== 0;')),
  'sign flipped': (line) => [...each(line, / \+ /g, () => ' - '), ...each(line, / - /g, () => ' + '), ...each(line, / \+= /g, () => ' -= ')],
  'product to sum': (line) => each(line, / \* /g, () => ' + '),
  'constant +1': (line) => each(line, /(?<![\w.])\d+(?!\w)/g, ([number]) => String(BigInt(number) + 1n)),
  'constant -1': (line) => each(line, /(?<![\w.])\d+(?!\w)/g, ([number]) => (number === '0' ? undefined : String(BigInt(number) - 1n))),
  'bits +1': (line) => each(line, /\b(RangeCheck|Num2Bits|SignedExcess|OneHot)\(([^;]+)\);/g, ([, name, bits]) => `${name}((${bits}) + 1);`),
  'bits -1': (line) => each(line, /\b(RangeCheck|Num2Bits|SignedExcess|OneHot)\(([^;]+)\);/g, ([, name, bits]) => `${name}((${bits}) - 1);`),
  'bound moved': (line) => (/for \(/.test(line) ? [...each(line, / < ([^;]+);/g, ([, bound]) => ` < ${bound} - 1;`), ...each(line, / < ([^;]+);/g, ([, bound]) => ` < ${bound} + 1;`), ...each(line, / <= /g, () => ' < ')] : []),
  'comparison changed': (line) => [...each(line, / == /g, () => ' != '), ...(/for \(/.test(line) ? [] : [...each(line, / > /g, () => ' >= '), ...each(line, / < /g, () => ' <= ')])],
  'signals swapped': (line, { shapes }) => swapped(line, shapes),
  'tag exchanged': (line, { tags }) => (/^\s*function/.test(line) ? [] : each(line, /\b(tag[A-Z]\w*)\(\)/g, ([, tag]) => `${tags[(tags.indexOf(tag as string) + 1) % tags.length] ?? tag}()`)),
};

/** One line for each match, with that match alone replaced. */
function each(line: string, pattern: RegExp, replace: (match: RegExpMatchArray) => string | undefined): string[] {
  return [...line.matchAll(pattern)].flatMap((match) => {
    const text = replace(match);
    return text === undefined ? [] : [line.slice(0, match.index) + text + line.slice((match.index ?? 0) + match[0].length)];
  });
}

/** Each signal right of an assignment or equality becomes the next one of the same shape. */
function swapped(line: string, shapes: ReadonlyMap<string, string>): string[] {
  const start = line.search(/<==|===/);
  if (start === -1) return [];
  return each(line, /(?<![\w.])([a-z]\w*)(?![\w(]|\s*<==)/g, (match) => {
    const name = match[1] as string;
    const shape = shapes.get(name);
    if ((match.index ?? 0) < start || shape === undefined) return undefined;
    const alike = [...shapes].filter(([, other]) => other === shape).map(([other]) => other);
    const other = alike[(alike.indexOf(name) + 1) % alike.length] as string;
    return other === name ? undefined : other;
  });
}

/** Signals declared in the template that line `place` stands in. */
function shapesAround(code: readonly string[], place: number): ReadonlyMap<string, string> {
  let first = place;
  while (first > 0 && !/^template /.test(code[first] as string)) first -= 1;
  const next = code.findIndex((line, at) => at > first && /^\}/.test(line));
  const shapes = new Map<string, string>();
  for (const line of code.slice(first, next === -1 ? code.length : next)) {
    const [, name, shape] = /\bsignal\s+(?:input\s+|output\s+)?(\w+)((?:\[[^\]]*\])*)/.exec(line) ?? [];
    if (name !== undefined) shapes.set(name, shape ?? '');
  }
  return shapes;
}
