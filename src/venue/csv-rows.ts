import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { MAX_ROW_LENGTH } from './byte-source.js';
import { CsvHeaderError, CsvRowError, RowLengthError } from './import-errors.js';
import { quoted } from './place.js';

/** The columns a reader knows. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** One row of a CSV, its cells by column name. */
export class CsvRow {
  constructor(
    /** Line on which the row ends, from 1. */
    readonly row: number,
    private readonly cells: readonly string[],
    private readonly places: ReadonlyMap<string, number>,
  ) {}

  /** The cell of a column, empty when the file has no such column. */
  cell(column: string): string {
    const place = this.places.get(column);
    return place === undefined ? '' : (this.cells[place] ?? '');
  }
}

/**
 * The rows of a CSV after its header, each as wide as that: comma (or tab), double quotes, LF or CRLF, empty lines skipped.
 * Rows are parsed as they are asked for. The only importer of the CSV library.
 * @throws CsvHeaderError, CsvRowError, RowLengthError while reading
 */
export async function* csvRows(
  text: AsyncIterable<string>, file: string, columns: Columns, delimiter: ',' | '\t' = ',',
): AsyncGenerator<CsvRow> {
  let places: ReadonlyMap<string, number> | undefined;
  for await (const { record, info } of recordsOf(text, file, delimiter)) {
    if (places === undefined) {
      places = columnPlaces(record, columns, { file, row: info.lines });
      continue;
    }
    if (record.length !== places.size) {
      throw new CsvRowError(
        { file, row: info.lines },
        `the row has ${record.length} cells, the header ${places.size}: look for a missing or extra comma`,
      );
    }
    yield new CsvRow(info.lines, record, places);
  }
  if (places === undefined) throw new CsvHeaderError({ file }, 'the file is empty: its first row must name the columns');
}

function columnPlaces(header: readonly string[], columns: Columns, place: { file: string; row: number }): ReadonlyMap<string, number> {
  const known = new Set([...columns.required, ...columns.optional]);
  const places = new Map<string, number>();
  header.forEach((name, index) => {
    if (places.has(name)) throw new CsvHeaderError({ ...place, field: name }, 'the column stands twice: remove one');
    if (!known.has(name)) {
      throw new CsvHeaderError({ ...place, field: name }, `the column ${quoted(name)} is unknown: remove it or read the file through a column mapping`);
    }
    places.set(name, index);
  });
  const missing = columns.required.find((name) => !places.has(name));
  if (missing !== undefined) throw new CsvHeaderError({ ...place, field: missing }, 'the column is missing: add it to the header');
  return places;
}

async function* recordsOf(text: AsyncIterable<string>, file: string, delimiter: string): AsyncGenerator<{ record: string[]; info: Info }> {
  const parser = parse({
    info: true,
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_LENGTH,
  });
  // The callback has nothing to do: pipeline hands an error of the text on to the parser that is being read.
  pipeline(Readable.from(text, { highWaterMark: 1 }), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<{ record: string[]; info: Info }>;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const place = typeof cause.lines === 'number' ? { file, row: cause.lines } : { file };
    if (cause.code === 'CSV_MAX_RECORD_SIZE') {
      throw new RowLengthError(place, `the row is longer than ${MAX_ROW_LENGTH} characters: look for a quote that is never closed`, { cause });
    }
    throw new CsvRowError(place, `not a CSV row (${cause.code}): quote cells that hold quotes, and double those`, { cause });
  }
}
