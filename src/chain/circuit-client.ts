import { Contract, ZeroHash, keccak256, type ContractRunner, type Provider } from 'ethers';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { CIRCUIT_KINDS, type CircuitKind, type DeployedCircuit } from './deployment.js';
import { ChainRequestError, OnChainRecordError } from './errors.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';

/** A circuit as a registry knows it. */
export interface RegisteredCircuit {
  readonly circuitId: bigint;
  readonly kind: CircuitKind;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  readonly insecure: boolean;
  /** Unix seconds from which nothing new is proven in it; undefined while it is in force. */
  readonly retiredAt: number | undefined;
}

/** A circuit that waits. */
export interface CircuitProposal {
  readonly circuitId: bigint;
  readonly kind: CircuitKind;
  readonly verifier: string;
  readonly verificationKeyHash: string;
  readonly insecure: boolean;
  /** First second at which it can be added, Unix seconds. */
  readonly readyAt: number;
  /** keccak256 of the verifier's runtime code when it was proposed, hex with 0x. */
  readonly codeHash: string;
  /** Circuit that can be retired once this one is in force. */
  readonly replaces: bigint | undefined;
}

/** The circuits of one registry. Every method throws ContractRevertedError, ChainUnreachableError, ChainRequestError or NoContractError. */
export class CircuitClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(registry: string, runner: ContractRunner) {
    this.contract = new Contract(registry, REGISTRY_INTERFACE, runner);
  }

  /** Every circuit ever added, retired ones too, in order. */
  async circuits(): Promise<readonly RegisteredCircuit[]> {
    const ids = (await readContract(this.contract, 'reading circuits', 'circuitIds', [])) as readonly bigint[];
    const found = await Promise.all([...ids].map((circuitId) => this.circuit(circuitId)));
    return found.filter((one) => one !== undefined);
  }

  /** Undefined for a circuit that was never added. */
  async circuit(circuitId: bigint): Promise<RegisteredCircuit | undefined> {
    const answer = await readContract(this.contract, `reading circuit ${circuitId}`, 'circuit', [circuitId]);
    const [verifier, code, insecure, retiredAt, , verificationKeyHash] = answer as readonly [string, bigint, boolean, bigint, bigint, string];
    if (code === 0n) return undefined;
    return { circuitId, kind: kindOf(code), verifier, verificationKeyHash, insecure, retiredAt: retiredAt === 0n ? undefined : Number(retiredAt) };
  }

  /** Undefined where nothing is proposed under this id. */
  async proposal(circuitId: bigint): Promise<CircuitProposal | undefined> {
    const answer = await readContract(this.contract, `reading the proposal of circuit ${circuitId}`, 'proposalOf', [circuitId]);
    const [verifier, code, insecure, readyAt, verificationKeyHash, codeHash, replaces] = answer as readonly [string, bigint, boolean, bigint, string, string, bigint];
    if (readyAt === 0n) return undefined;
    return { circuitId, kind: kindOf(code), verifier, verificationKeyHash, insecure, readyAt: Number(readyAt), codeHash, replaces: replaces === 0n ? undefined : replaces };
  }

  /** Ids that were ever proposed since a block; most of them are no proposals any more. */
  async proposedSince(block: number): Promise<readonly bigint[]> {
    const topic = REGISTRY_INTERFACE.getEvent('CircuitProposed')?.topicHash ?? ZeroHash;
    const logs = await this.provider().getLogs({ address: await this.contract.getAddress(), topics: [topic], fromBlock: block, toBlock: 'latest' });
    return [...new Set(logs.map(({ topics }) => BigInt(topics[1] ?? 0)))];
  }

  /** Seconds between proposal and addition. */
  async delay(): Promise<number> {
    return Number(await readContract(this.contract, 'reading the circuit delay', 'CIRCUIT_DELAY', []));
  }

  /** Announces a circuit. The signer must be the registry's owner. @param replaces its predecessor, of the same kind */
  propose({ circuitId, kind, verifier }: Pick<DeployedCircuit, 'circuitId' | 'kind' | 'verifier'>, replaces?: bigint): Promise<ChainReceipt> {
    const config = { circuitId, kind: CIRCUIT_KINDS.indexOf(kind) + 1, verifier };
    return sendTransaction(this.contract, `proposing circuit ${circuitId}`, 'proposeCircuit', [config, replaces ?? 0n]);
  }

  /** Adds what was proposed. Anybody, once the delay is over. */
  add(circuitId: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `adding circuit ${circuitId}`, 'addCircuit', [circuitId]);
  }

  /** Drops a proposal. The signer must be the registry's owner. */
  cancel(circuitId: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `cancelling circuit ${circuitId}`, 'cancelCircuit', [circuitId]);
  }

  /** Ends a circuit, at once and for good. The signer must be the registry's owner. */
  retire(circuitId: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `retiring circuit ${circuitId}`, 'retireCircuit', [circuitId]);
  }

  /** Stores a venue's domain of a circuit added after it: its proofs then cost less. Anybody. */
  cacheDomain(venueId: bigint, circuitId: bigint): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `storing the domain of circuit ${circuitId} (venue ${venueId})`, 'cacheDomain', [venueId, circuitId]);
  }

  /** keccak256 of what stands at an address now, hex with 0x. */
  async codeHash(address: string): Promise<string> {
    return keccak256(await this.provider().getCode(address));
  }

  private provider(): Provider {
    const provider = this.contract.runner?.provider;
    if (!provider) throw new ChainRequestError('the signer has no provider: connect it to one');
    return provider;
  }
}

function kindOf(code: bigint): CircuitKind {
  const kind = CIRCUIT_KINDS[Number(code) - 1];
  if (kind === undefined) throw new OnChainRecordError(`a circuit of the registry is of kind ${code}, which this version does not know`, { code });
  return kind;
}
