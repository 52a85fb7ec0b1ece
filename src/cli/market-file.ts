import { parseMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { parseStaticMarket } from '../risk/static-market.js';
import { JsonNode } from '../venue/json-node.js';
import { readText } from './files.js';

/** Whether a JSON text is a table, which has rows, and no file that tables are made from. @throws JsonSyntaxError, JsonShapeError */
export function isMarketTable(text: string, file: string): boolean {
  return JsonNode.parse(text, { file }).members().some(([name]) => name === 'rows');
}

/** The table of a market parameter file, or one that was built before. Errors of either parser. */
export async function readMarketFile(file: string): Promise<MarketTable> {
  const text = await readText(file);
  return isMarketTable(text, file) ? parseMarketTable(text, file) : parseStaticMarket(text, file);
}
