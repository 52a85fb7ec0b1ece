import { messageOf } from '../../error/clearproof-error.js';
import { divide, parseDecimal } from '../../fixed-point/decimal.js';
import { quoted, type Place } from '../../venue/place.js';
import { RiskImportError } from '../market-errors.js';
import type { LeveledRate } from '../parameter-set/parameter-fields.js';
import { RATE_LIMIT, RATE_SCALE } from '../row-terms.js';
import type { FlatRates, RateMapping, TableTiers, TextTiers } from './mapping.js';
import { nodeAt, requiredText, type SourceList, type SourceRecord } from './source-record.js';

/** Decimals of sizes and written rates. */
export const SIZE_DECIMALS = 36;

/** What is charged of the part of a holding above the tier below. */
export interface RateTier {
  /** Up to which value or quantity, 10^-36; undefined: without end. */
  readonly upTo: bigint | undefined;
  /** ppm, haircut or margin. */
  readonly charge: LeveledRate;
}

interface WrittenTier {
  readonly from: bigint;
  /** undefined: where the next begins, or without end. */
  readonly upTo: bigint | undefined;
  readonly charge: LeveledRate;
  readonly place: Place;
}

/** Reads the rates of the records of one list. */
export class RateReader {
  private readonly tables: ReadonlyMap<string, readonly WrittenTier[]>;

  /** @throws RiskImportError, JsonShapeError for a table that is out of order */
  constructor(private readonly mapping: RateMapping, list: SourceList) {
    const { source } = mapping;
    this.tables = source.form === 'table' && list.root !== undefined ? this.readTables(nodeAt(list.root, source.tables).list({ atMost: 4096 }), source) : new Map();
  }

  /** The tiers of a record, lowest first, charges not falling, the last without end; undefined for one without rates. @throws RiskImportError */
  tiersOf(record: SourceRecord): readonly RateTier[] | undefined {
    const { source } = this.mapping;
    const written = source.form === 'flat' ? this.flat(record, source) : source.form === 'text' ? this.fromText(record, source) : this.fromTable(record, source);
    return written === undefined ? undefined : this.whole(written);
  }

  private flat(record: SourceRecord, { maintenance, initial }: FlatRates): readonly WrittenTier[] | undefined {
    const [keep, open] = [record.text(maintenance), record.text(initial)];
    if (keep === undefined && open === undefined) return undefined;
    const rates = {
      maintenance: this.charge(requiredText(record, maintenance), record.place(maintenance)).maintenance,
      initial: this.charge(requiredText(record, initial), record.place(initial)).initial,
    };
    if (rates.initial < rates.maintenance) {
      throw new RiskImportError(record.place(initial), 'asks for less than at maintenance: what opens new risk must not need less than what keeps it');
    }
    return [{ from: 0n, upTo: undefined, charge: rates, place: record.place(maintenance) }];
  }

  private fromText(record: SourceRecord, source: TextTiers): readonly WrittenTier[] | undefined {
    const text = record.text(source.path);
    if (text === undefined) return undefined;
    const place = record.place(source.path);
    if (!text.startsWith(source.open) || !text.endsWith(source.close) || text.length < source.open.length + source.close.length) {
      throw new RiskImportError(place, `${quoted(text)} is not a list of tiers: it must stand between ${quoted(source.open)} and ${quoted(source.close)}`);
    }
    const pattern = patternOf(source.template);
    const tiers = text.slice(source.open.length, text.length - source.close.length).split(source.separator).map((one): WrittenTier => {
      const { from, upTo, rate } = pattern.exec(one)?.groups ?? {};
      if (from === undefined || upTo === undefined || rate === undefined) {
        throw new RiskImportError(place, `the tier ${quoted(one)} is not of the form ${source.template}: correct it`);
      }
      return { from: sizeOf(from, place), upTo: upTo === source.endless ? undefined : sizeOf(upTo, place), charge: this.charge(rate, place), place };
    });
    if (tiers.slice(0, -1).some(({ upTo }) => upTo === undefined)) throw new RiskImportError(place, 'a tier stands after the one without end: remove it');
    return tiers;
  }

  private fromTable(record: SourceRecord, { by, flat }: TableTiers): readonly WrittenTier[] | undefined {
    const number = record.text(by);
    if (number === undefined) return undefined;
    if (flat !== undefined && /^[0-9]{1,16}$/.test(number) && BigInt(number) < flat.below) {
      const place = record.place(flat.rate);
      return [{ from: 0n, upTo: undefined, charge: this.charge(requiredText(record, flat.rate), place), place }];
    }
    const found = this.tables.get(number);
    if (found === undefined) throw new RiskImportError(record.place(by), `there is no table ${quoted(number)}: add it to the file`);
    return found;
  }

  private readTables(nodes: readonly Parameters<typeof nodeAt>[0][], source: TableTiers): ReadonlyMap<string, readonly WrittenTier[]> {
    const tables = new Map<string, readonly WrittenTier[]>();
    for (const node of nodes) {
      const keyNode = nodeAt(node, source.key);
      const key = keyNode.foreignText();
      if (key === undefined || tables.has(key)) throw new RiskImportError(keyNode.place, 'a table has a number of its own: correct it');
      const tiers = nodeAt(node, source.tiers).list({ atLeast: 1, atMost: 4096 }).map((tier) => {
        const [from, rate] = [nodeAt(tier, source.from), nodeAt(tier, source.rate)];
        return { from: sizeOf(from.foreignText() ?? '', from.place), upTo: undefined, charge: this.charge(rate.foreignText() ?? '', rate.place), place: rate.place };
      });
      // Also checks tables that no record names.
      this.whole(tiers);
      tables.set(key, tiers);
    }
    return tables;
  }

  /** A written rate as charges in ppm, rounded up. */
  private charge(text: string, place: Place): LeveledRate {
    if (this.mapping.as === 'max-leverage') {
      if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new RiskImportError(place, `${quoted(text)} is not a leverage: write a whole number above 0`);
      // Half of what opens a position keeps it.
      return { maintenance: divide(RATE_SCALE, 2n * BigInt(text), 'ceil'), initial: divide(RATE_SCALE, BigInt(text), 'ceil') };
    }
    const written = decimalOf(text, place);
    const unit = 10n ** BigInt(SIZE_DECIMALS + this.mapping.decimals);
    const most = this.mapping.as === 'margin' ? RATE_LIMIT - 1n : RATE_SCALE;
    if (written < 0n || written * RATE_SCALE > most * unit) throw new RiskImportError(place, `the rate ${quoted(text)} is out of bounds: correct it or the unit in the mapping`);
    const exact = this.mapping.as === 'collateral-ratio' ? unit - written : written;
    const rate = divide(exact * RATE_SCALE, unit, 'ceil');
    return { maintenance: rate, initial: rate };
  }

  private whole(written: readonly WrittenTier[]): readonly RateTier[] {
    const tiers: RateTier[] = [];
    written.forEach(({ from, upTo, charge, place }, at) => {
      const [below, next] = [tiers.at(-1), written[at + 1]];
      if (from !== (below === undefined ? 0n : below.upTo)) throw new RiskImportError(place, 'a tier does not go on where the one below ends: begin at 0 and leave no gap');
      if (below !== undefined && (charge.maintenance < below.charge.maintenance || charge.initial < below.charge.initial)) {
        throw new RiskImportError(place, 'a tier asks for less than the one below: what is charged must not fall with size');
      }
      const end = upTo ?? next?.from;
      if (end !== undefined && end <= from) throw new RiskImportError(place, 'sizes must rise: correct the bounds of the tiers');
      tiers.push({ upTo: end, charge });
    });
    const last = tiers.at(-1);
    if (last?.upTo === undefined) return tiers;
    if (this.mapping.beyond === 'full') return [...tiers, { upTo: undefined, charge: FULL }];
    return [...tiers.slice(0, -1), { upTo: undefined, charge: last.charge }];
  }
}

/** Nothing counts. */
export const FULL: LeveledRate = { maintenance: RATE_SCALE, initial: RATE_SCALE };

function patternOf(template: string): RegExp {
  const parts = template.split(/(\{(?:from|upTo|rate)\})/).map((part) => {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    return name === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${name}>[0-9.]{1,40})`;
  });
  return new RegExp(`^\\s*${parts.join('')}\\s*$`);
}

function sizeOf(text: string, place: Place): bigint {
  const size = decimalOf(text, place);
  if (size < 0n) throw new RiskImportError(place, `the size ${quoted(text)} is negative: correct it`);
  return size;
}

export function decimalOf(text: string, place: Place, scale = SIZE_DECIMALS): bigint {
  try {
    return parseDecimal(text, scale);
  } catch (cause) {
    throw new RiskImportError(place, messageOf(cause), { cause });
  }
}
