import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseCurves } from '../../src/groth16/curves.js';
import { gateFolderKey, requireRebuiltCircuit } from '../../src/groth16/folder-gates.js';
import { NEAR_RELATIONS } from '../../src/groth16/forgery.js';
import { securityLabel } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord, sha256 } from '../../src/groth16/key-manifest.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { PUBLISHED_ALPHA, PUBLISHED_BETA } from '../../src/groth16/published-powers.js';
import { verificationKeyHash, verificationKeyText } from '../../src/groth16/verification-key.js';
import { changeRecord, makeCeremonyKey, replaceByCeremonyKey } from '../builders/ceremony-key.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';
import { keyFolder, productCircuit } from './tiny-circuits.js';

describe('gates on a key in its folder', () => {
  let circuit: CompiledTestCircuit;
  let made: string;
  let keys: string;
  let remove: () => Promise<void>;
  before(async () => {
    circuit = await productCircuit();
    ({ keys: made, remove } = await keyFolder(circuit));
  });
  after(async () => {
    await remove();
    await releaseCurves();
  });
  beforeEach(async () => {
    keys = await mkdtemp(join(tmpdir(), 'clearproof-gates-'));
    await cp(made, keys, { recursive: true });
  });
  afterEach(() => rm(keys, { recursive: true, force: true }));

  it('are passed by a development key that says what it is, and anybody forges with it [S12]', async () => {
    const { attempts, trapdoorForges } = await gateFolderKey(keys, circuit.name, NEAR_RELATIONS);
    assert.deepEqual([attempts.refused, attempts.controls, trapdoorForges], [8, 8, true]);
  });

  it("are passed by a ceremony's key, with the contributions that the manifest lists and no others [S11]", async () => {
    const key = await makeCeremonyKey(circuit, ['Ada', 'Zoë']);
    await replaceByCeremonyKey(keys, circuit.name, key);
    assert.equal((await gateFolderKey(keys, circuit.name)).trapdoorForges, false);
    const [first, second] = key.ceremony.contributions;
    assert.ok(first && second);
    await changeRecord(keys, circuit.name, { ceremony: { ...key.ceremony, contributions: [second, first] } });
    await assert.rejects(gateFolderKey(keys, circuit.name), { code: 'KEY_CEREMONY', message: /has another contribution 1 inside/ });
  });

  it('hold a development key that was given the label of a ceremony, though its circuit is in no list [S12]', async () => {
    const { ceremony } = await makeCeremonyKey(circuit, ['Ada', 'Zoë']);
    const security = securityLabel(ceremony);
    const vkey = verificationKeyText({ ...await loadVerificationKey(keys, circuit.name), security });
    await writeFile(keyPaths.vkey(keys, circuit.name), vkey);
    await changeRecord(keys, circuit.name, { security, ceremony, vkeySha256: sha256(vkey) });
    await assert.rejects(gateFolderKey(keys, circuit.name), { code: 'KEY_PHASE_ONE', message: /its alpha and beta are not those of the published phase 1/ });
  });

  it('hold a key over the published phase 1 whose delta everybody knows [S12]', async () => {
    const { ceremony } = await makeCeremonyKey(circuit, ['Ada', 'Zoë']);
    const security = securityLabel(ceremony);
    const key = { ...await loadVerificationKey(keys, circuit.name), alpha: PUBLISHED_ALPHA, beta: PUBLISHED_BETA, security };
    const vkey = verificationKeyText(key);
    await writeFile(keyPaths.vkey(keys, circuit.name), vkey);
    await changeRecord(keys, circuit.name, { security, ceremony, vkeySha256: sha256(vkey), verificationKeyHash: verificationKeyHash(key) });
    await assert.rejects(gateFolderKey(keys, circuit.name), { code: 'KNOWN_TRAPDOOR', message: /was made from public secrets and does not say so/ });
  });

  it('compare its constraints with what was compiled here [S7]', async () => {
    const record = requireRecord(await readKeyManifest(keys), keys, circuit.name);
    await requireRebuiltCircuit(circuit.r1cs, record, circuit.name);
    await assert.rejects(requireRebuiltCircuit(circuit.r1cs, { r1csSha256: '0'.repeat(64) }, circuit.name), { code: 'KEY_CIRCUIT', message: /is of other constraints/ });
    await assert.rejects(requireRebuiltCircuit(join(keys, 'none.r1cs'), record, circuit.name), { code: 'KEY_CIRCUIT', message: /cannot be read/ });
  });
});
