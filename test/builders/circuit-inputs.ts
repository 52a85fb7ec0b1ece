import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { baseOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { parameterOf } from '../../src/proving/circuit-advice.js';
import { fullTermedTable } from '../../src/toolchain/bench-market.js';
import { benchInputs } from '../../src/toolchain/bench-venue.js';
import type { AccountOpening } from '../../src/witness/account-parts.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { rowMarkInput, rowMarkSignals } from '../../src/witness/row-mark-input.js';
import { testInputs } from '../soundness/circuits-under-test.js';
import { productionInput } from '../soundness/production.js';
import { ACCOUNT_SHAPE, exitInput, exitStatement, keyOfOwner, marginInput, marginStatement, withdrawing } from './account.js';
import { TEST_VENUE } from './epoch.js';
import { INCLUSION_SHAPE } from './inclusion.js';
import { TIERED_TABLE, tableInput } from './market-table.js';
import { smallMarket } from './market.js';
import { termedTieredMarket } from './termed-market.js';
import { TRANSITION_SHAPE, deposit, transition, transitionInput } from './transition.js';

/** Cash and a coin, in rows that every table here has. */
const HOLDINGS = [{ index: 0, quantity: 10n ** 6n }, { index: 1, quantity: 100n }];

/** An honest input for each circuit of circuits.json that tests or the demo prove, in its full shape. */
export async function provenInputs(): Promise<ReadonlyMap<string, CircuitInput>> {
  const poseidon = await bulkPoseidon();
  const list = await readCircuitList();
  const inputs = new Map<string, CircuitInput>([...(await testInputs()), ...inFullShape(poseidon)]);
  for (const circuit of list.filter(({ use }) => use === 'demo')) inputs.set(circuit.name, await demoInput(poseidon, circuit, list));
  return new Map([...inputs, ...(await inclusions(list))]);
}

/** Those that the search for free wires takes in a smaller shape. */
function inFullShape(poseidon: Poseidon): readonly (readonly [string, CircuitInput])[] {
  const table = smallMarket();
  return [
    [ACCOUNT_SHAPE.marginCircuit, marginInput(poseidon, marginStatement(poseidon, table, HOLDINGS, withdrawing(0, 2n)))],
    [ACCOUNT_SHAPE.exitCircuit, exitInput(poseidon, exitStatement(poseidon, table, HOLDINGS))],
    [TIERED_TABLE.circuit, tableInput(poseidon, termedTieredMarket('initial'), TIERED_TABLE)],
    [TRANSITION_SHAPE.widerCircuit, transitionInput(poseidon, transition(poseidon, table, HOLDINGS, deposit(1, 5n), undefined, { K: TRANSITION_SHAPE.widerK }))],
  ];
}

async function inclusions(list: readonly CircuitDefinition[]): Promise<readonly (readonly [string, CircuitInput])[]> {
  const circuits = list.filter(({ use, name }) => use === 'demo' || name === INCLUSION_SHAPE.tieredCircuit).filter(({ template }) => template === 'AccountInclusion');
  return Promise.all(circuits.map(async (circuit) => [circuit.name, await productionInput(circuit)] as const));
}

async function demoInput(poseidon: Poseidon, circuit: CircuitDefinition, list: readonly CircuitDefinition[]): Promise<CircuitInput> {
  const { name, template } = circuit;
  const parameter = (wanted: string): number => parameterOf(circuit, wanted);
  if (template === 'AccountInclusion') return productionInput(circuit);
  if (template.startsWith('Solvency') || template === 'MarketTable') return ((await benchInputs(circuit, list)).inputs[0] as () => CircuitInput)();
  const [table, circuitId] = [fullTermedTable(32, parameter('S')), circuitIdOf(name)];
  if (template === 'RowMark') return rowMarkInput(poseidon, rowMarkSignals(poseidon, baseOf(poseidon, TEST_VENUE), circuitId, table, 3), table);
  if (template === 'AccountTransition') return transitionInput(poseidon, transition(poseidon, table, HOLDINGS, deposit(1, 5n), undefined, { K: parameter('K'), circuitId }));
  const account: AccountOpening = { key: keyOfOwner(poseidon), salt: 555n, slots: slotsOf(HOLDINGS, parameter('K'), 0) };
  const leaves = [7n, 8n, accountLeaf(poseidon, account.key, account.salt, account.slots)];
  const depth = parameter('DEPTH');
  const where = { account, circuitId, depth, place: { source: 'tree', path: MerkleTree16.ofLeaves(poseidon, depth, leaves).path(2) } } as const;
  if (template === 'AccountExit') return exitInput(poseidon, exitStatement(poseidon, table, HOLDINGS, where));
  return marginInput(poseidon, marginStatement(poseidon, table, HOLDINGS, withdrawing(0, 2n), where));
}
