import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attestationSha256, parseAttestation, serializeAttestation } from '../../src/attestation/attestation-format.js';
import { parseStressAttestation, serializeStressAttestation } from '../../src/attestation/stress-attestation-format.js';
import type { StressAttestation } from '../../src/attestation/stress-attestation.js';
import { deployDemoVenue, fundDemoVenue, startDemoChain, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { figuresOf } from '../../src/margin/stress.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { planEpoch } from '../../src/proving/epoch-plan.js';
import { circuitsOf } from '../../src/proving/epoch-shape.js';
import { parseMarketTable, serializeMarketTable } from '../../src/risk/market-table-json.js';
import { writeStaticMarket } from '../../src/risk/static-market.js';
import { parseStressSet, type StressSet } from '../../src/risk/stress/stress-set.js';
import { splitIntoTiers } from '../../src/risk/tiers.js';
import { writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { verifyAttestation } from '../../src/verification/verify-attestation.js';
import { verifyStress } from '../../src/verification/verify-stress.js';
import type { VerificationReport } from '../../src/verification/report.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { failedSteps, stepOf } from '../builders/questions.js';
import { testShape, VENUE } from '../proving/support.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

/** First account of anvil's public mnemonic. */
const OPERATOR_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const CIRCUITS = `${TEST_SHAPE.batchCircuit},${TEST_SHAPE.closeCircuit}`;
const SET_FILE = 'src/risk/stress/sets/uniform-moves.json';
const SCENARIO = 'uniform-moves/down-30';
const STRESSED = join('stress', 'uniform-moves.1-down-30', 'stress-attestation.json');

describe('stress of a published epoch through the command line', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let chain: DemoChain | undefined;
  let set: StressSet;
  let honest: StressAttestation;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const venue = syntheticVenue({ seed: 'cli stress', accounts: 24, slots: 3, instruments: 8, scenarios: 2 });
  const text = (...parts: readonly string[]): Promise<string> => readFile(at(...parts), 'utf8');

  async function succeed(...args: readonly string[]): Promise<Record<string, unknown>> {
    const ended = await clearproof(...args, '--json');
    assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    return oneJson(ended);
  }

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    const { node, connection, now } = await startDemoChain();
    const market = { ...venue.market, snapshotTime: now.toString() };
    const table = { ...venue.table, snapshotTime: now };
    await mkdir(at('input'));
    await writeFile(at('input', 'market.json'), writeStaticMarket(market));
    await writeFile(at('input', 'accounts.ndjson'), [...writeSnapshotNdjson(venue.accounts, table.rows)].join(''));
    await writeFile(at('operator.key'), OPERATOR_KEY, { mode: 0o600 });
    chain = await deployDemoVenue(node, connection, { circuits: circuitsOf(await testShape()), table, markets: 'stated', file: at('deployment.json') });
    await fundDemoVenue(chain, { snapshot: { accounts: venue.accounts }, market: table });
    const onChain = ['--deployment', at('deployment.json'), '--rpc', node.url, '--key-file', at('operator.key')];
    await clearproof('snapshot', 'import', '--input', at('input', 'accounts.ndjson'), '--market', at('input', 'market.json'), '--slots', '3', '--out', at('snapshot'));
    await succeed('open', ...onChain);
    for (const epochDir of ['epoch-1', 'other']) {
      await succeed('prove', '--snapshot', at('snapshot'), '--deployment', at('deployment.json'), '--epoch', '1', '--circuits', CIRCUITS, '--out', at(epochDir));
    }
    await succeed('state-market', '--epoch-dir', at('epoch-1'), ...onChain);
    await succeed('publish', '--epoch-dir', at('epoch-1'), ...onChain);
    await succeed('verify', '--attestation', at('epoch-1', 'attestation.json'), '--rpc', node.url, '--save-record', at('record.json'));
    set = parseStressSet(await readFile(SET_FILE, 'utf8'), SET_FILE);
    await succeed('stress', 'prove', '--epoch-dir', at('epoch-1'), '--scenario', SCENARIO);
    honest = parseStressAttestation(await text('epoch-1', STRESSED));
  });
  after(async () => {
    chain?.connection.close();
    await chain?.node.stop();
    await remove();
    await releaseCurves();
  });

  /** What a reader with the record, the epoch's attestation and the shipped set finds. */
  async function ask(stress: StressAttestation | string, known: StressSet = set): Promise<VerificationReport> {
    return verifyStress({
      poseidon: portablePoseidon, set: known, circuits: await readCircuitList(),
      stress: { file: 'stress.json', text: typeof stress === 'string' ? stress : serializeStressAttestation(stress) },
      attestation: { file: 'attestation.json', text: await text('epoch-1', 'attestation.json') },
      record: { source: 'file', bundle: { file: 'record.json', text: await text('record.json') } },
    });
  }

  it('is verified against the record, with the figures of the margin engine', async () => {
    const ended = await clearproof('stress', 'verify', at('epoch-1', STRESSED), '--attestation', at('epoch-1', 'attestation.json'), '--record', at('record.json'));
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.doesNotMatch(ended.stdout, /FAIL/);
    const { market, close } = honest.statement;
    assert.equal(market.parameterSet, 'stress:uniform-moves.1/down-30');
    const figures = figuresOf(venue.accounts.map(({ holdings }) => splitIntoTiers(market, holdings)), market);
    assert.equal(close.shortfall, figures.shortfall);
    assert.ok(close.unhealthyBound >= BigInt(figures.unhealthy));
    const epoch = parseAttestation(await text('epoch-1', 'attestation.json'));
    assert.ok(close.shortfall > epoch.close.shortfall);
    assert.equal(close.accountsRoot, epoch.close.accountsRoot);
    assert.notEqual(honest.statement.genesisAccumulator, epoch.genesisAccumulator, 'blindings are fresh');
  });

  it('cannot be told without a record: ends with 2', async () => {
    const ended = await clearproof('stress', 'verify', at('epoch-1', STRESSED), '--attestation', at('epoch-1', 'attestation.json'), '--json');
    assert.equal(ended.code, 2, ended.stdout);
    assert.equal(oneJson(ended)['verdict'], 'cannot-tell');
  });

  it('goes on with finished proofs and says the same', async () => {
    const before = await text('epoch-1', STRESSED);
    await succeed('stress', 'prove', '--epoch-dir', at('epoch-1'), '--scenario', SCENARIO);
    assert.equal(await text('epoch-1', STRESSED), before);
  });

  it('of other accounts is refused, whatever it says about itself', async () => {
    await succeed('stress', 'prove', '--epoch-dir', at('other'), '--scenario', SCENARIO);
    const other = parseStressAttestation(await text('other', STRESSED));
    assert.deepEqual(failedSteps(await ask(other)), ['stress-accounts']);
    // The same under the published epoch's name, and then also under its root.
    const named = { ...other, epochAttestation: honest.epochAttestation };
    const report = await ask(named);
    assert.deepEqual(failedSteps(report), ['stress-accounts']);
    assert.match(stepOf(report, 'stress-accounts').detail, /^accountsRoot is .*: these are other accounts$/);
    const { accountsRoot } = honest.statement.close;
    const rooted = { ...named, statement: { ...other.statement, close: { ...other.statement.close, accountsRoot } } };
    assert.deepEqual(failedSteps(await ask(rooted)), ['stress-close-proof']);
  });

  it('with figures a unit better is refused', async () => {
    for (const field of ['shortfall', 'unhealthyBound', 'accountsBound'] as const) {
      const { statement } = honest;
      const bent = { ...honest, statement: { ...statement, close: { ...statement.close, [field]: statement.close[field] - 1n } } };
      const failed = failedSteps(await ask(bent));
      assert.ok(failed.includes('stress-close-proof'), `${field}: ${failed.join()}`);
    }
    const words = honest.statement.words.map((word, place) => (place === 0 ? word + 1n : word));
    assert.deepEqual(failedSteps(await ask({ ...honest, statement: { ...honest.statement, words } })), ['stress-accounts', 'stress-close-proof']);
  });

  it('of milder shocks under the name of the public set is refused', async () => {
    const milder = (await readFile(SET_FILE, 'utf8')).replace('"*": "-0.3"', '"*": "-0.05"');
    await writeFile(at('uniform-moves.json'), milder);
    await mkdir(at('milder'));
    for (const name of ['plan.json', 'plan-places.ndjson', 'attestation.json']) await cp(at('epoch-1', name), at('milder', name));
    await succeed('stress', 'prove', '--epoch-dir', at('milder'), '--scenario', SCENARIO, '--scenarios', at('uniform-moves.json'));
    const found = parseStressAttestation(await text('milder', STRESSED));
    assert.ok(found.statement.close.shortfall < honest.statement.close.shortfall);
    assert.deepEqual(failedSteps(await ask(found)), ['stress-table']);
    assert.deepEqual(failedSteps(await ask(found, parseStressSet(milder, 'own'))), [], 'by its own set it is right: who trusts the venue\'s file gets what the venue says');
    const ended = await clearproof('stress', 'verify', at('milder', STRESSED), '--attestation', at('epoch-1', 'attestation.json'), '--record', at('record.json'));
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /FAIL Its market table is the epoch's after the public scenario/);
    const again = await clearproof('stress', 'prove', '--epoch-dir', at('milder'), '--scenario', SCENARIO, '--json');
    assert.equal(errorOf(again).code, 'OTHER_EPOCH', 'stored proofs are never of another table than asked for');
  });

  it('of another scenario, set or version than it names is refused', async () => {
    for (const stress of [{ ...honest.stress, scenario: 'down-10' }, { ...honest.stress, scenario: 'down-99' }, { ...honest.stress, set: 'depegs' }, { ...honest.stress, setVersion: '2' }]) {
      assert.deepEqual(failedSteps(await ask({ ...honest, stress })), ['stress-table']);
    }
  });

  it('is never the epoch\'s attestation, nor that a stress attestation', async () => {
    const stressText = serializeStressAttestation(honest);
    const epochText = await text('epoch-1', 'attestation.json');
    assert.throws(() => parseAttestation(stressText), /expected "clearproof-attestation"/);
    const report = await ask(epochText);
    assert.deepEqual([report.verdict, failedSteps(report), stepOf(report, 'stress-format').code], ['not-verified', ['stress-format'], 'WRONG_FORMAT']);
    const ended = await clearproof('verify', '--attestation', at('epoch-1', STRESSED), '--record', at('record.json'));
    assert.equal(ended.code, 1, ended.stdout);
  });

  it('cut out of its file and dressed as an attestation says itself that its table is stressed', async () => {
    const verify = async (dressed: typeof honest.statement): Promise<string[]> => failedSteps(await verifyAttestation({
      poseidon: portablePoseidon, attestation: { file: 'a.json', text: serializeAttestation(dressed) },
      record: { source: 'file', bundle: { file: 'record.json', text: await text('record.json') } },
    }));
    assert.deepEqual(await verify(honest.statement), ['market-range', 'market', 'figures']);
    const epoch = parseAttestation(await text('epoch-1', 'attestation.json'));
    const relabelled = { ...honest.statement, market: { ...honest.statement.market, parameterSet: epoch.market.parameterSet } };
    assert.deepEqual(await verify(relabelled), ['market', 'figures', 'close-proof']);
    assert.notEqual(attestationSha256(honest.statement), honest.epochAttestation);
  });

  it('cannot be planned as an epoch: a stressed table is none of its own', async () => {
    const shape = await testShape();
    assert.throws(() => planEpoch(portablePoseidon, { accounts: venue.accounts }, honest.statement.market, shape, VENUE, 2), /labelled stress:uniform-moves\.1\/down-30: an epoch is proven under its own table/);
    await mkdir(at('stressed-snapshot'));
    for (const name of ['accounts.ndjson', 'report.json']) await cp(at('snapshot', name), at('stressed-snapshot', name));
    const own = parseMarketTable(await text('snapshot', 'market-table.json'));
    await writeFile(at('stressed-snapshot', 'market-table.json'), serializeMarketTable({ ...own, parameterSet: 'stress:x.1/y' }));
    const ended = await clearproof('prove', '--snapshot', at('stressed-snapshot'), '--deployment', at('deployment.json'), '--epoch', '2', '--circuits', CIRCUITS, '--out', at('wrong'), '--json');
    assert.equal(errorOf(ended).code, 'PLAN');
  });

  it('of a snapshot is reported for every public scenario', async () => {
    const result = await succeed('stress', '--snapshot', at('snapshot'), '--fund', '1000.5', '--out', at('report'));
    assert.deepEqual(JSON.parse(await text('report', 'report.json')), result);
    const scenarios = result['scenarios'] as readonly Record<string, unknown>[];
    assert.equal(scenarios.length, 22);
    const found = scenarios.find(({ scenario }) => scenario === 'down-30') ?? assert.fail();
    assert.equal(result['fund'], '1000.5');
    assert.ok(Number(found['shortfall']) > 0);
    assert.match(await text('report', 'report.html'), /<svg/);
  });

  it('names scenarios it does not know', async () => {
    const ended = await clearproof('stress', 'prove', '--epoch-dir', at('epoch-1'), '--scenario', 'down-31', '--json');
    assert.equal(errorOf(ended).code, 'SCENARIO_NAME');
    assert.match(errorOf(ended).message, /uniform-moves\/down-30/);
  });
});
