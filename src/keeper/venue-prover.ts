import type { VenueLocation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import type { MarkClaim } from '../chain/account-claims.js';
import type { DeployedCircuit } from '../chain/deployment.js';
import type { TransitionWish } from '../clearing/transition-plan.js';
import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import { circuitIdOf } from '../commitment/digest.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { tradeCommitment, type TradeTerms } from '../commitment/trade-commitment.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Prover } from '../groth16/prover.js';
import type { ProvenVerdict } from '../liquidation/bid.js';
import { parameterOf } from '../proving/circuit-advice.js';
import { proveRowMark } from '../proving/prove-account.js';
import { proveTransition, type TransitionProof } from '../proving/prove-transition.js';
import { proveVerdict } from '../proving/prove-verdict.js';
import { randomFieldElement } from '../proving/random.js';
import type { MarketTable } from '../risk/market-table.js';
import { KeeperCircuitError } from './keeper-errors.js';
import type { KeeperProver, OwnAccount } from './keeper-ports.js';

/** What proofs for a venue's contracts are made with. */
export interface ProvingTools {
  readonly prover: Prover;
  readonly poseidon: Poseidon;
  readonly catalogue: readonly CircuitDefinition[];
  readonly venue: VenueLocation;
  /** Those of the venue's registry: others it does not verify. */
  readonly circuits: readonly Pick<DeployedCircuit, 'name'>[];
}

/** Proves in the registry's circuits, each of the shape of account and table. */
export class VenueProver implements KeeperProver {
  constructor(private readonly tools: ProvingTools) {}

  async verdict(account: ClearedOpening, market: MarketTable, healthy: boolean, context: bigint): Promise<ProvenVerdict> {
    const { prover, poseidon, venue } = this.tools;
    const circuit = this.circuitOf('AccountMargin', { K: account.slots.length, S: market.scenarios.length });
    const { proof } = await proveVerdict(prover, poseidon, circuit, { venue, account, market, verdict: healthy ? 'watched' : 'unhealthy', context });
    return { circuitId: circuitIdOf(circuit.name), marketCommitment: this.marketCommitment(market), proof };
  }

  async mark(market: MarketTable, row: number): Promise<MarkClaim> {
    const { prover, poseidon, venue } = this.tools;
    const { circuit, signals: { mark }, proof } = await proveRowMark(prover, poseidon, this.circuitOf('RowMark', { S: market.scenarios.length }), venue, market, row);
    return { circuitId: circuitIdOf(circuit), row, mark, proof };
  }

  transition(before: ClearedOpening, market: MarketTable, wish: TransitionWish, owner?: OwnAccount['owner']): Promise<TransitionProof> {
    const { prover, poseidon, venue } = this.tools;
    const circuit = this.circuitOf('AccountTransition', { K: before.slots.length, S: market.scenarios.length });
    const secret = owner === undefined ? undefined : { secret: owner.secret, signer: owner.signingKeyDigest, userId: owner.userId, subAccount: owner.subAccount };
    return proveTransition(prover, poseidon, circuit, { ...wish, venue, market, before, owner: secret });
  }

  commitmentOf(opening: ClearedOpening): bigint {
    return clearedCommitment(this.tools.poseidon, opening);
  }

  tradeCommitment(market: MarketTable, trade: TradeTerms): bigint {
    const { poseidon, venue } = this.tools;
    return tradeCommitment(poseidon, baseOfVenue(poseidon, venue), this.marketCommitment(market), trade);
  }

  marketCommitment(market: MarketTable): bigint {
    return marketCommitment(this.tools.poseidon, market);
  }

  nonce(): bigint {
    return randomFieldElement();
  }

  /** Of an account on the chain any depth will do: no tree is opened. @throws KeeperCircuitError */
  private circuitOf(template: string, wanted: Readonly<Record<string, number>>): CircuitDefinition {
    const { catalogue, circuits } = this.tools;
    const names = new Set(circuits.map(({ name }) => name));
    const fits = (circuit: CircuitDefinition): boolean => circuit.template === template && Object.entries(wanted).every(([name, value]) => parameterOf(circuit, name) === value);
    const found = catalogue.find((circuit) => names.has(circuit.name) && fits(circuit));
    if (found !== undefined) return found;
    const shape = Object.entries(wanted).map(([name, value]) => `${name} = ${value}`).join(' and ');
    throw new KeeperCircuitError(`the venue's registry has no ${template} circuit of ${shape}: its operator proposes one with "circuit propose"`, { template });
  }
}
