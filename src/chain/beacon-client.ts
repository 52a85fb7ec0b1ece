import { Contract, type ContractRunner, type TransactionReceipt } from 'ethers';
import { BEACON_INTERFACE } from './beacon-abi.js';
import { chainError, readContract, receiptOf, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { minedReceipt } from './mined-receipt.js';

/** A message that was made: its bytes in hex, as gateways carry them. */
export interface BeaconMessage {
  readonly payload: string;
  readonly payloadHash: string;
  readonly sequence: bigint;
  readonly receipt: ChainReceipt;
}

/** One venue at one SolvencyBeacon. Errors as SolvencyRegistryClient. */
export class SolvencyBeaconClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly beacon: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(beacon, BEACON_INTERFACE, runner);
  }

  /** The latest accepted epoch with the venue's standing. The checkpoint is in it only until the next snapshot is opened. */
  makeEpoch(): Promise<BeaconMessage> {
    return this.make('makeEpoch', [this.venueId]);
  }

  makeStanding(): Promise<BeaconMessage> {
    return this.make('makeStanding', [this.venueId]);
  }

  makeTable(marketCommitment: bigint): Promise<BeaconMessage> {
    return this.make('makeTable', [this.venueId, marketCommitment]);
  }

  /** Number of the venue's last message; 0 before the first. */
  async sequence(): Promise<bigint> {
    return (await readContract(this.contract, 'asking a beacon for its last message', 'sequenceOf', [this.venueId])) as bigint;
  }

  private async make(method: string, args: readonly unknown[]): Promise<BeaconMessage> {
    const action = `making a message of venue ${this.venueId} (${method})`;
    try {
      const sent = await this.contract.getFunction(method).send(...args);
      return madeIn(await minedReceipt(sent), this.beacon, action);
    } catch (cause) {
      throw chainError(cause, action, this.contract.interface);
    }
  }
}

function madeIn(receipt: TransactionReceipt | null, beacon: string, action: string): BeaconMessage {
  const costs = receiptOf(receipt);
  const [log] = (receipt?.logs ?? []).filter(({ address }) => address === beacon);
  const made = log && BEACON_INTERFACE.parseLog(log);
  if (made?.name !== 'MessageMade') throw new ChainRequestError(`${action}: the beacon made no message`, { beacon });
  return { payload: String(made.args['payload']), payloadHash: String(made.args['payloadHash']), sequence: made.args['sequence'] as bigint, receipt: costs };
}
