import { join } from 'node:path';
import type { MarkClaim } from '../../chain/account-claims.js';
import { clearingOf, type Deployment } from '../../chain/deployment.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { CIRCUIT_LIST, readCircuitList, type CircuitDefinition } from '../../groth16/circuit-list.js';
import type { Prover } from '../../groth16/prover.js';
import type { ProvenVerdict } from '../../liquidation/bid.js';
import { circuitOfShape, describeShape } from '../../proving/account-circuits.js';
import { parameterOf } from '../../proving/circuit-advice.js';
import { proveRowMark } from '../../proving/prove-account.js';
import { proveVerdict, type OpenVerdict } from '../../proving/prove-verdict.js';
import type { MarketTable } from '../../risk/market-table.js';
import { AccountCircuitError } from '../account/account-prover.js';
import { TransitionProver } from '../clearing/transition-prover.js';
import type { Output } from '../output.js';
import { projectRoot } from '../project.js';
import { openProver } from '../prover.js';

/** How an account at the clearing house stands under a table. */
export interface VerdictToProve {
  readonly opening: ClearedOpening;
  /** Of either level: who asks wants one of them. */
  readonly table: MarketTable;
  readonly verdict: OpenVerdict;
  /** Liquidations.verdictContext of the handle. */
  readonly context: bigint;
}

/** Makes the proofs by which accounts are defended, shown under water and sold. */
export class LiquidationProver {
  /** Of slices and of debts. */
  readonly transitions: TransitionProver;

  constructor(
    private readonly prover: Prover,
    readonly poseidon: Poseidon,
    private readonly catalogue: readonly CircuitDefinition[],
    private readonly deployment: Deployment,
  ) {
    this.transitions = new TransitionProver(prover, poseidon, catalogue);
  }

  /** @throws AccountCircuitError, and what proveVerdict throws of what is not true */
  async verdict({ opening, table, verdict, context }: VerdictToProve): Promise<ProvenVerdict> {
    const circuit = this.marginCircuit(opening, table);
    const { proof } = await proveVerdict(this.prover, this.poseidon, circuit, { venue: this.deployment, account: opening, market: table, verdict, context });
    return { circuitId: circuitIdOf(circuit.name), marketCommitment: marketCommitment(this.poseidon, table), proof };
  }

  /** @throws AccountCircuitError, MarkRangeError */
  async mark(table: MarketTable, row: number): Promise<MarkClaim> {
    const shape = { template: 'RowMark', parameters: { S: table.scenarios.length } };
    const definition = circuitOfShape(this.catalogue, shape);
    if (definition === undefined) throw new AccountCircuitError(`circuits.json has no ${describeShape(shape)}: take a version of the program that knows the venue's circuits`, { template: shape.template });
    const { circuit, signals: { mark }, proof } = await proveRowMark(this.prover, this.poseidon, definition, this.deployment, table, row);
    return { circuitId: circuitIdOf(circuit), row, mark, proof };
  }

  /** Of an account on the chain: any depth of the registry's will do, since no tree is opened. */
  private marginCircuit({ slots }: ClearedOpening, { scenarios }: MarketTable): CircuitDefinition {
    const names = new Set(this.deployment.circuits.filter(({ kind }) => kind === 'account-margin').map(({ name }) => name));
    const found = this.catalogue.find((circuit) => names.has(circuit.name) && parameterOf(circuit, 'K') === slots.length && parameterOf(circuit, 'S') === scenarios.length);
    if (found !== undefined) return found;
    throw new AccountCircuitError(
      `the registry has no account-margin circuit of ${slots.length} slots and ${scenarios.length} scenarios: how the account stands under this table cannot be shown`,
      { slots: slots.length, scenarios: scenarios.length },
    );
  }
}

/** Runs work with a prover that is closed afterwards. @param keys folder of proving keys; the project's unless told @throws NoClearingHouseError */
export async function withLiquidationProver<Result>(
  output: Output, keys: string | undefined, deployment: Deployment, work: (prover: LiquidationProver) => Promise<Result>,
): Promise<Result> {
  clearingOf(deployment);
  const pool = await openProver(output, keys);
  try {
    output.progress('proving');
    return await work(new LiquidationProver(pool, await bulkPoseidon(), await readCircuitList(join(projectRoot(), CIRCUIT_LIST)), deployment));
  } finally {
    output.progressDone();
    await pool.close();
  }
}
