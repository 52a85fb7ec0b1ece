import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../error/clearproof-error.js';
import { ConformanceCaseError, type ConformanceCase, type DocumentSource } from './conformance-case.js';
import { patched } from './json-patch.js';

/** The documents of a case, made from the files of its folder. */
export class CaseDocuments {
  constructor(private readonly folder: string, private readonly one: ConformanceCase) {}

  has(name: string): boolean {
    return this.one.documents.has(name);
  }

  async text(name: string): Promise<string> {
    const source = this.source(name);
    const text = source.text ?? (await this.read(source)).toString('utf8');
    return edited(laidOut(text, source), source, this.one.name);
  }

  async bytes(name: string): Promise<Uint8Array> {
    const source = this.source(name);
    const bytes = new Uint8Array(await this.read(source));
    for (const { at, mask } of source.flips) bytes[at] = (bytes[at] ?? 0) ^ mask;
    return bytes.slice(0, source.keep ?? bytes.length);
  }

  private source(name: string): DocumentSource {
    const source = this.one.documents.get(name);
    if (source === undefined) throw new ConformanceCaseError(`the case ${this.one.name} has no document ${name}, which its kind needs`);
    return source;
  }

  private async read({ base = '' }: DocumentSource): Promise<Buffer> {
    const path = join(this.folder, base);
    return readFile(path).catch((cause: unknown) => {
      throw new ConformanceCaseError(`${path} of the case ${this.one.name} cannot be read (${messageOf(cause)})`, { path }, { cause });
    });
  }
}

function laidOut(text: string, { patch, layout }: DocumentSource): string {
  if (patch.length === 0 && layout === 'as-is') return text;
  const document = patched(JSON.parse(text), patch);
  if (layout === 'pretty') return `${JSON.stringify(document, undefined, 2)}\n`;
  return JSON.stringify(layout === 'reversed' ? reversed(document) : document);
}

/** Keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)]));
}

function edited(text: string, { edits }: DocumentSource, name: string): string {
  return edits.reduce((current, { find, replace }) => {
    if (current.split(find).length !== 2) throw new ConformanceCaseError(`the case ${name} edits a text that does not stand exactly once in its document`);
    return current.replace(find, () => replace);
  }, text);
}
