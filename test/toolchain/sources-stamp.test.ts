import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileContracts, ensureContracts } from '../../src/toolchain/contracts.js';

const answering = (answer: number): string => `pragma solidity 0.8.37;\ncontract Answer { function answer() external pure returns (uint256) { return ${answer}; } }\n`;

describe('contracts that are compiled already', function () {
  this.timeout(60_000);
  let root: string;
  const file = (name: string): string => join(root, name);
  const options = (): Parameters<typeof ensureContracts>[0] => ({ root, directories: ['contracts'], output: 'out' });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'clearproof-stamp-'));
    await mkdir(file('contracts'));
    await writeFile(file('contracts/Answer.sol'), answering(42));
    await compileContracts(options());
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A file that is written again is another one, whatever it holds. */
  const compilesAgain = async (): Promise<boolean> => {
    const { ino } = await stat(file('out/Poseidon3.json'));
    await ensureContracts(options());
    return (await stat(file('out/Poseidon3.json'))).ino !== ino;
  };

  it('are left alone while sources and packages are the same', async () => {
    assert.equal(await compilesAgain(), false);
  });

  it('are compiled again when sources change, or packages', async () => {
    await writeFile(file('contracts/Answer.sol'), answering(43));
    assert.equal(await compilesAgain(), true);
    await writeFile(file('package-lock.json'), '{}');
    assert.equal(await compilesAgain(), true);
    await writeFile(file('contracts/More.sol'), 'pragma solidity 0.8.37;\ncontract More {}\n');
    assert.equal(await compilesAgain(), true);
    assert.equal(await compilesAgain(), false);
  });

  it('are compiled again when an artefact was changed or is missing, or nothing says what made them', async () => {
    const honest = await readFile(file('out/Answer.json'), 'utf8');
    await writeFile(file('out/Answer.json'), honest.replace('0x', '0x00'));
    assert.equal(await compilesAgain(), true);
    assert.equal(await readFile(file('out/Answer.json'), 'utf8'), honest);
    await rm(file('out/Answer.json'));
    assert.equal(await compilesAgain(), true);
    for (const stamp of ['', '{}']) {
      await writeFile(file('out/.sources.json'), stamp);
      assert.equal(await compilesAgain(), true, stamp);
    }
  });
});
