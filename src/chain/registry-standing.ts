import type { JsonRpcProvider, Result } from 'ethers';
import type { BlockMark, ChainNode } from './chain-node.js';
import { NoContractError } from './errors.js';
import { MarketSourceClient, requireAccepted } from './market-source.js';
import { REGISTRY_INTERFACE } from './registry-abi.js';
import type { EpochClaim, RegistryCall } from './registry-calls.js';

/**
 * Whether what a call would do is there already, by the state of one block. 'open': not yet, though it may be too early.
 * 'same': done, by whomever. 'other': the epoch stands there with other content, for good.
 */
export type Standing =
  | { readonly is: 'open' }
  | { readonly is: 'same'; /** Block that it was done in, where the registry keeps it. */ readonly block?: number }
  | { readonly is: 'other'; readonly block: number; readonly claim: EpochClaim };

/** A registry's venue as a publisher looks at it. */
export interface RegistryPlace {
  readonly registry: string;
  /** The venue's market source. */
  readonly markets: string;
  readonly venueId: bigint;
}

/** What stands at one venue's registry. Errors as ChainNode, and NoContractError. */
export class RegistryStanding {
  constructor(
    private readonly provider: JsonRpcProvider,
    private readonly node: ChainNode,
    private readonly place: RegistryPlace,
  ) {}

  /** @param epoch that the call is for */
  async of(call: RegistryCall, epoch: number, at: BlockMark): Promise<Standing> {
    const latest = Number((await this.read('latestEpoch', [this.place.venueId], at))[0]);
    if (call.kind === 'submit-epoch') return latest < epoch ? { is: 'open' } : this.recorded(call.claim, epoch, at);
    if (latest >= epoch) return { is: 'same' };
    const [snapshot] = await this.read('lastSnapshot', [this.place.venueId], at);
    return Number((snapshot as Result)['epoch']) === epoch ? { is: 'same' } : { is: 'open' };
  }

  /** @throws MarketNotAcceptedError when the registry would refuse an epoch over this table */
  requireMarket(commitment: bigint): Promise<void> {
    return requireAccepted(new MarketSourceClient(this.place.markets, this.place.venueId, this.provider), commitment);
  }

  private async recorded(claim: EpochClaim, epoch: number, at: BlockMark): Promise<Standing> {
    const [record] = await this.read('epochAt', [this.place.venueId, epoch], at);
    const fields = record as Result;
    const recorded: EpochClaim = {
      marketCommitment: fields['marketCommitment'] as bigint, genesisAccumulator: fields['genesisAccumulator'] as bigint,
      finalAccumulator: fields['finalAccumulator'] as bigint, accountsRoot: fields['accountsRoot'] as bigint,
    };
    const block = Number(fields['acceptedInBlock']);
    const same = (Object.keys(recorded) as (keyof EpochClaim)[]).every((field) => recorded[field] === claim[field]);
    return same ? { is: 'same', block } : { is: 'other', block, claim: recorded };
  }

  private async read(method: string, args: readonly unknown[], at: BlockMark): Promise<Result> {
    const action = `reading ${method} of venue ${this.place.venueId}`;
    const answer = await this.node.call(this.place.registry, REGISTRY_INTERFACE.encodeFunctionData(method, args), at, action, REGISTRY_INTERFACE);
    try {
      return REGISTRY_INTERFACE.decodeFunctionResult(method, answer);
    } catch (cause) {
      throw new NoContractError(`${action}: the address holds no registry on this chain; check the deployment file`, { action }, { cause });
    }
  }
}
