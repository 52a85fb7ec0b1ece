import assert from 'node:assert/strict';
import { CircuitListError, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { AccountCircuitsMissingError, requireAccountCircuits, requireInclusionCircuits, requireTransitionCircuits } from '../../src/proving/account-circuits.js';

const VENUE = ['solvency-batch-n32-k8-s8', 'solvency-close-u32-s8', 'market-table-u32-s8'];
const ACCOUNTS = ['account-margin-k8-s8-d3', 'account-exit-k8-s8-d3', 'account-signer', 'row-mark-s8'];
const WIDE = ['solvency-batch-n64-k8-s16', 'solvency-batch-n32-k50-s16', 'solvency-close-part-r208-s16', 'solvency-close-end-s16-d5'];
const WIDE_ACCOUNTS = ['account-margin-k8-s16-d5', 'account-margin-k50-s16-d5', 'account-exit-k8-s16-d5', 'account-exit-k50-s16-d5', 'account-signer', 'row-mark-s16'];

describe('circuits of a venue with a vault', () => {
  let catalogue: readonly CircuitDefinition[];
  before(async () => {
    catalogue = await readCircuitList();
  });

  const missing = (names: readonly string[]): string => {
    let thrown: unknown;
    try {
      requireAccountCircuits(catalogue, names);
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown instanceof AccountCircuitsMissingError, `accepted: ${names.join()}`);
    return thrown.details['missing'] as string;
  };

  it('let every account that a batch takes in be paid and leave', () => {
    requireAccountCircuits(catalogue, [...VENUE, ...ACCOUNTS]);
    requireAccountCircuits(catalogue, [...WIDE, ...WIDE_ACCOUNTS]);
  });

  it('are refused without any one of those that accounts need, by its name', () => {
    assert.equal(missing(VENUE), 'account-signer row-mark-s8 account-margin-k8-s8-d3 account-exit-k8-s8-d3');
    for (const one of ACCOUNTS) assert.equal(missing([...VENUE, ...ACCOUNTS.filter((name) => name !== one)]), one);
    for (const one of WIDE_ACCOUNTS) assert.equal(missing([...WIDE, ...WIDE_ACCOUNTS.filter((name) => name !== one)]), one);
  });

  it('are refused with a batch or a close whose shape no account circuit has', () => {
    assert.equal(
      missing([...WIDE, 'solvency-batch-n32-k16-s16', ...WIDE_ACCOUNTS]),
      'AccountMargin K = 16 S = 16 DEPTH = 5 (none in circuits.json) AccountExit K = 16 S = 16 DEPTH = 5 (none in circuits.json)',
    );
    // The venue chooses the table, and with it the close.
    const ofOtherTables = missing([...WIDE, 'solvency-close-u112-s8', ...WIDE_ACCOUNTS, 'row-mark-s8']);
    assert.match(ofOtherTables, /^account-margin-k8-s8-d5 AccountExit K = 8 S = 8 DEPTH = 5/);
  });

  it('are refused by a name that circuits.json does not have', () => {
    assert.throws(() => requireAccountCircuits(catalogue, [...VENUE, 'account-margin-k8-s8-d2']), (thrown) => thrown instanceof CircuitListError && thrown.message.includes('account-margin-k8-s8-d2'));
  });
});

describe('circuits of a venue with disputes', () => {
  let catalogue: readonly CircuitDefinition[];
  before(async () => {
    catalogue = await readCircuitList();
  });

  it('show every account that a batch of circuits.json takes in', () => {
    const batches = catalogue.filter(({ template }) => template === 'SolvencyBatch').map(({ name }) => name);
    const inclusions = catalogue.filter(({ template }) => template === 'AccountInclusion').map(({ name }) => name);
    requireInclusionCircuits(catalogue, [...batches, ...inclusions]);
  });

  it('are refused without the one of a batch\'s shape, by its name', () => {
    requireInclusionCircuits(catalogue, [...VENUE, 'account-inclusion-k8-d3']);
    for (const others of [[], ['account-inclusion-k8-d5']]) {
      assert.throws(() => requireInclusionCircuits(catalogue, [...VENUE, ...others]), (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, 'ACCOUNT_CIRCUITS_MISSING');
        assert.match(thrown.message, /could not be shown to whoever challenges an omission: add account-inclusion-k8-d3, or leave out/);
        return true;
      });
    }
  });
});

describe('circuits of a venue with a clearing house', () => {
  const circuit = (name: string, template: string, S: number): CircuitDefinition =>
    ({ name, template, source: `${name}.circom`, parameters: [{ name: 'S', value: S }], publicSignals: ['frame'], use: 'test' });
  const catalogue = [
    circuit('close-s8', 'SolvencyClose', 8), circuit('end-s16', 'SolvencyCloseEnd', 16), circuit('close-s4', 'SolvencyClose', 4),
    circuit('transition-k4-s8', 'AccountTransition', 8), circuit('transition-k8-s8', 'AccountTransition', 8), circuit('transition-s16', 'AccountTransition', 16),
  ];

  it('change accounts under every table that the circuits take in', () => {
    requireTransitionCircuits(catalogue, ['close-s8', 'end-s16', 'transition-k8-s8', 'transition-s16']);
    requireTransitionCircuits(catalogue, ['close-s8', 'transition-k4-s8', 'transition-k8-s8']);
  });

  it('are refused without one of a table\'s number of scenarios, by the names of those there are', () => {
    for (const [names, wanted] of [
      [['close-s8', 'transition-s16'], 'transition-k4-s8 or transition-k8-s8'],
      [['close-s8', 'end-s16', 'transition-k4-s8'], 'transition-s16'],
      [['close-s4', 'transition-k4-s8'], 'AccountTransition S = 4 (none in circuits.json)'],
    ] as const) {
      assert.throws(() => requireTransitionCircuits(catalogue, names), (thrown) => {
        assert.ok(thrown instanceof AccountCircuitsMissingError, String(thrown));
        assert.equal(thrown.details['missing'], wanted);
        return true;
      });
    }
  });
});
