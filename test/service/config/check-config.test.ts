import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { signKeyManifest } from '../../../src/chain/manifest-signature.js';
import { signerFromFile } from '../../../src/chain/wallet.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { securityLabel, serializeKeyManifest } from '../../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord } from '../../../src/groth16/key-manifest.js';
import { loadVerificationKey } from '../../../src/groth16/proving-key.js';
import { verificationKeyToJson } from '../../../src/groth16/verification-key.js';
import { fitnessChecks, requireFit, runChecks } from '../../../src/service/config/check-config.js';
import type { Environment } from '../../../src/service/config/read-config.js';
import { changeRecord, makeCeremonyKey, replaceByCeremonyKey } from '../../builders/ceremony-key.js';
import { productCircuit } from '../../groth16/tiny-circuits.js';
import { serviceFolder, withSection, type ConfigJson, type ServiceFolder } from './support.js';

describe('the start of the service', () => {
  let service: ServiceFolder;

  afterEach(() => service.remove());
  after(releaseCurves);

  async function refuses(code: string, message: RegExp, json: ConfigJson = service.json, environment: Environment = {}): Promise<void> {
    await assert.rejects(service.load(json, environment).then(requireFit), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }

  describe('in production', () => {
    beforeEach(async () => {
      service = await serviceFolder('ceremony');
    });

    it('goes on with keys of a ceremony and closed files', async () => {
      const { keys, deployment } = await requireFit(await service.load());
      assert.deepEqual(keys.map(({ circuit, insecure }) => ({ circuit, insecure })), [{ circuit: service.circuit.name, insecure: false }]);
      assert.equal(deployment.venueId, 7n);
      assert.deepEqual((await runChecks(fitnessChecks(await service.load()))).filter(({ ok }) => !ok), []);
    });

    for (const [title, path] of [['proving key', keyPaths.zkey], ['verification key', keyPaths.vkey], ['witness generator', keyPaths.wasm]] as const) {
      it(`refuses a ${title} whose hash is not in the manifest [V33]`, async () => {
        const file = path(service.keys, service.circuit.name);
        const bytes = await readFile(file);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        await writeFile(file, bytes);
        await refuses('KEY_HASH', new RegExp(`^${file} is not the file in the manifest`));
      });
    }

    it('refuses a circuit that the manifest does not name [V33]', async () => {
      const manifest = await readKeyManifest(service.keys);
      await writeFile(keyPaths.manifest(service.keys), serializeKeyManifest({ ...manifest, keys: {} }));
      await refuses('KEY_MISSING', /names no key for circuit product-/);
    });

    it('refuses a key with gamma equal to delta, even when the manifest vouches for it [V33]', async () => {
      const json = verificationKeyToJson(await loadVerificationKey(service.keys, service.circuit.name));
      await service.vouchFor({ ...json, vk_gamma_2: json['vk_delta_2'] });
      await refuses('KEY_WITHOUT_CONTRIBUTION', /has delta equal to gamma/);
    });

    it('refuses a key with fewer contributions than its ceremony asked for, and one over a phase 1 that is in no table [V33]', async () => {
      const { name } = service.circuit;
      const { ceremony } = requireRecord(await readKeyManifest(service.keys), service.keys, name);
      assert.ok(ceremony !== undefined);
      await changeRecord(service.keys, name, { ceremony: { ...ceremony, minimumContributions: 4 } });
      await refuses('KEY_CEREMONY', new RegExp(`^the key of ${name} has 3 contributions of the 4 that its ceremony asked for`));
      await changeRecord(service.keys, name, { ceremony: { ...ceremony, phaseOne: { ...ceremony.phaseOne, blake2b: '1'.repeat(128) } } });
      await refuses('KEY_CEREMONY', /which is not in the published table/);
    });

    it('refuses a key whose contributions are not those that the manifest lists [S11]', async () => {
      const { name } = service.circuit;
      const { ceremony } = requireRecord(await readKeyManifest(service.keys), service.keys, name);
      assert.ok(ceremony !== undefined);
      const contributions = ceremony.contributions.map((one, index) => (index === 1 ? { ...one, hash: '1'.repeat(128) } : one));
      await changeRecord(service.keys, name, { ceremony: { ...ceremony, contributions } });
      await refuses('KEY_CEREMONY', /has another contribution 2 inside .*\.zkey than the manifest lists/);
    });

    it('refuses a key over its maker\'s own phase 1, with contributions that hang together and a manifest that calls it published [V33]', async () => {
      await replaceByCeremonyKey(service.keys, service.circuit.name, await makeCeremonyKey(service.circuit, ['Ada', 'Zoë', 'Kim'], { ownPhaseOne: true }));
      await refuses('KEY_PHASE_ONE', /calls itself "ceremony .*of this test.*, but its alpha and beta are not those of the published phase 1/);
    });

    it('refuses a rehearsal\'s key, and a manifest that labels it as another [V33]', async () => {
      const { name } = service.circuit;
      const { zkey, ceremony } = await makeCeremonyKey(service.circuit, ['Ada']);
      await replaceByCeremonyKey(service.keys, name, { zkey, ceremony: { ...ceremony, phaseOne: { ...ceremony.phaseOne, published: false } } });
      await refuses('INSECURE_KEY', new RegExp(`the keys of ${name} are INSECURE`));
      await changeRecord(service.keys, name, { security: securityLabel(ceremony) });
      await refuses('KEY_MANIFEST', /security must be "INSECURE rehearsal key/);
    });

    it('wants the manifest signed by whom the configuration names, and a signature that is there to be good [P-203]', async () => {
      const { address } = await signerFromFile(service.at('venue.key'));
      const named = { ...service.json, keysSigner: address };
      await refuses('KEY_SIGNATURE', new RegExp(`manifest\\.sig\\.json is not there, and ${address} must have signed`), named);
      await signKeyManifest(service.keys, await signerFromFile(service.at('venue.key')));
      await requireFit(await service.load(named));
      await requireFit(await service.load());
      const other = `0x${'12'.repeat(20)}`;
      await refuses('KEY_SIGNATURE', new RegExp(`is signed by ${address} and must be by ${other}`), service.json, { CLEARPROOF_KEYS_SIGNER: other });
      const manifest = await readKeyManifest(service.keys);
      await writeFile(keyPaths.manifest(service.keys), serializeKeyManifest({ ...manifest, tools: { ...manifest.tools, clearproof: '9.9.9' } }));
      await refuses('KEY_SIGNATURE', /which was changed since/, named);
      await refuses('KEY_SIGNATURE', /which was changed since/);
      await rm(keyPaths.signature(service.keys));
      await requireFit(await service.load());
    });

    it('refuses a key that the registry does not verify with', async () => {
      const other = await serviceFolder('development');
      try {
        await writeFile(service.at('deployment.json'), await readFile(other.at('deployment.json')));
        await refuses('KEY_NOT_DEPLOYED', /verifies product-.* with another key/);
      } finally {
        await other.remove();
      }
    });

    it('refuses a circuit that the registry does not know', async () => {
      const deployment = (await readFile(service.at('deployment.json'), 'utf8')).replaceAll(service.circuit.name, 'solvency-close-u8-s2');
      const ids = [circuitIdOf(service.circuit.name), circuitIdOf('solvency-close-u8-s2')].map(String) as [string, string];
      await writeFile(service.at('deployment.json'), deployment.replace(ids[0], ids[1]));
      await refuses('KEY_NOT_DEPLOYED', /which the registry of .* does not know: take one of solvency-close-u8-s2/);
    });

    it('refuses weak modes of key files and of what it trusts, each with the remedy [V33]', async () => {
      const weak: readonly (readonly [file: string, mode: number, message: RegExp])[] = [
        [service.at('venue.key'), 0o640, /venue\.key, named in chain\.publisherKeyFile, holds a secret and has mode 640: run "chmod 600/],
        [service.at('venue.key'), 0o602, /chain\.publisherKeyFile, holds a secret and has mode 602/],
        [service.at('rpc.url'), 0o604, /rpc\.url, named in chain\.rpcUrlFile, holds a secret/],
        [service.at('data'), 0o750, /data, named in dataFolder, is secret and has mode 750: run "chmod 700/],
        [service.at('deployment.json'), 0o664, /deployment\.json, named in venue\.deploymentFile, can be changed by others \(mode 664\): run "chmod go-w/],
        [service.keys, 0o777, /named in keysFolder, can be changed by others/],
        [keyPaths.manifest(service.keys), 0o666, /manifest\.json, named in keysFolder, can be changed by others/],
      ];
      for (const [file, mode, message] of weak) {
        const before = file === service.at('data') || file === service.keys ? 0o700 : 0o600;
        await chmod(file, mode);
        await refuses('FILE_MODE', message);
        await chmod(file, before);
      }
      await writeFile(service.at('receipt.key'), 'x', { mode: 0o644 });
      await refuses('FILE_MODE', /receipt\.key, named in receipts\.keyFile, is secret and has mode 644: run "chmod 600/);
    });

    it('refuses a configuration that others may change', async () => {
      const loaded = await service.load();
      await chmod(service.at('service.json'), 0o666);
      await assert.rejects(requireFit(loaded), { code: 'FILE_MODE', message: /service\.json, named in --config, can be changed by others/ });
    });

    it('refuses to publish without end point or key, and starts without both where another process publishes [V33]', async () => {
      const { chain, ...rest } = service.json;
      assert.ok(chain);
      await refuses('SECRET_MISSING', /^chain\.rpcUrlFile is missing and worker\.kinds has "publish"/, rest);
      await refuses('SECRET_MISSING', /^chain\.publisherKeyFile is missing/, { ...rest, chain: { rpcUrlFile: 'rpc.url' } });
      for (const worker of [{ kinds: ['plan', 'prove'] }, { processes: '0' }]) await requireFit(await service.load(withSection(rest, 'worker', worker)));
    });

    it('refuses a key file that is not there or an empty secret [V33]', async () => {
      await refuses('CONFIG_READ', /none, named in chain\.publisherKeyFile, cannot be read/, withSection(service.json, 'chain', { publisherKeyFile: 'none' }));
      await writeFile(service.at('rpc.url'), '\n');
      await refuses('SECRET_MISSING', /rpc\.url, named in chain\.rpcUrlFile, is empty/);
    });

    it('refuses listeners other than loopback unless they are asked for', async () => {
      for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.evil.example']) {
        await refuses('UNSAFE_LISTENER', /is not loopback and the service speaks plain HTTP: listen on 127\.0\.0\.1/, withSection(service.json, 'api', { host }));
      }
      for (const api of [{ host: '127.0.0.2' }, { host: '::1' }, { host: 'localhost' }, { host: '0.0.0.0', allowPlainHttp: true }]) await requireFit(await service.load(withSection(service.json, 'api', api)));
    });

    it('refuses a database on another machine without TLS, and TLS settings in two places', async () => {
      const open = withSection(service.json, 'store', { tls: 'off' });
      const at = (host: string, rest = ''): Environment => ({ DATABASE_URL: `postgres://u:canary@${host}/d${rest}` });
      await refuses('UNSAFE_DATABASE', /store\.tls is "off" and the database is on another machine, db\.internal/, open, at('db.internal'));
      await refuses('UNSAFE_DATABASE', /on another machine, db\.internal/, open, at('localhost', '?host=db.internal'));
      await refuses('CONFIG_CONFLICT', /the database URL sets sslmode: take it out, and set store\.tls/, service.json, at('db.internal', '?sslmode=disable'));
      for (const url of [at('127.0.0.1'), at('[::1]'), at('localhost', '?host=/run/postgresql'), { DATABASE_URL: 'postgres:///d?host=/run/postgresql' }]) await requireFit(await service.load(open, url));
      await requireFit(await service.load(service.json, at('db.internal')));
    });

    it('refuses fee caps that contradict each other', async () => {
      await refuses('CONFIG_CONFLICT', /maxPriorityFeePerGas is more than chain\.maxFeePerGas/, withSection(service.json, 'chain', { maxFeePerGas: '1', maxPriorityFeePerGas: '2' }));
    });
  });

  describe('with development keys', () => {
    beforeEach(async () => {
      service = await serviceFolder('development');
    });

    it('goes on in development and says that they are insecure', async () => {
      const { keys } = await requireFit(await service.load());
      assert.deepEqual(keys.map(({ insecure }) => insecure), [true]);
      const lines = await runChecks(fitnessChecks(await service.load()));
      assert.match(lines.find(({ check }) => check === 'keys')?.detail ?? '', /1 INSECURE/);
    });

    it('is refused in production [V33]', async () => {
      await refuses('INSECURE_KEY', /^the keys of product-.* are INSECURE development keys: take keys of a ceremony/, { ...service.json, mode: 'production' });
    });

    it('is refused under another label, in development too: its phase 1 tells [V33]', async () => {
      const json = verificationKeyToJson(await loadVerificationKey(service.keys, service.circuit.name));
      const { ceremony } = await makeCeremonyKey(await productCircuit(), []);
      const security = securityLabel(ceremony);
      await service.vouchFor({ ...json, security }, { security, ceremony });
      for (const mode of ['production', 'development']) await refuses('KEY_PHASE_ONE', /its alpha and beta are not those of the published phase 1/, { ...service.json, mode });
    });

    it('tells all that is wrong at once, each with code and reason', async () => {
      await chmod(service.at('venue.key'), 0o644);
      const results = await runChecks(fitnessChecks(await service.load({ ...withSection(service.json, 'api', { host: '0.0.0.0' }), mode: 'production' })));
      assert.deepEqual(results.filter(({ ok }) => !ok).map(({ check, code }) => [check, code]), [['listener', 'UNSAFE_LISTENER'], ['file modes', 'FILE_MODE'], ['keys', 'INSECURE_KEY']]);
    });
  });
});
