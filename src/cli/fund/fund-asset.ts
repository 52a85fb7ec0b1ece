import type { Command } from 'commander';
import type { Deployment } from '../../chain/deployment.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import type { ChainAccess } from '../clearing/contracts.js';
import { InstrumentInputError, instrumentRow, quantaIn } from '../clearing/rows.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { readMarketFile } from '../market-file.js';
import type { MarketRow } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';

/** Options by which an asset of the fund is named. */
export interface AssetOptions {
  readonly instrument: string;
  readonly table: string;
}

/** A settlement asset, as the fund's contract and people name it. */
export interface FundAsset {
  /** Its number. */
  readonly asset: number;
  readonly row: MarketRow;
  readonly token: string;
  /** Token base units a quantum of the row. */
  readonly unitsPerQuantum: bigint;
}

export function withAsset(command: Command): Command {
  return command
    .requiredOption('--instrument <id>', 'cash or spot instrument whose tokens are meant')
    .requiredOption('--table <file>', 'market table, for the names of rows');
}

/** @throws InstrumentInputError for what is no settlement asset of the venue */
export async function assetNamed({ instrument, table: file }: AssetOptions, access: ChainAccess, { registry, venueId }: Deployment): Promise<FundAsset> {
  const table = await readMarketFile(file);
  const row = instrumentRow(table, instrument);
  const asset = settlementRows(table).findIndex(({ index }) => index === row.index);
  const known = (await new SolvencyRegistryClient(registry, venueId, access).settlementAssets())[asset];
  if (known === undefined) throw new InstrumentInputError(`${instrument} is no settlement asset of venue ${venueId}: name cash or spot`, { instrument });
  return { asset, row, ...known };
}

/** A decimal amount as token base units. @throws InstrumentInputError */
export function unitsIn({ row, unitsPerQuantum }: FundAsset, amount: string): bigint {
  return quantaIn(row, amount) * unitsPerQuantum;
}

/** Token base units for people; what is less than a quantum is cut off. */
export function amountIn({ row, unitsPerQuantum }: FundAsset, units: bigint): string {
  return `${formatDecimal(units / unitsPerQuantum, row.quantityDecimals)} ${row.id}`;
}
