import { Contract, getBytes, hexlify, type ContractRunner, type Provider } from 'ethers';
import { sendingTo, simulatingAt, type Perform } from './contract-action.js';
import { readContract, type ChainReceipt } from './contract-call.js';
import { LIQUIDATION_BIDDERS_INTERFACE } from './liquidation-bidders-abi.js';
import { splitLogs } from './split-logs.js';

/** Who may see the opening of an account that is being liquidated. */
export interface ApprovedBidder {
  /** Checksummed address. */
  readonly bidder: string;
  /** X25519 public key, 32 bytes. */
  readonly encryptionKey: Uint8Array;
}

/** An opening as it was posted: one ciphertext for each bidder of that time. */
export interface PostedOpening {
  readonly handle: bigint;
  readonly commitment: bigint;
  readonly ciphertexts: readonly { readonly bidder: string; readonly ciphertext: Uint8Array }[];
  readonly block: number;
}

/** What can be sent to LiquidationBidders, or simulated. */
export class LiquidationBiddersActions<Outcome> {
  constructor(
    private readonly perform: Perform<Outcome>,
    private readonly venueId: bigint,
  ) {}

  /** Adds a bidder, or replaces its key. The signer must be the operator. */
  approve(bidder: string, encryptionKey: Uint8Array): Promise<Outcome> {
    return this.perform({ what: `approving bidder ${bidder} (venue ${this.venueId})`, method: 'approve', args: [this.venueId, bidder, hexlify(encryptionKey)] });
  }

  remove(bidder: string): Promise<Outcome> {
    return this.perform({ what: `removing bidder ${bidder} (venue ${this.venueId})`, method: 'remove', args: [this.venueId, bidder] });
  }

  /** One ciphertext for each approved bidder, in the order of `bidders`. The signer must be the operator or the account's controller. */
  sealOpening(handle: bigint, commitment: bigint, ciphertexts: readonly Uint8Array[]): Promise<Outcome> {
    return this.perform({ what: `posting the opening of handle ${handle}`, method: 'sealOpening', args: [handle, commitment, ciphertexts.map((one) => hexlify(one))] });
  }
}

/** One venue at one LiquidationBidders. Errors as SolvencyRegistryClient. */
export class LiquidationBiddersClient {
  /** Sends and waits for the block. */
  readonly send: LiquidationBiddersActions<ChainReceipt>;
  /** Gas it would use now, or what stands in the way; sends nothing. */
  readonly simulate: LiquidationBiddersActions<bigint>;
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly address: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(address, LIQUIDATION_BIDDERS_INTERFACE, runner);
    this.send = new LiquidationBiddersActions(sendingTo(this.contract), venueId);
    this.simulate = new LiquidationBiddersActions(simulatingAt(this.contract), venueId);
  }

  /** In the order in which ciphertexts are posted. */
  async bidders(): Promise<readonly ApprovedBidder[]> {
    const [addresses, keys] = (await this.read('listing bidders', 'biddersOf', [this.venueId])) as readonly [readonly string[], readonly string[]];
    return [...addresses].map((bidder, place) => ({ bidder, encryptionKey: getBytes(keys[place] ?? '0x') }));
  }

  /** Address of the clearing house whose venues it is for. */
  async house(): Promise<string> {
    return (await this.read('reading the clearing house of the bidders', 'HOUSE', [])) as string;
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}

/** Openings of a handle as they were posted, oldest first. @param fromBlock none was before it */
export async function postedOpenings(provider: Provider, bidders: string, handle: bigint, fromBlock: number): Promise<readonly PostedOpening[]> {
  const topics = LIQUIDATION_BIDDERS_INTERFACE.encodeFilterTopics('OpeningSealed', [handle]);
  const logs = await splitLogs(provider, { address: bidders, topics, fromBlock, toBlock: 'latest' }, `reading the openings of handle ${handle}`);
  return logs.map(({ data, topics: found, blockNumber }) => {
    const args = LIQUIDATION_BIDDERS_INTERFACE.decodeEventLog('OpeningSealed', data, [...found]);
    const [addresses, ciphertexts] = [args.getValue('bidders') as readonly string[], args.getValue('ciphertexts') as readonly string[]];
    return {
      handle, commitment: args.getValue('commitment') as bigint, block: blockNumber,
      ciphertexts: [...addresses].map((bidder, place) => ({ bidder, ciphertext: getBytes(ciphertexts[place] ?? '0x') })),
    };
  });
}
