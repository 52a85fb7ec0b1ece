import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interface } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { GATE_INTERFACE } from '../../src/chain/gate-abi.js';
import { VAULT_ABI, VAULT_INTERFACE } from '../../src/chain/vault-abi.js';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

/** The vault, and the parts that run in its place. */
const VAULT = ['CollateralVault', 'VaultPayouts', 'VaultWindUp'];
/** Bytes: EIP-170, EIP-3860. */
const [RUNTIME_LIMIT, CREATION_LIMIT] = [24_576, 49_152];

describe('the written interfaces of gate and vault', function () {
  this.timeout(240_000);
  const compiled = new Map<string, Interface>();

  before(async () => {
    await ensureContracts({ root: '.' });
    for (const name of [...VAULT, 'SolvencyGate', 'SolvencyRegistry']) compiled.set(name, (await readArtifact(CONTRACT_ARTIFACTS, name)).interface);
  });
  const of = (...names: readonly string[]): Interface[] => names.map((name) => compiled.get(name) as Interface);

  it('of the gate are all of the compiled contract that is called, name by name and type by type, with every error', () => {
    assert.deepEqual(missing(GATE_INTERFACE, of('SolvencyGate', 'SolvencyRegistry')), []);
    const passedOn = GATE_INTERFACE.fragments.filter((fragment) => ['CircuitIsRetired', 'WrongCircuit'].some((name) => fragment.format().startsWith(name)));
    assert.equal(passedOn.length, 2, 'what the registry answers to the gate');
    assert.deepEqual(errors(GATE_INTERFACE), errors(...of('SolvencyGate'), { fragments: passedOn }));
  });

  it('of the vault are parts of the compiled contracts, name by name and type by type', () => {
    const own = new Set(VAULT_ABI);
    const written = VAULT_INTERFACE.fragments.filter((fragment) => own.has(fragment.format('full')) || fragment.type !== 'error');
    assert.deepEqual(missing({ fragments: written }, of(...VAULT)), []);
  });

  it('of the vault name no function that only a part has', () => {
    const functions = ({ fragments }: Pick<Interface, 'fragments'>): string[] => fragments.filter(({ type }) => type === 'function').map((fragment) => fragment.format('sighash'));
    const callable = new Set(of('CollateralVault').flatMap(functions));
    assert.deepEqual(functions(VAULT_INTERFACE).filter((fragment) => !callable.has(fragment)), []);
  });

  it('of the vault know every error that it, its parts, and those it asks can raise', () => {
    const known = new Set(errors(VAULT_INTERFACE));
    assert.deepEqual(errors(...of(...VAULT, 'SolvencyGate')).filter((error) => !known.has(error)), []);
    // The registry's own are answered to the venue; those of its views come through the vault.
    for (const error of ['UnknownVenue(uint256)', 'UnknownEpoch(uint256,uint256)']) {
      assert.ok(known.has(error) && errors(REGISTRY_INTERFACE).includes(error), error);
    }
  });

  it('are of contracts below the size limits of the chain', async () => {
    for (const name of [...VAULT, 'SolvencyGate', 'OmissionChallenges']) {
      const { bytecode, deployedBytecode } = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, `${name}.json`), 'utf8')) as Record<string, string>;
      const [created, kept] = [bytecode, deployedBytecode].map((code) => ((code as string).length - 2) / 2) as [number, number];
      assert.ok(kept < RUNTIME_LIMIT && created < CREATION_LIMIT, `${name}: ${kept} bytes, created by ${created}`);
    }
  });
});

function missing({ fragments }: Pick<Interface, 'fragments'>, sources: readonly Interface[]): string[] {
  const all = new Set(sources.flatMap((source) => source.fragments.map((fragment) => fragment.format('full'))));
  return fragments.map((fragment) => fragment.format('full')).filter((fragment) => !all.has(fragment));
}

function errors(...sources: readonly Pick<Interface, 'fragments'>[]): string[] {
  return [...new Set(sources.flatMap(({ fragments }) => fragments.filter(({ type }) => type === 'error').map((fragment) => fragment.format('sighash'))))].sort();
}
