import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { attestationSha256, serializeAttestation } from '../../src/attestation/attestation-format.js';
import { serializeStressAttestation } from '../../src/attestation/stress-attestation-format.js';
import type { StressAttestation } from '../../src/attestation/stress-attestation.js';
import { runEpochJob } from '../../src/audit/epoch-job.js';
import type { EpochJob } from '../../src/audit/epoch-outcome.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { parseStressSet } from '../../src/risk/stress/stress-set.js';
import { stressedTable } from '../../src/risk/stress/stressed-table.js';
import { userEpoch } from '../builders/attestation.js';
import { provenEpoch, proveUsers } from '../builders/proven-epoch.js';

const SET_FILE = 'src/risk/stress/sets/uniform-moves.json';

describe('an epoch that an audit verifies, with stress attestations', function () {
  this.timeout(120_000);
  let poseidon: Poseidon;
  let job: EpochJob;
  let stress: StressAttestation;
  const withStress = (...texts: readonly string[]): EpochJob => ({ ...job, stress: texts.map((text, place) => ({ file: `stress-${place}.json`, text })) });
  const codes = async (one: EpochJob): Promise<string[]> => (await runEpochJob(poseidon, one)).findings.map(({ code }) => code);

  before(async () => {
    const set = parseStressSet(await readFile(SET_FILE, 'utf8'), SET_FILE);
    const scenario = set.scenarios.find(({ name }) => name === 'down-30');
    assert.ok(scenario !== undefined);
    const proven = await provenEpoch();
    const { bundles: { attestation, record }, epoch } = proven;
    ({ poseidon } = proven);
    const stressed = await proveUsers(poseidon, userEpoch(poseidon, 1, stressedTable(epoch.table, set, scenario).table));
    stress = { stress: { set: set.name, setVersion: set.version, scenario: scenario.name }, epochAttestation: attestationSha256(attestation), statement: stressed.bundles.attestation };
    job = {
      epoch: attestation.epoch, venue: attestation.venue, record, attestations: [{ file: 'attestation.json', text: serializeAttestation(attestation) }], stress: [], stressSets: [set],
      submission: undefined, keys: {}, trustedKeyHashes: undefined, circuits: await readCircuitList(), sources: undefined,
    };
  });
  after(releaseCurves);

  it('has the figures of one that holds', async () => {
    const { findings, stress: held, source } = await runEpochJob(poseidon, withStress(serializeStressAttestation(stress)));
    const { unhealthyBound, shortfall } = stress.statement.close;
    assert.deepEqual([findings, held, source], [[], [{ set: stress.stress.set, scenario: 'down-30', unhealthyBound, shortfall }], 'attestation']);
  });

  it('finds one whose figures were changed, and one that is called another scenario', async () => {
    const { statement } = stress;
    const lower = { ...stress, statement: { ...statement, close: { ...statement.close, shortfall: statement.close.shortfall + 1n } } };
    const milder = { ...stress, stress: { ...stress.stress, scenario: 'down-50' } };
    assert.deepEqual(await codes(withStress(serializeStressAttestation(lower))), ['stress-rejected']);
    assert.deepEqual(await codes(withStress(serializeStressAttestation(milder))), ['stress-rejected']);
  });

  it('leaves unchecked what cannot be read, is of an unknown set, or has no epoch to be held against', async () => {
    const good = serializeStressAttestation(stress);
    assert.deepEqual(await codes(withStress('{"format":"clearproof-stress-attestation"}')), ['stress-unchecked']);
    assert.deepEqual(await codes({ ...withStress(good), stressSets: [] }), ['stress-unchecked']);
    assert.deepEqual(await codes({ ...withStress(good), attestations: [] }), ['bundle-missing', 'proofs-unchecked', 'stress-unchecked']);
  });

  it('is verified from whichever of several attestations holds, and the others are told of', async () => {
    const [good] = job.attestations as readonly [EpochJob['attestations'][number]];
    const { source, findings } = await runEpochJob(poseidon, { ...job, attestations: [{ file: 'cut.json', text: good.text.slice(0, 100) }, good] });
    assert.deepEqual([source, findings.map(({ code }) => code)], ['attestation', ['bundle-unreadable']]);
  });
});
