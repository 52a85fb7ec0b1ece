import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from '../../src/chain/deployment.js';
import { circuitKindOf, clearingOf, escrowOf, liquidationOf, vaultOf } from '../../src/chain/deployment.js';
import { parseDeployment, readDeployment, writeDeployment } from '../../src/chain/deployment-file.js';
import { DeploymentFileError, NoClearingHouseError, NoLiquidationsError, ReservesError } from '../../src/chain/errors.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';

const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

function deployment(): Deployment {
  return Object.freeze({
    chainId: 31337n, registry: ADDRESS, gate: ADDRESS, escrow: ADDRESS, vault: undefined, markets: ADDRESS, prices: ADDRESS, omissionChallenges: ADDRESS, poseidon3: ADDRESS, poseidon5: ADDRESS, venueId: 7n, fundToken: ADDRESS,
    deployedInBlock: 12,
    circuits: [{
      name: 'solvency-close-u8-s2', circuitId: circuitIdOf('solvency-close-u8-s2'), kind: 'close' as const, verifier: ADDRESS,
      verificationKeyHash: `0x${'ab'.repeat(32)}`, insecure: true,
    }],
  });
}

describe('a deployment file', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'clearproof-deployment-'));
  });

  after(async () => {
    await rm(directory, { recursive: true });
  });

  async function json(): Promise<Record<string, unknown>> {
    const file = join(directory, 'valid.json');
    await writeDeployment(file, deployment());
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  }

  it('is read back as it was written, and nothing else is left behind', async () => {
    const file = join(directory, 'deployment.json');
    await writeDeployment(file, deployment());
    await writeDeployment(file, deployment());
    assert.deepEqual(await readDeployment(file), deployment());
    assert.deepEqual((await readdir(directory)).filter((name) => name.startsWith('deployment')), ['deployment.json']);
  });

  it('of a venue with a vault has no escrow, and takes the circuits of accounts', async () => {
    const file = join(directory, 'vault.json');
    const [circuit] = deployment().circuits;
    assert.ok(circuit !== undefined);
    const kinds = ['account-margin', 'account-exit', 'account-signer', 'row-mark', 'account-inclusion'] as const;
    const vault = { ...deployment(), escrow: undefined, vault: ADDRESS, omissionChallenges: undefined, circuits: kinds.map((kind) => ({ ...circuit, kind })) };
    await writeDeployment(file, vault);
    assert.deepEqual(await readDeployment(file), vault);
    assertRefused({ ...JSON.parse(await readFile(file, 'utf8')) as object, vault: null }, 'vault', 'an address where there is none');
    assert.deepEqual([vaultOf(vault), escrowOf(deployment())], [ADDRESS, ADDRESS]);
    assert.throws(() => escrowOf(vault), ReservesError);
    assert.throws(() => vaultOf(deployment()), ReservesError);
  });

  it('of a venue with a clearing house names all its contracts; of one without, from before there were any, it does not say so', async () => {
    const file = join(directory, 'clearing.json');
    const clearing = { house: ADDRESS, terms: ADDRESS, proofBatch: ADDRESS, tradeBonds: ADDRESS };
    await writeDeployment(file, { ...deployment(), clearing });
    assert.deepEqual(clearingOf(await readDeployment(file)), clearing);
    const content = JSON.parse(await readFile(file, 'utf8')) as object;
    for (const name of Object.keys(clearing)) {
      const without = Object.fromEntries(Object.entries(clearing).filter(([other]) => other !== name));
      assertRefused({ ...content, clearing: without }, 'clearing', `lacks "${name}"`);
      assertRefused({ ...content, clearing: { ...clearing, [name]: null } }, `clearing.${name}`, 'must be an address');
    }
    assertRefused({ ...content, clearing: { ...clearing, extra: ADDRESS } }, 'clearing', 'has "extra"');
    assertRefused({ ...content, clearing: null }, 'clearing', 'must be an object');
    assert.ok(!('clearing' in await json()));
    assert.throws(() => clearingOf(deployment()), NoClearingHouseError);
  });

  it('of a venue whose accounts can be liquidated names the contracts; of one from before, it does not say so', async () => {
    const file = join(directory, 'liquidation.json');
    const liquidation = { liquidations: ADDRESS, defaultFund: ADDRESS, bidders: ADDRESS, poseidon6: ADDRESS };
    const clearing = { house: ADDRESS, terms: ADDRESS, proofBatch: ADDRESS, tradeBonds: ADDRESS };
    await writeDeployment(file, { ...deployment(), clearing: { ...clearing, liquidation } });
    assert.deepEqual(liquidationOf(await readDeployment(file)), liquidation);
    const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    for (const name of Object.keys(liquidation)) {
      const without = Object.fromEntries(Object.entries(liquidation).filter(([other]) => other !== name));
      assertRefused({ ...content, clearing: { ...clearing, liquidation: without } }, 'clearing.liquidation', `lacks "${name}"`);
      assertRefused({ ...content, clearing: { ...clearing, liquidation: { ...liquidation, [name]: 'nowhere' } } }, `clearing.liquidation.${name}`, 'must be an address');
    }
    assert.throws(() => liquidationOf({ ...deployment(), clearing }), NoLiquidationsError);
    assert.throws(() => liquidationOf(deployment()), NoClearingHouseError);
  });

  it('holds integers as strings', async () => {
    const { chainId, venueId, format, version } = await json();
    assert.deepEqual({ chainId, venueId, format, version }, { chainId: '31337', venueId: '7', format: 'clearproof-deployment', version: 4 });
  });

  const wrong: readonly (readonly [string, string, unknown, string])[] = [
    ['format', 'format', 'other', 'must be "clearproof-deployment"'],
    ['version of before there were omission challenges', 'version', 3, 'must be 4'],
    ['omission challenges that are no address', 'omissionChallenges', 'none', 'must be an address'],
    ['chain id as a number', 'chainId', 31337, 'must be a whole number in a string'],
    ['chain id with a leading zero', 'chainId', '01', 'must be a whole number in a string'],
    ['venue id beyond the field', 'venueId', FIELD_MODULUS.toString(), 'must lie below the order of the scalar field'],
    ['registry that is no address', 'registry', '0x12', 'must be an address'],
    ['market source that is no address', 'markets', 5, 'must be an address'],
    ['gate that is null', 'gate', null, 'must be an address'],
    ['vault beside an escrow', 'vault', ADDRESS, 'must be null where there is an escrow'],
    ['escrow with a wrong checksum', 'escrow', ADDRESS.replace('aa3', 'aA3'), 'has a wrong checksum'],
    ['block below zero', 'deployedInBlock', -1, 'must be a whole number'],
    ['block as text', 'deployedInBlock', '12', 'must be a whole number'],
    ['circuits that are no list', 'circuits', {}, 'must be an array'],
    ['no circuits', 'circuits', [], 'is empty'],
  ];
  for (const [title, field, value, reason] of wrong) {
    it(`is refused with ${title}`, async () => {
      const content = { ...(await json()), [field]: value };
      assertRefused(content, field, reason);
    });
  }

  const wrongCircuit: readonly (readonly [string, unknown, string])[] = [
    ['name', 'Not A Name', 'must be a circuit name'],
    ['circuitId', '5', 'is not the id of circuit solvency-close-u8-s2'],
    ['kind', 'other', 'must be one of batch, close, close-part, close-end, market-table, account-margin, account-exit, account-signer, row-mark, account-inclusion'],
    ['verifier', 5, 'must be an address'],
    ['verificationKeyHash', '0xAB', 'must be 32 bytes'],
    ['insecure', 'no', 'must be true or false'],
  ];
  for (const [field, value, reason] of wrongCircuit) {
    it(`is refused with a wrong ${field} of a circuit`, async () => {
      const content = await json();
      const circuits = content['circuits'] as Record<string, unknown>[];
      assertRefused({ ...content, circuits: [{ ...circuits[0], [field]: value }] }, `circuits[0].${field}`, reason);
    });
  }

  it('is refused when a field lacks, is surplus, or the whole is no object', async () => {
    const content = await json();
    const withoutEscrow = Object.fromEntries(Object.entries(content).filter(([name]) => name !== 'escrow'));
    assertRefused(withoutEscrow, '', 'lacks "escrow"');
    assertRefused({ ...content, extra: 1 }, '', 'has "extra"');
    assertRefused([], '', 'must be an object');
    assertRefused(null, '', 'must be an object');
    assertRefused({ ...content, circuits: [5] }, 'circuits[0]', 'must be an object');
  });

  it('names a file that is missing or no JSON', async () => {
    const file = join(directory, 'broken.json');
    await writeFile(file, '{"format"');
    for (const path of [file, join(directory, 'missing.json')]) {
      await assert.rejects(readDeployment(path), (error: unknown) => {
        assert.ok(error instanceof DeploymentFileError);
        assert.equal(error.details['file'], path);
        assert.ok(error.cause !== undefined);
        return true;
      });
    }
  });

  function assertRefused(content: unknown, field: string, reason: string): void {
    assert.throws(() => parseDeployment(content, 'd.json'), (error: unknown) => {
      assert.ok(error instanceof DeploymentFileError, String(error));
      assert.equal(error.details['field'], field);
      assert.ok(error.message.includes(reason), error.message);
      return true;
    });
  }
});

describe('names of circuits', () => {
  it('give contract names', () => {
    assert.equal(verifierContractName('solvency-batch-n16-k3-s2'), 'SolvencyBatchN16K3S2Verifier');
  });

  it('tell their kind', () => {
    assert.equal(circuitKindOf('solvency-batch-n16-k3-s2'), 'batch');
    assert.equal(circuitKindOf('solvency-close-u16-s2'), 'close');
    assert.equal(circuitKindOf('solvency-close-part-r16-s2-t2'), 'close-part');
    assert.equal(circuitKindOf('solvency-close-end-s2-d2-t2'), 'close-end');
    assert.equal(circuitKindOf('market-table-u16-s2'), 'market-table');
    assert.equal(circuitKindOf('account-margin-k4-s2-d2'), 'account-margin');
    assert.equal(circuitKindOf('account-exit-k4-s2-d2'), 'account-exit');
    assert.equal(circuitKindOf('account-signer'), 'account-signer');
    assert.equal(circuitKindOf('row-mark-s2'), 'row-mark');
    assert.equal(circuitKindOf('account-inclusion-k4-d2'), 'account-inclusion');
    assert.equal(circuitKindOf('account-transition-k4-s2'), 'account-transition');
    assert.equal(circuitKindOf('account-k4'), undefined);
  });
});
