import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something a rule objects to. `rule` and `what` name it wherever the line moves. */
export interface Finding {
  readonly rule: string;
  /** Source below circuits/, or the template that the compiler speaks of. */
  readonly where: string;
  readonly what: string;
}

interface Source {
  readonly file: string;
  /** As it stands. */
  readonly lines: readonly string[];
  /** Comments taken out, lines kept. */
  readonly code: readonly string[];
}

interface Template {
  readonly name: string;
  readonly file: string;
  readonly body: string;
  readonly signals: readonly { readonly name: string; readonly kind: 'input' | 'output' | 'inner' }[];
}

const COMPARATORS = /\b(IsZero|IsEqual|LessThan|LessEqThan|GreaterThan|GreaterEqThan|ForceEqualIfEnabled)\s*\(/;

/** Every finding in the sources below `root`. */
export function lintSources(root = 'circuits'): Finding[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.circom')).sort();
  return lintTexts(new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
}

/** @param texts source by its path below circuits/ */
export function lintTexts(texts: ReadonlyMap<string, string>): Finding[] {
  const sources = [...texts].map(([file, text]): Source => ({ file, lines: text.split('\n'), code: withoutComments(text).split('\n') }));
  const templates = sources.flatMap(templatesOf);
  const outputs = new Map(templates.map(({ name, signals }) => [name, signals.filter(({ kind }) => kind === 'output').map((signal) => signal.name)]));
  return [...sources.flatMap((source) => [...hints(source), ...forbidden(source)]), ...templates.flatMap((template) => [...idle(template), ...unusedOutputs(template, outputs)])];
}

/** Comments as spaces, so that lines and columns stay. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
}

/** A value that no constraint gives stands only in arithmetic/ and lookup/, is held by the next line, and says why. */
function* hints({ file, lines, code }: Source): Generator<Finding> {
  for (const [place, line] of code.entries()) {
    const [, hinted] = /^\s*(?:signal\s+(?:output\s+)?)?(\S+)\s*<--/.exec(line) ?? [];
    if (line.includes('-->') || (hinted === undefined && line.includes('<--'))) yield { rule: 'hint', where: file, what: `write "signal <-- value": ${line.trim()}` };
    if (hinted === undefined) continue;
    if (!/^(arithmetic|lookup)\//.test(file)) yield { rule: 'hint', where: file, what: `outside arithmetic/ and lookup/: ${line.trim()}` };
    const next = code[place + 1] ?? '';
    if (!next.includes('===') || !next.includes(hinted)) yield { rule: 'hint', where: file, what: `no constraint in the next line: ${line.trim()}` };
    const comment = lines.slice(Math.max(0, place - 2), place).filter((each) => /^\s*\/\//.test(each)).join(' ');
    if (!comment.includes('because')) yield { rule: 'hint', where: file, what: `no comment with "because" before it: ${line.trim()}` };
  }
}

function* forbidden({ file, code }: Source): Generator<Finding> {
  for (const line of code) {
    if (/\b(Num2Bits|Bits2Num)\s*\(/.test(line) && !file.startsWith('arithmetic/')) yield { rule: 'bits outside arithmetic/', where: file, what: line.trim() };
    if (/\bNum2Bits\s*\(\s*25[4-9]/.test(line)) yield { rule: 'bits with two encodings', where: file, what: line.trim() };
    if (COMPARATORS.test(line) && !file.startsWith('arithmetic/')) yield { rule: 'comparator outside arithmetic/', where: file, what: line.trim() };
  }
}

/** Inputs that nothing uses, and other signals that nothing assigns. */
function* idle({ name, body, signals, file }: Template): Generator<Finding> {
  const statements = body.split(';');
  for (const signal of signals) {
    const word = new RegExp(`(?<![\\w.])${signal.name}\\b`);
    const uses = statements.filter((statement) => word.test(statement) && !new RegExp(`\\bsignal\\s+(input\\s+|output\\s+)?${signal.name}\\b(?![^=]*<==)`).test(statement));
    if (signal.kind === 'input' && !uses.some((statement) => /<==|===|<--|=/.test(statement))) yield { rule: 'input without a use', where: file, what: `${name}.${signal.name}` };
    const assigned = new RegExp(`(?<![\\w.])${signal.name}(\\[[^;]*\\])?\\s*(<==|<--)`);
    if (signal.kind !== 'input' && !statements.some((statement) => assigned.test(statement))) yield { rule: 'signal without a value', where: file, what: `${name}.${signal.name}` };
  }
}

/** Outputs of this project's own templates that the template around them leaves lying. */
function* unusedOutputs({ name, body, file }: Template, outputs: ReadonlyMap<string, readonly string[]>): Generator<Finding> {
  for (const [, component, inner] of body.matchAll(/(?<![\w.])(\w+)(?:\[[^;=]*\])?\s*=\s*([A-Z]\w*)\s*\(/g)) {
    for (const output of outputs.get(inner as string) ?? []) {
      if (!new RegExp(`(?<![\\w.])${component}(\\[[^.;]*\\])*\\.${output}\\b`).test(body)) yield { rule: 'output without a use', where: file, what: `${component}.${output} in ${name}` };
    }
  }
}

function templatesOf({ file, code }: Source): Template[] {
  const text = code.join('\n');
  return [...text.matchAll(/^template\s+(\w+)\s*\([^)]*\)\s*\{([\s\S]*?)^\}/gm)].map(([, name, body]) => ({
    name: name as string, file, body: body as string,
    signals: [...(body as string).matchAll(/\bsignal\s+(?:(input|output)\s+)?(\w+)/g)].map(([, kind, signal]) => ({ name: signal as string, kind: (kind ?? 'inner') as 'input' | 'output' | 'inner' })),
  }));
}
