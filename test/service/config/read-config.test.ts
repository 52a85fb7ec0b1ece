import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { configurationTable, effectiveValues } from '../../../src/service/config/describe.js';
import { embeddedFolder, readServiceConfig } from '../../../src/service/config/read-config.js';
import { allFields } from '../../../src/service/config/schema.js';
import { serviceFolder, withSection, type ConfigJson, type ServiceFolder } from './support.js';

const DATABASE = 'postgres://clearproof:canary-password@db.internal/clearproof';

describe('the service\'s configuration', () => {
  let service: ServiceFolder;

  before(async () => {
    service = await serviceFolder('development');
  });
  after(async () => {
    await service.remove();
    await releaseCurves();
  });

  it('has a value for every field once read, paths from the file\'s folder', async () => {
    const { config, file } = await service.load();
    assert.equal(file, service.at('service.json'));
    assert.equal(config.dataFolder, service.at('data'));
    assert.equal(embeddedFolder(config), service.at('data/database'));
    assert.equal(config.venue.deploymentFile, service.at('deployment.json'));
    assert.equal(config.receipts.keyFile, service.at('receipt.key'));
    assert.equal(config.api.port, 8080);
    assert.equal(config.chain.maxFeePerGas, 200_000_000_000n);
    assert.deepEqual(config.worker.kinds, ['plan', 'prove', 'attest', 'publish', 'receipts', 'retire']);
    assert.equal(config.chain.rpcUrl?.reveal(), 'http://127.0.0.1:1/rpc-canary');
    assert.equal(effectiveValues(config).length, allFields().length);
  });

  it('takes the environment before the file, lists separated by commas, empty variables as none', async () => {
    const { config } = await service.load(withSection(service.json, 'api', { port: '1', allowPlainHttp: true }), {
      CLEARPROOF_API_PORT: '9000', CLEARPROOF_API_ALLOW_PLAIN_HTTP: 'false', CLEARPROOF_WORKER_KINDS: 'plan, prove', CLEARPROOF_LOG_LEVEL: '', DATABASE_URL: DATABASE,
      CLEARPROOF_CHAIN_RPC_URL: 'https://node.example/other', CLEARPROOF_DATA_FOLDER: 'elsewhere',
    });
    assert.equal(config.api.port, 9000);
    assert.equal(config.api.allowPlainHttp, false);
    assert.deepEqual(config.worker.kinds, ['plan', 'prove']);
    assert.equal(config.log.level, 'info');
    assert.equal(config.store.url?.reveal(), DATABASE);
    assert.equal(config.chain.rpcUrl?.reveal(), 'https://node.example/other');
    assert.equal(config.dataFolder, service.at('elsewhere'));
  });

  it('can come from the environment alone, or from the file that CLEARPROOF_CONFIG names', async () => {
    const environment = { CLEARPROOF_KEYS_FOLDER: 'keys', CLEARPROOF_VENUE_DEPLOYMENT_FILE: 'deployment.json', CLEARPROOF_VENUE_CIRCUITS: 'a,b' };
    const alone = await readServiceConfig({ file: undefined, environment, workingFolder: service.folder });
    assert.equal(alone.file, undefined);
    assert.deepEqual(alone.config.venue.circuits, ['a', 'b']);
    await service.load();
    const named = await readServiceConfig({ file: undefined, environment: { CLEARPROOF_CONFIG: 'service.json' }, workingFolder: service.folder });
    assert.equal(named.file, service.at('service.json'));
  });

  const at = (field: string, rest: string): RegExp => new RegExp(`service\\.json, field ${field.replaceAll('.', '\\.')}: ${rest}`);
  const refusals: readonly (readonly [title: string, section: string | undefined, fields: ConfigJson, code: string, message: RegExp])[] = [
    ['an unknown field', undefined, { retries: '3' }, 'JSON_SHAPE', at('retries', 'unknown field "retries": remove it; known are formatVersion, mode')],
    ['an unknown field of a section', 'limits', { uploadByte: '1' }, 'JSON_SHAPE', at('limits.uploadByte', 'unknown field "uploadByte": remove it; known are uploadBytes')],
    ['a field named like a member of every object', 'api', JSON.parse('{"__proto__":"1"}') as ConfigJson, 'JSON_SHAPE', /unknown field/],
    ['another version', undefined, { formatVersion: '2' }, 'JSON_SHAPE', at('formatVersion', '"2" is not one of 1')],
    ['a JSON number', 'api', { port: 8080 }, 'JSON_SHAPE', at('api.port', 'is a JSON number.*in quotes')],
    ['a count out of bounds', 'limits', { connections: '0' }, 'JSON_SHAPE', at('limits.connections', '0 is out of range: it must lie in \\[1, 100000\\]')],
    ['a count that is none', 'worker', { processes: '1e3' }, 'JSON_SHAPE', at('worker.processes', '"1e3" is not an integer')],
    ['a choice that is none', undefined, { mode: 'test' }, 'JSON_SHAPE', at('mode', '"test" is not one of production, development')],
    ['a toggle that is none', 'api', { allowPlainHttp: 'yes' }, 'JSON_SHAPE', at('api.allowPlainHttp', 'must be true or false')],
    ['a circuit twice', 'venue', { circuits: ['a', 'a'] }, 'JSON_SHAPE', at('venue.circuits', 'has a twice')],
    ['a path that is a URL, without repeating it', undefined, { dataFolder: 'postgres://u:canary-password@h/d' }, 'JSON_SHAPE', at('dataFolder', 'holds a URL, and must be a path')],
    ['a secret in the file, without repeating it', 'store', { url: DATABASE }, 'JSON_SHAPE', at('store.url', 'holds a secret, and this file is not for secrets: set DATABASE_URL, or .* "urlFile"')],
    ['a database in a folder and on a server', 'store', { folder: 'db', urlFile: 'rpc.url' }, 'CONFIG_CONFLICT', /store\.folder asks for an embedded database and store\.urlFile for a server/],
    ['a secret\'s file of another kind, without repeating it', 'store', { urlFile: 'rpc.url' }, 'JSON_SHAPE', /rpc\.url, field store\.urlFile: must be a URL that begins with postgres:\/\/ or/],
    ['a secret\'s file that is not there', 'chain', { rpcUrlFile: 'none' }, 'CONFIG_READ', /none, named in chain\.rpcUrlFile, cannot be read/],
  ];
  for (const [title, section, fields, code, message] of refusals) {
    it(`refuses ${title}`, async () => {
      // Spread would take a field called __proto__ for the prototype.
      const changed = section !== undefined && Object.hasOwn(fields, '__proto__') ? { ...service.json, [section]: fields }
        : section === undefined ? { ...service.json, ...fields } : withSection(service.json, section, fields);
      await assert.rejects(service.load(changed), (error: Error & { code?: string }) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('names variable and remedy for what is wrong in the environment, and refuses a variable with a slip in its name', async () => {
    await assert.rejects(service.load(service.json, { CLEARPROOF_API_PORT: '70000' }), { code: 'JSON_SHAPE', message: /^environment, field CLEARPROOF_API_PORT: 70000 is out of range/ });
    await assert.rejects(service.load(service.json, { CLEARPROOF_API_PROT: '80' }), { code: 'CONFIG_VARIABLE', message: /CLEARPROOF_API_PROT is no field.*unset it/ });
    await assert.rejects(service.load(service.json, { DATABASE_URL: 'canary-password@db' }), (error: Error) => {
      assert.match(error.message, /environment, field DATABASE_URL: must be a URL/);
      return !error.message.includes('canary');
    });
    await service.load(service.json, { CLEARPROOF_PORT_8080_TCP_ADDR: '10.0.0.1', CLEARPROOF_SERVICE_HOST: '10.0.0.1', CLEARPROOF_PORT: 'tcp://10.0.0.1:8080' });
  });

  it('names a field that is missing, and its variable', async () => {
    const { keysFolder, ...rest } = service.json;
    assert.ok(keysFolder);
    await assert.rejects(service.load(rest), { code: 'JSON_SHAPE', message: /service\.json, field keysFolder: is missing: add it, or set CLEARPROOF_KEYS_FOLDER/ });
  });

  it('refuses a file that is no JSON or not there', async () => {
    await writeFile(service.at('bad.json'), '{"mode": ');
    const from = (file: string): Promise<unknown> => readServiceConfig({ file, environment: {}, workingFolder: service.folder });
    await assert.rejects(from('bad.json'), { code: 'JSON_SYNTAX', message: /bad\.json: not JSON/ });
    await assert.rejects(from('none.json'), { code: 'CONFIG_READ', message: /none\.json cannot be read.*--config or CLEARPROOF_CONFIG/ });
  });

  it('refuses a file with a secret that others may read', async () => {
    await writeFile(service.at('open.url'), DATABASE);
    await chmod(service.at('open.url'), 0o640);
    await assert.rejects(service.load(withSection(service.json, 'store', { urlFile: 'open.url' })), { code: 'FILE_MODE', message: /open\.url, named in store\.urlFile, holds a secret and has mode 640: run "chmod 600 / });
  });

  it('shows secrets as set or not set however it is printed', async () => {
    const { config } = await service.load(service.json, { DATABASE_URL: DATABASE });
    const shown = [JSON.stringify(config, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)), inspect(config, { depth: 9, showHidden: true }), JSON.stringify(effectiveValues(config)), String(config.store.url)];
    for (const text of shown) assert.doesNotMatch(text, /canary/);
    assert.deepEqual(effectiveValues(config).find(({ field }) => field === 'store.url'), { field: 'store.url', value: 'set' });
    const { config: without } = await service.load();
    assert.deepEqual(effectiveValues(without).find(({ field }) => field === 'store.url'), { field: 'store.url', value: 'not set' });
  });

  it('gives every field a variable of its own and a meaning', () => {
    const variables = allFields().map(({ variable }) => variable);
    assert.equal(new Set(variables).size, variables.length);
    assert.ok(variables.includes('CLEARPROOF_CHAIN_MAX_FEE_PER_GAS') && variables.includes('DATABASE_URL'));
    for (const { name, field } of allFields()) assert.ok(field.meaning.length > 3, name);
    assert.equal(configurationTable().length, variables.length + 2);
  });
});
