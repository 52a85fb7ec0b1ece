import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Interface, type Fragment } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { SATELLITE_HUB_ABI, SATELLITE_VAULT_ABI } from '../../src/chain/satellite-abi.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

/** Bytes: EIP-170, and EIP-3860 of what deploys. */
const RUNTIME_LIMIT = 24_576;
const INITCODE_LIMIT = 49_152;
/** Of contracts that the hub asks, whose errors pass through it. */
const OF_OTHERS = /^error (ERC20InsufficientBalance|NotParameterAdmin|UnknownVenue)\(/u;
const WRITTEN = { SatelliteVault: SATELLITE_VAULT_ABI, SatelliteHub: SATELLITE_HUB_ABI };
const DEPLOYED = ['SatelliteVault', 'SatelliteHub', 'SatelliteClaimMaker', 'SatelliteVenues', 'SatelliteCollateralVault', 'CollateralVault'];

describe('the written interfaces of satellites', function () {
  this.timeout(240_000);

  before(async () => {
    await ensureContracts({ root: '.' });
  });

  for (const [name, written] of Object.entries(WRITTEN)) {
    it(`are the compiled ${name}, name by name and type by type`, async () => {
      const own = new Set(new Interface(written).fragments.map(spelt));
      assert.equal(own.size, written.length, 'no line twice');
      const there = (await readArtifact(CONTRACT_ARTIFACTS, name)).interface.fragments.map(spelt);
      assert.deepEqual([...own].filter((one) => !there.includes(one) && !OF_OTHERS.test(one)), [], 'nothing that is not there');
      assert.deepEqual(there.filter((one) => !own.has(one) && !one.startsWith('constructor(')), [], 'nothing left out');
    });
  }

  for (const name of DEPLOYED) {
    it(`are of a ${name} below the size limits of the chain`, async () => {
      const { bytecode, deployedBytecode } = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, `${name}.json`), 'utf8')) as Record<string, string>;
      const [initcode, runtime] = [bytecode, deployedBytecode].map((code) => ((code as string).length - 2) / 2) as [number, number];
      assert.ok(runtime > 0 && runtime < RUNTIME_LIMIT, `${runtime} bytes`);
      assert.ok(initcode < INITCODE_LIMIT, `${initcode} bytes of initcode`);
    });
  }
});

/** Types without names of parameters, and what a function answers; of an event also what is indexed. */
function spelt(fragment: Fragment): string {
  return fragment.format('minimal');
}
