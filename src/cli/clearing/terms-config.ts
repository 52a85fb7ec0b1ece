import { checksumAddress } from '../../attestation/checksum-address.js';
import type { WantedTerms } from '../../chain/clearing-changes.js';
import type { ExpiryTerms, PerpetualTerms } from '../../chain/clearing-terms-client.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { instrumentsOf } from '../../risk/tiers.js';
import { MAX_UNIX_SECONDS } from '../../risk/table-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';

const MAX_SECONDS = 2 ** 32 - 1;
const MAX_FEED = 255;
/** Below a million: ppm. */
const MAX_PPM = 10 ** 6 - 1;
const MAX_DELIVERED = 2 ** 32 - 1;
/** A transition has one signal for all rates. */
const MAX_PERPETUALS = 3;
const MAX_EXPIRIES = 4_096;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Rules, expiries and perpetuals of a clearing house, by the ids of a table. @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readTermsConfig(file: string, table: MarketTable): Promise<WantedTerms> {
  return parseTermsConfig(await readText(file), file, table);
}

export function parseTermsConfig(text: string, file: string, table: MarketTable): WantedTerms {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'rules', 'liquidations', 'expiries', 'fundingPay', 'perpetuals']);
  object.field('formatVersion').choice(['1']);
  const rules = object.field('rules').object(['timelock', 'tableMaxAge', 'band']);
  const perpetuals = (object.optional('perpetuals')?.list({ atMost: MAX_PERPETUALS }) ?? []).map((node) => readPerpetual(node, table));
  const pay = perpetuals.length === 0 ? object.optional('fundingPay') : object.field('fundingPay');
  return {
    rules: {
      timelock: rules.field('timelock').integer(1, MAX_SECONDS), tableMaxAge: rules.field('tableMaxAge').integer(1, MAX_SECONDS), band: rules.field('band').integer(1, MAX_PPM),
    },
    liquidations: readLiquidations(object.optional('liquidations')), perpetuals, fundingRow: pay === undefined ? undefined : rowIn(pay, table, ['cash']).index,
    expiries: (object.optional('expiries')?.list({ atMost: MAX_EXPIRIES }) ?? []).map((node) => readExpiry(node, table)),
  };
}

function readLiquidations(node: JsonNode | undefined): string | undefined {
  return node === undefined ? undefined : checksumAddress(node.textLike(ADDRESS, 'an address: 0x and 40 hex digits'));
}

function readExpiry(node: JsonNode, table: MarketTable): ExpiryTerms {
  const fields = node.object(['instrument', 'pay', 'deliver', 'deliverQuanta', 'expiry']);
  const [deliver, quanta] = [fields.optional('deliver'), fields.optional('deliverQuanta')];
  if ((deliver === undefined) !== (quanta === undefined)) throw node.refuse('"deliver" and "deliverQuanta" go together: leave both out for cash settlement');
  return {
    row: rowIn(fields.field('instrument'), table, ['future', 'option']).index, payRow: rowIn(fields.field('pay'), table, ['cash']).index,
    deliverRow: deliver === undefined ? 0 : rowIn(deliver, table, ['spot']).index, deliver: quanta === undefined ? 0 : quanta.integer(1, MAX_DELIVERED),
    expiry: fields.field('expiry').integer(1, MAX_UNIX_SECONDS),
  };
}

function readPerpetual(node: JsonNode, table: MarketTable): PerpetualTerms {
  const fields = node.object(['instrument', 'indexFeed', 'interval', 'maxRate']);
  return {
    row: rowIn(fields.field('instrument'), table, ['perpetual']).index, indexFeed: fields.field('indexFeed').integer(0, MAX_FEED),
    interval: fields.field('interval').integer(1, MAX_SECONDS), maxRate: fields.field('maxRate').integer(1, MAX_PPM),
  };
}

function rowIn(node: JsonNode, table: MarketTable, kinds: readonly MarketRow['kind'][]): MarketRow {
  const id = node.text();
  const row = instrumentsOf(table).find((one) => one.id === id);
  if (row !== undefined && kinds.includes(row.kind)) return row;
  throw node.refuse(row === undefined ? `"${id}" is no instrument of the table` : `"${id}" is ${row.kind}, and must be ${kinds.join(' or ')}`);
}
