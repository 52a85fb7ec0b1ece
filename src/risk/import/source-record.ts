import { decodeUtf8, type ByteSource } from '../../venue/byte-source.js';
import { csvRows } from '../../venue/csv-rows.js';
import { JsonNode } from '../../venue/json-node.js';
import { fieldOf, type Place } from '../../venue/place.js';
import { RiskImportError } from '../market-errors.js';
import { MAX_ROWS } from '../table-rules.js';
import { pathsOf, type ImportMapping, type ValuePath } from './mapping.js';

/** One symbol of a published list. */
export interface SourceRecord {
  /** The text of a value; undefined when it is empty, null or not there. */
  readonly text: (path: ValuePath) => string | undefined;
  readonly place: (path: ValuePath) => Place;
}

/** A published list, and what stands beside it. */
export interface SourceList {
  readonly records: readonly SourceRecord[];
  /** Of a JSON source. */
  readonly root: JsonNode | undefined;
}

/** Members of a record from the list beside. */
const BESIDE = 'beside.';

/** The records of a list. @throws the CSV and JSON errors of import-errors.ts, RiskImportError */
export async function readSourceList(source: ByteSource, mapping: ImportMapping): Promise<SourceList> {
  return mapping.source.format === 'csv' ? { records: await csvRecords(source, mapping, mapping.source.ignored), root: undefined }
    : jsonRecords(await wholeText(source), source.name, mapping.source);
}

/** The value at a path. @throws RiskImportError when it is not there */
export function nodeAt(node: JsonNode, path: ValuePath): JsonNode {
  const found = findAt(node, path);
  if (found === undefined) throw new RiskImportError(node.place, `has no ${path}: correct the path in the mapping or take the right file`);
  return found;
}

/** A value that must be there. @throws RiskImportError */
export function requiredText(record: SourceRecord, path: ValuePath): string {
  const text = record.text(path);
  if (text === undefined) throw new RiskImportError(record.place(path), 'is missing: add it, or correct the path in the mapping');
  return text;
}

async function csvRecords(source: ByteSource, mapping: ImportMapping, ignored: readonly string[]): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for await (const row of csvRows(decodeUtf8(source), source.name, { required: pathsOf(mapping), optional: ignored })) {
    const place: Place = { file: source.name, row: row.row };
    if (records.length === MAX_ROWS) throw new RiskImportError(place, `the list has over ${MAX_ROWS} symbols: take a part of it`);
    records.push({ text: (path) => (row.cell(path) === '' ? undefined : row.cell(path)), place: (path) => fieldOf(place, path) });
  }
  return records;
}

function jsonRecords(text: string, file: string, { list, beside }: { readonly list: ValuePath; readonly beside: ValuePath | undefined }): SourceList {
  const root = JsonNode.parse(text, { file });
  const nodes = elementsOf(nodeAt(root, list));
  const others = beside === undefined ? undefined : nodeAt(root, beside).list({ atLeast: nodes.length, atMost: nodes.length });
  return { records: nodes.map((node, at) => jsonRecord(node, others?.[at])), root };
}

function jsonRecord(node: JsonNode, other: JsonNode | undefined): SourceRecord {
  const where = (path: ValuePath): readonly [JsonNode, ValuePath] =>
    (other !== undefined && path.startsWith(BESIDE) ? [other, path.slice(BESIDE.length)] : [node, path]);
  return {
    text: (path) => {
      const text = findAt(...where(path))?.foreignText();
      return text === '' ? undefined : text;
    },
    place: (path) => {
      const [from, rest] = where(path);
      return fieldOf(from.place, `${from.place.field ?? ''}.${rest}`);
    },
  };
}

/** A list, or the members of an object whatever their names. */
function elementsOf(node: JsonNode): readonly JsonNode[] {
  if (node.isList()) return node.list({ atMost: MAX_ROWS });
  const members = node.members().map(([, value]) => value);
  if (members.length > MAX_ROWS) throw new RiskImportError(node.place, `the list has over ${MAX_ROWS} symbols: take a part of it`);
  return members;
}

function findAt(node: JsonNode, path: ValuePath): JsonNode | undefined {
  let found: JsonNode | undefined = node;
  for (const step of path.split('.')) {
    if (found === undefined) return undefined;
    if (found.isList()) found = /^(0|[1-9][0-9]{0,4})$/.test(step) ? found.list({ atMost: Number.MAX_SAFE_INTEGER })[Number(step)] : undefined;
    else found = new Map(found.members()).get(step);
  }
  return found;
}

async function wholeText(source: ByteSource): Promise<string> {
  let text = '';
  for await (const piece of decodeUtf8(source)) text += piece;
  return text;
}
