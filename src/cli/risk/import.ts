import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { importParameterSet } from '../../risk/import/import-parameter-set.js';
import { parseImportMapping } from '../../risk/import/mapping-json.js';
import { parameterSetLabel } from '../../risk/parameter-set/parameter-set.js';
import { fileSource } from '../../venue/byte-source.js';
import { readText } from '../files.js';
import { unixSeconds } from '../options.js';
import { projectRoot } from '../project.js';
import type { Runner } from '../runner.js';

interface ImportOptions {
  readonly mapping: string;
  readonly source: string;
  readonly symbols?: string;
  readonly setVersion?: string;
  readonly prices?: string;
  readonly time?: number;
  readonly out: string;
}

/** Mapping files that come with the program. */
const SHIPPED = ['src', 'risk', 'import', 'mappings'];

export function addRiskImport(risk: Command, run: Runner): void {
  const command = risk.command('import')
    .description('make a parameter set, and prices, from a published list of haircuts, ratios or leverages')
    .requiredOption('--mapping <file>', `how the list is written (docs/formats.md): a file, or one of ${shippedNames().join(', ')}`)
    .requiredOption('--source <file>', 'the list: CSV or JSON, .gz or not')
    .option('--symbols <list>', 'only these, separated by commas')
    .option('--set-version <text>', 'version of the set, in place of the mapping\'s')
    .option('--prices <file>', 'also write the list\'s prices there; needs --time')
    .option('--time <seconds>', 'Unix time of the list\'s prices', unixSeconds)
    .requiredOption('--out <file>', 'where the parameter set goes')
    .addHelpText('after', `
Example:
  clearproof risk import --mapping hyperliquid-perpetuals --source metaAndAssetCtxs.json \\
    --set-version 2026-02-06 --time 1770336000 --prices prices.json --out parameters.json`);
  command.action(run(async (output, options: ImportOptions) => {
    const { prices: pricesFile, time, symbols, setVersion, out } = options;
    if ((pricesFile === undefined) !== (time === undefined)) command.error('error: --prices and --time belong together');
    const file = mappingFile(options.mapping);
    const made = await importParameterSet(fileSource(options.source), parseImportMapping(await readText(file), file), {
      time: time ?? 0, ...(symbols === undefined ? {} : { symbols: symbols.split(',') }), ...(setVersion === undefined ? {} : { version: setVersion }),
    });
    await writeFileAtomically(out, made.text);
    if (pricesFile !== undefined) await writeFileAtomically(pricesFile, made.pricesText);
    const { set, prices, left } = made;
    const instruments = set.assets.length + set.entries.length + set.markets.length;
    const rows = [...set.assets, ...set.entries, ...set.markets].reduce((sum, one) => sum + (one.kind === 'option-series' ? 1 : one.tiers.length), 0);
    output.say(`${parameterSetLabel(set)}: ${instruments} instruments, ${rows} rows, ${prices.byFeed.size} prices${pricesFile === undefined ? ', not written' : ''}`);
    left.forEach(({ symbol, reason }) => output.say(`left out: ${symbol}, ${reason}`));
    output.say(`stored in ${out}`);
    output.result({ set: parameterSetLabel(set), instruments, rows, prices: prices.byFeed.size, leftOut: left, out, ...(pricesFile === undefined ? {} : { pricesFile }) });
  }));
}

function mappingFile(given: string): string {
  return shippedNames().includes(given) ? join(projectRoot(), ...SHIPPED, `${given}.json`) : given;
}

function shippedNames(): readonly string[] {
  return readdirSync(join(projectRoot(), ...SHIPPED)).filter((name) => name.endsWith('.json')).map((name) => name.replace(/\.json$/, '')).sort();
}
