import assert from 'node:assert/strict';
import { copyFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gatedCircuits } from '../../src/cli/gated-circuits.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { securityLabel, serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord, sha256 } from '../../src/groth16/key-manifest.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyText } from '../../src/groth16/verification-key.js';
import { changeRecord, makeCeremonyKey } from '../builders/ceremony-key.js';
import { productCircuit } from '../groth16/tiny-circuits.js';
import { clearproof, errorOf, temporaryFolder } from './program.js';

const NAME = 'row-mark-s2';
const ROTATED = `${NAME}-v2`;

describe('circuits before they are paid for', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, remove } = await temporaryFolder());
    const manifest = await readKeyManifest('build/keys');
    const record = requireRecord(manifest, 'build/keys', NAME);
    await writeFile(keyPaths.manifest(folder), serializeKeyManifest({ ...manifest, keys: { [NAME]: record, [ROTATED]: record } }));
    for (const name of [NAME, ROTATED]) await symlink(resolve(keyPaths.vkey('build/keys', NAME)), keyPaths.vkey(folder, name));
  });
  afterEach(() => remove());
  after(releaseCurves);

  it('have keys that passed, and verifiers that are the manifest\'s', async () => {
    const [circuit, ...others] = await gatedCircuits({ keys: folder, contracts: 'build/contracts' }, [NAME]);
    assert.deepEqual([circuit?.name, circuit?.kind, circuit?.verifier?.contract, others.length], [NAME, 'row-mark', 'RowMarkS2Verifier', 0]);
    await assert.rejects(gatedCircuits({ keys: folder, contracts: 'build/contracts' }, [NAME, 'no-circuit']), { code: 'CIRCUIT_KIND' });
  });

  it('are refused with a compiled verifier that is not the manifest\'s: no registry knows which keys are good, the manifest does [S8]', async () => {
    await copyFile('build/contracts/RowMarkS8Verifier.json', join(folder, 'RowMarkS2Verifier.json'));
    await assert.rejects(gatedCircuits({ keys: folder, contracts: folder }, [NAME]), { code: 'VERIFIER_CODE', message: /has code with hash 0x[0-9a-f]{64}, the manifest says 0x/ });
  });

  it('are refused by "circuit propose", before deployment or chain are asked, with another verifier, or a key whose label hides that its secrets are public [S8] [S12]', async () => {
    const propose = async (): Promise<string> => errorOf(await clearproof(
      'circuit', 'propose', ROTATED, '--keys', folder, '--contracts', folder, '--deployment', join(folder, 'none.json'), '--rpc', 'http://127.0.0.1:1', '--key-file', join(folder, 'none.key'), '--json',
    )).code;
    const compiled = join(folder, 'RowMarkS2V2Verifier.json');
    await copyFile('build/contracts/RowMarkS2Verifier.json', compiled);
    assert.equal(await propose(), 'DEPLOYMENT_FILE', 'it passes every gate, and goes on to a file that is not there');
    await copyFile('build/contracts/RowMarkS8Verifier.json', compiled);
    assert.equal(await propose(), 'VERIFIER_CODE');
    await copyFile('build/contracts/RowMarkS2Verifier.json', compiled);
    const { ceremony } = await makeCeremonyKey(await productCircuit(), ['Ada']);
    const security = securityLabel(ceremony);
    const vkey = verificationKeyText({ ...await loadVerificationKey(folder, NAME), security });
    await rm(keyPaths.vkey(folder, ROTATED));
    await writeFile(keyPaths.vkey(folder, ROTATED), vkey);
    await changeRecord(folder, ROTATED, { security, ceremony, vkeySha256: sha256(vkey) });
    assert.equal(await propose(), 'KNOWN_TRAPDOOR');
  });
});
