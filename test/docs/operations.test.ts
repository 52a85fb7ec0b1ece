import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CIRCUIT_LIST, readCircuitList } from '../../src/groth16/circuit-list.js';
import { ServiceMetrics } from '../../src/service/api/service-metrics.js';
import { configurationTable } from '../../src/service/config/describe.js';
import { readServiceConfig } from '../../src/service/config/read-config.js';
import { allFields } from '../../src/service/config/schema.js';
import { runService } from '../cli/service/scripted-service.js';
import { ScriptedService } from '../service/api/scripted-service.js';
import { walkThrough } from './service-walk-through.js';

const operations = readFileSync('docs/operations.md', 'utf8');
const deployment = readFileSync('docs/deployment/README.md', 'utf8');
const unit = readFileSync('docs/deployment/clearproof.service', 'utf8');
const container = readFileSync('docs/deployment/Containerfile', 'utf8');
const service = operations.slice(operations.indexOf('## The prover service'), operations.indexOf('\n## Keys'));

describe('docs/operations.md, the prover service', () => {
  it('holds the table of all fields as the program prints it', () => {
    assert.ok(operations.includes(`\n${configurationTable().join('\n')}\n`), 'copy what "clearproof config fields" prints');
  });

  it('names fields that exist, wherever it names one', () => {
    const sections = new Set(allFields().flatMap(({ section }) => section ?? []));
    const named = [...`${service}${deployment}`.matchAll(/`([a-z]+)\.([a-zA-Z]+)`/g)].filter((match) => sections.has(match[1] ?? '') && !/\.json$|\.key$/.test(match[0].slice(1, -1)));
    assert.ok(named.length > 7, named.join());
    for (const [, section, key] of named) assert.ok(allFields().some(({ name }) => name === `${section}.${key}`), `${section}.${key}`);
  });

  it('alerts on metrics that the API exports', async () => {
    const exported = await new ServiceMetrics(new ScriptedService()).text();
    const named = [...service.matchAll(/`(?:rate of )?((?:clearproof|process)_[a-z_]+)/g)].map((match) => match[1] ?? '').filter((name) => name !== 'clearproof_jobs');
    assert.ok(named.length > 8);
    for (const name of named) assert.match(exported, new RegExp(`^# TYPE ${name} `, 'm'), name);
  });

  it('shows commands that exist', async () => {
    const commands = [...service.matchAll(/(?:clearproof )?service ((?:[a-z]+-?)+(?: [a-z]+)?)/g)].map((match) => match[1] ?? '').filter((words) => /^(tables|snapshots|epochs|tokens|receipts|outbox|dead-letters|attestation)\b/.test(words));
    assert.ok(commands.length > 5);
    for (const words of new Set(commands)) {
      const found = await runService([...words.split(' '), '--help'], {});
      assert.equal(found.code, 0, words);
      assert.match(found.stdout, new RegExp(`Usage: clearproof service ${words.split(' ')[0]}`), words);
    }
  });

  it('has a walk-through that puts no secret on a command line', () => {
    const script = walkThrough();
    assert.ok(script.split('\n').length > 30);
    for (const line of script.split('\n').filter((one) => /curl|operator |publisher /.test(one))) assert.doesNotMatch(line, /\$\(cat [a-z]+\.token\)/, line);
  });
});

describe('docs/deployment', () => {
  it('shows a configuration that the program takes, of circuits that exist', async () => {
    const json = /```json\n(.*?)```/s.exec(deployment)?.[1] ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'clearproof-deployment-'));
    try {
      const parsed = JSON.parse(json) as { chain: object };
      // The files it names are on another host.
      await writeFile(join(folder, 'service.json'), JSON.stringify({ ...parsed, chain: { ...parsed.chain, rpcUrlFile: undefined } }));
      const { config } = await readServiceConfig({ file: join(folder, 'service.json'), environment: {}, workingFolder: folder });
      assert.equal(config.mode, 'production');
      const known = (await readCircuitList(CIRCUIT_LIST)).map(({ name }) => name);
      for (const name of config.venue.circuits) assert.ok(known.includes(name), name);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('runs commands and sets variables that exist', () => {
    const variables = [...`${container}${deployment}${unit}`.matchAll(/\bCLEARPROOF_[A-Z_]+/g)].map(([name]) => name);
    for (const name of variables) assert.ok(name === 'CLEARPROOF_CONFIG' || allFields().some(({ variable }) => variable === name), name);
    assert.match(unit, /^ExecStart=\/usr\/bin\/node \/opt\/clearproof\/build\/js\/src\/cli\/main\.js serve --config /m);
    assert.match(container, /^CMD \["serve"\]$/m);
  });

  it('keeps witnesses off the disk and gives the service time to hand work back', () => {
    for (const setting of ['LimitCORE=0', 'MemorySwapMax=0', 'PrivateTmp=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'KillSignal=SIGTERM', 'KillMode=mixed', 'StateDirectoryMode=0700', 'UMask=0077', 'Restart=on-failure', 'User=clearproof']) {
      assert.ok(unit.split('\n').includes(setting), setting);
    }
    assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) >= 60);
    assert.match(unit, /^MemoryMax=\d+G$/m);
    assert.match(container, /^STOPSIGNAL SIGTERM$/m);
    assert.match(container, /^USER 10001:10001$/m);
  });
});
