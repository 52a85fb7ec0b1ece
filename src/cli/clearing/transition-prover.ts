import { join } from 'node:path';
import type { Deployment } from '../../chain/deployment.js';
import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import type { TransitionWish } from '../../clearing/transition-plan.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { CIRCUIT_LIST, readCircuitList, type CircuitDefinition } from '../../groth16/circuit-list.js';
import type { Prover } from '../../groth16/prover.js';
import { circuitOfShape, describeShape } from '../../proving/account-circuits.js';
import { parameterOf } from '../../proving/circuit-advice.js';
import type { OwnerSecret } from '../../proving/prove-account.js';
import { proveTransition, type TransitionProof } from '../../proving/prove-transition.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { Output } from '../output.js';
import { projectRoot } from '../project.js';
import { openProver } from '../prover.js';

/** No circuit has the account's shape, or several have and none was chosen. */
export class TransitionCircuitError extends ClearproofError {
  readonly code = 'TRANSITION_CIRCUIT';
}

/** A change of an account that is to be proven. */
export interface ChangeToProve {
  /** Whose it is means nothing where the owner takes no part. */
  readonly account: Pick<ClearedAccountFile, 'venue' | 'userId' | 'subAccount'>;
  readonly table: MarketTable;
  /** What the account is. */
  readonly before: ClearedOpening;
  readonly wish: TransitionWish;
  /** Undefined where the owner takes no part. */
  readonly owner: OwnerSecret | undefined;
}

const TEMPLATE = 'AccountTransition';

/** Makes proofs of how accounts change. What is not so is told before a proof is tried. */
export class TransitionProver {
  constructor(
    private readonly prover: Prover,
    private readonly poseidon: Poseidon,
    readonly catalogue: readonly CircuitDefinition[],
  ) {}

  /** @throws TransitionCircuitError, and what proveTransition throws of what is not true */
  prove({ account: { venue, userId, subAccount }, table: market, before, wish, owner }: ChangeToProve): Promise<TransitionProof> {
    const shape = { template: TEMPLATE, parameters: { K: before.slots.length, S: market.scenarios.length } };
    const circuit = circuitOfShape(this.catalogue, shape);
    if (circuit === undefined) throw new TransitionCircuitError(`circuits.json has no ${describeShape(shape)}: take a version of the program that knows the venue's circuits`, shape.parameters);
    const secret = owner === undefined ? undefined : { secret: owner.secret, signer: owner.signingKeyDigest, userId, subAccount };
    return proveTransition(this.prover, this.poseidon, circuit, { ...wish, venue, market, before, owner: secret });
  }
}

/** Most instruments of an account, where the venue's circuits leave no choice. @throws TransitionCircuitError */
export function slotsFor(catalogue: readonly CircuitDefinition[], { circuits }: Deployment, { scenarios }: MarketTable): number {
  const names = new Set(circuits.filter(({ kind }) => kind === 'account-transition').map(({ name }) => name));
  const slots = catalogue.filter(({ name, template }) => template === TEMPLATE && names.has(name))
    .filter((circuit) => parameterOf(circuit, 'S') === scenarios.length).map((circuit) => parameterOf(circuit, 'K'));
  const [only, ...others] = slots;
  if (only !== undefined && others.length === 0) return only;
  throw new TransitionCircuitError(
    only === undefined ? `the deployment has no account-transition circuit of ${scenarios.length} scenarios: its accounts cannot settle on chain under this table`
      : `the deployment has circuits of ${slots.join(', ')} slots: choose with --slots`,
    { scenarios: scenarios.length },
  );
}

/** Runs work with a prover that is closed afterwards. @param keys folder of proving keys; the project's unless told */
export async function withTransitionProver<Result>(output: Output, keys: string | undefined, work: (prover: TransitionProver) => Promise<Result>): Promise<Result> {
  const pool = await openProver(output, keys);
  try {
    output.progress('proving');
    return await work(new TransitionProver(pool, await bulkPoseidon(), await readCircuitList(join(projectRoot(), CIRCUIT_LIST))));
  } finally {
    output.progressDone();
    await pool.close();
  }
}
