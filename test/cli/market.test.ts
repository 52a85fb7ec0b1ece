import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anvilWallet, type AnvilNode } from '../../src/chain/anvil.js';
import type { ChainConnection } from '../../src/chain/connection.js';
import { deployTestFeed, deployTestToken } from '../../src/chain/deploy.js';
import { passTime } from '../../src/chain/test-chain.js';
import type { ConnectedSigner } from '../../src/chain/wallet.js';
import { startDemoChain } from '../../src/cli/demo/demo-chain.js';
import { syntheticAccounts } from '../../src/margin/synthetic/synthetic-venue.js';
import { parseMarketTable } from '../../src/risk/market-table-json.js';
import { instrumentsOf } from '../../src/risk/tiers.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { BOARD_PARAMETERS, BOARD_SURFACE, BOARD_TIME } from '../builders/board-risk.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { PLAIN_TABLE } from '../builders/market-table.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Accounts 0 to 2 of anvil's public mnemonic: the operator and two signers of volatilities. */
const KEYS = {
  'operator.key': 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  'signer-1.key': '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  'signer-2.key': '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
} as const;
const TIMELOCK = 3_600;
const HEARTBEAT = 86_400;
const BTC = 9_701_234_567_891n;
const SLOTS = 3;

/** Steps of the command line take longer than the builder's hour. */
const PARAMETERS = { ...BOARD_PARAMETERS, feeds: BOARD_PARAMETERS.feeds.map((feed) => (feed.kind === 'chainlink' ? { ...feed, heartbeat: String(HEARTBEAT) } : feed)) };

describe('a venue behind market boards, through the command line', function () {
  this.timeout(300_000);
  let folder: string;
  let remove: () => Promise<void>;
  let node: AnvilNode | undefined;
  let connection: ChainConnection | undefined;
  let operator: ConnectedSigner;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const json = (name: string, value: unknown): Promise<void> => writeFile(at(name), JSON.stringify(value));

  const onChain = (key = 'operator.key'): string[] => ['--deployment', at('deployment.json'), '--rpc', node?.url ?? '', '--key-file', at(key)];
  const market = (...args: readonly string[]): Promise<Ended> => clearproof('market', ...args, ...onChain(), '--json');
  async function succeed(ended: Promise<Ended>): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stdout + stderr);
    return oneJson({ code, stdout, stderr });
  }
  async function changes(ended: Promise<Ended>): Promise<readonly (readonly [string, string])[]> {
    const { changes: all } = (await succeed(ended)) as { changes: readonly { what: string; state: string }[] };
    return all.map(({ what, state }) => [what, state] as const);
  }
  const propose = (...args: readonly string[]): Promise<Ended> => market('propose', '--config', at('boards.json'), '--parameters', at('parameters.json'), ...args);
  const activate = (): Promise<Ended> => market('activate', '--config', at('boards.json'), '--parameters', at('parameters.json'));
  const accept = (...args: readonly string[]): Promise<Ended> => market(
    'accept', '--parameters', at('parameters.json'), '--round', at('round.json'), '--table', at('table.json'), '--circuit', PLAIN_TABLE.circuit, ...args,
  );
  const sign = (key: string, out: string): Promise<Ended> => clearproof(
    'market', 'sign-volatilities', '--round', at('round.json'), '--table', at('table.json'), '--out', at(out), ...onChain(key), '--json',
  );

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    ({ node, connection } = await startDemoChain(BOARD_TIME));
    operator = anvilWallet(0, connection.provider) as ConnectedSigner;
    const artifacts = 'build/contracts';
    const tokens: string[] = [];
    for (const decimals of [6, 8]) tokens.push(await deployTestToken(operator, { artifacts, name: 'Test', symbol: 'TEST', decimals }));
    const source = await deployTestFeed(operator, artifacts, BTC);
    for (const [name, key] of Object.entries(KEYS)) await writeFile(at(name), key, { mode: 0o600 });
    const signers = [1, 2].map((index) => anvilWallet(index, operator.provider).address);
    await json('venue.json', {
      formatVersion: '1', venueId: '7', fundToken: tokens[0], valueUnitsPerFundUnit: '1000000', valueScale: '12', staleAfter: '86400', haltAfter: '172800',
      maxSubmissionAge: '86400', marketTolerance: '3600', assets: tokens.map((token) => ({ token, unitsPerQuantum: '1' })),
    });
    await json('boards.json', {
      formatVersion: '1',
      priceRules: { timelock: String(TIMELOCK), newRiskMaxAge: '1800', liquidationMaxAge: '7200', threshold: '0', signers: [] },
      tableRules: {
        timelock: String(TIMELOCK), tableMaxAge: '3600', rateStep: '0.02', rateShare: '0.2', moveStep: '10', volatilityBound: '0.1', volatilityMaxAge: '86400',
        threshold: '2', signers,
      },
      feeds: [
        { id: 'USD', kind: 'constant', price: '1' },
        { id: 'BTC-USD', kind: 'chainlink', source, heartbeat: String(HEARTBEAT), maxDeviation: '0.1', minPrice: '1000', maxPrice: '1000000' },
      ],
    });
    await json('parameters.json', PARAMETERS);
    await json('surface.json', BOARD_SURFACE);
    await succeed(clearproof(
      'deploy', '--config', at('venue.json'), '--rpc', node.url, '--key-file', at('operator.key'), '--timelock', String(TIMELOCK),
      '--circuits', [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, PLAIN_TABLE.circuit].join(), '--out', at('deployment.json'), '--json',
    ));
  });
  after(async () => {
    connection?.close();
    await node?.stop();
    await remove();
  });

  it('has its first rules at once, and the rest after the wait that each proposal begins', async () => {
    assert.deepEqual(await changes(market('rules', '--config', at('boards.json'))), [['price rules', 'active'], ['table rules', 'active']]);
    assert.deepEqual(await changes(market('rules', '--config', at('boards.json'))), []);
    const three = ['feeds 0 to 1', 'instruments 0 to 5', 'parameters'];
    assert.deepEqual(await changes(propose()), three.map((what) => [what, 'proposed']));
    assert.deepEqual(await changes(propose()), three.map((what) => [what, 'proposed-before']));
    assert.deepEqual(await changes(activate()), three.map((what) => [what, 'waiting']));
    await passTime(operator, TIMELOCK);
    assert.deepEqual(await changes(activate()), three.map((what) => [what, 'active']));
    assert.deepEqual(await changes(activate()), []);
  });

  it('opens a round and builds the table of its prices', async () => {
    const none = await succeed(market('guard'));
    assert.deepEqual([none['round'], none['newRisk'], none['exit']], [0, false, true]);
    const { round, time } = await succeed(market('round', '--config', at('boards.json'), '--out', at('round.json')));
    assert.deepEqual(JSON.parse(await readFile(at('round.json'), 'utf8')), {
      formatVersion: '1', round: '1', time: String(time), prices: [{ feed: 'USD', price: '1' }, { feed: 'BTC-USD', price: '97012.34567891' }],
    });
    assert.equal(round, 1);
    await succeed(clearproof(
      'risk', 'build', '--parameters', at('parameters.json'), '--round', at('round.json'), '--surface', at('surface.json'), '--level', 'maintenance', '--out', at('table.json'), '--json',
    ));
    const table = parseMarketTable(await readFile(at('table.json'), 'utf8'));
    assert.deepEqual([table.snapshotTime, table.rows[1]?.oraclePrice], [time, BTC]);
    const guard = await succeed(market('guard'));
    assert.deepEqual([guard['round'], guard['newRisk'], guard['liquidation'], guard['exit']], [1, true, true, true]);
  });

  it('refuses before any proof a table that the round or the parameters do not give, and signatures that are not of two signers', async () => {
    const [round, parameters] = [await readFile(at('round.json'), 'utf8'), JSON.stringify(PARAMETERS)];
    await writeFile(at('other-round.json'), round.replace('97012.34567891', '97012.34567892'));
    await writeFile(at('other-parameters.json'), parameters.replace('"haircut":"0.05"', '"haircut":"0.04"'));
    for (const [option, file] of [['--round', 'other-round.json'], ['--parameters', 'other-parameters.json']] as const) {
      assert.equal(errorOf(await accept(option, at(file))).code, 'TABLE_MISMATCH', file);
    }
    assert.equal(errorOf(await accept('--circuit', 'market-table-u32-s8')).code, 'CIRCUIT_KIND');
    await succeed(sign('signer-1.key', 'part-1.json'));
    await succeed(sign('signer-2.key', 'part-2.json'));
    const twice = await accept('--volatility-signature', at('part-1.json'), '--volatility-signature', at('part-1.json'));
    assert.deepEqual([twice.code, errorOf(twice).code], [1, 'VOLATILITY_SIGNATURE']);
  });

  it('has the table accepted with signed volatilities, once', async () => {
    const parts = ['--volatility-signature', at('part-2.json'), at('part-1.json')];
    const accepted = await succeed(accept(...parts));
    assert.deepEqual([accepted['round'], accepted['volatilities']], [1, 'signed']);
    assert.equal(typeof accepted['gasUsed'], 'string');
    const again = await succeed(accept(...parts));
    assert.deepEqual([again['round'], again['volatilities'], again['gasUsed']], [1, 'signed', undefined]);
  });

  it('proves and publishes an epoch over the accepted table', async () => {
    const table = parseMarketTable(await readFile(at('table.json'), 'utf8'));
    const accounts = syntheticAccounts(table, { seed: 'market', accounts: 8, slots: SLOTS });
    await writeFile(at('accounts.ndjson'), [...writeSnapshotNdjson(accounts, instrumentsOf(table))].join(''));
    await succeed(clearproof('open', ...onChain(), '--json'));
    await succeed(clearproof('snapshot', 'import', '--input', at('accounts.ndjson'), '--market', at('table.json'), '--slots', String(SLOTS), '--out', at('snapshot'), '--json'));
    await succeed(clearproof(
      'prove', '--snapshot', at('snapshot'), '--deployment', at('deployment.json'), '--epoch', '1', '--circuits', [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit].join(),
      '--out', at('epoch-1'), '--json',
    ));
    const { record } = (await succeed(clearproof('publish', '--epoch-dir', at('epoch-1'), ...onChain(), '--json'))) as { record: { epoch: number; marketTime: number } };
    assert.deepEqual([record.epoch, record.marketTime], [1, table.snapshotTime]);
  });

  it('changes parameters only against those that are active, and never what is listed', async () => {
    await json('parameters-1.json', PARAMETERS);
    await writeFile(at('parameters.json'), JSON.stringify(PARAMETERS).replace('"haircut":"0.05"', '"haircut":"0.055"'));
    assert.equal(errorOf(await propose()).code, 'BOARD_CHANGE');
    assert.equal(errorOf(await propose('--current', at('parameters.json'))).code, 'BOARD_CHANGE');
    assert.deepEqual(await changes(propose('--current', at('parameters-1.json'))), [['parameters', 'proposed']]);
    assert.deepEqual(await changes(activate()), [['parameters', 'waiting']]);
    const [perpetual, ...others] = PARAMETERS.markets;
    await json('parameters.json', { ...PARAMETERS, markets: [{ ...perpetual, id: 'BTC-SWAP' }, ...others] });
    const renamed = errorOf(await propose('--current', at('parameters-1.json')));
    assert.equal(renamed.code, 'BOARD_CHANGE');
    assert.match(renamed.message, /^row 3 is listed on chain as something else than "3,BTC-SWAP,/);
  });
});
