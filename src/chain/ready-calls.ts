import { Contract } from 'ethers';
import type { ProvenTransition } from '../clearing/proven-transition.js';
import { CLEARING_HOUSE_INTERFACE } from './clearing-abi.js';
import { NO_RECEIPT } from './clearing-client.js';
import { toSolidityTransition } from './clearing-solidity.js';
import { simulatingAt, type ContractAction, type Perform } from './contract-action.js';
import { tokenApproval } from './escrow-client.js';
import { LIQUIDATION_BIDDERS_INTERFACE } from './liquidation-bidders-abi.js';
import { LiquidationBiddersActions } from './liquidation-bidders-client.js';
import { LIQUIDATIONS_INTERFACE } from './liquidations-abi.js';
import { LiquidationActions } from './liquidations-client.js';
import { preparingAt, type PreparedTransaction } from './prepared-transaction.js';
import type { ConnectedSigner } from './wallet.js';

/** A transaction that is only described: it can be asked about as often as wanted, and signed when it is worth it. */
export interface ReadyCall {
  /** Gas it would use now. Throws what stands in its way, as sendTransaction. */
  simulate(): Promise<bigint>;
  /** @param gas as simulated */
  prepare(gas: bigint): Promise<PreparedTransaction>;
}

/** Addresses of what keepers call. */
export interface CalledContracts {
  readonly house: string;
  readonly liquidations: string;
  readonly bidders: string;
}

/** What a keeper may send for one address at one venue. */
export class ReadyCalls {
  readonly liquidations: LiquidationActions<ReadyCall>;
  readonly bidders: LiquidationBiddersActions<ReadyCall>;
  private readonly house: Contract;

  constructor(
    private readonly signer: ConnectedSigner,
    private readonly called: CalledContracts,
    venueId: bigint,
  ) {
    this.liquidations = new LiquidationActions(this.readyAt(new Contract(called.liquidations, LIQUIDATIONS_INTERFACE, signer)), venueId);
    this.bidders = new LiquidationBiddersActions(this.readyAt(new Contract(called.bidders, LIQUIDATION_BIDDERS_INTERFACE, signer)), venueId);
    this.house = new Contract(called.house, CLEARING_HOUSE_INTERFACE, signer);
  }

  /** @param transition without the owner: no receipt is asked for */
  settleFunding(handle: bigint, fromPeriod: number, transition: ProvenTransition): ReadyCall {
    const what = `settling funding of handle ${handle}`;
    return this.ready(this.house, { what, method: 'settleFunding', args: [handle, fromPeriod, toSolidityTransition(transition), NO_RECEIPT] });
  }

  /** Lets the liquidation contract pull penalties. */
  approvePenalties(token: string, amount: bigint): ReadyCall {
    const { contract, action } = tokenApproval(this.signer, token, this.called.liquidations, amount);
    return this.ready(contract, action);
  }

  private readyAt(contract: Contract): Perform<ReadyCall> {
    return (action) => Promise.resolve(this.ready(contract, action));
  }

  private ready(contract: Contract, action: ContractAction): ReadyCall {
    return { simulate: () => simulatingAt(contract)(action), prepare: (gas) => preparingAt(contract, this.signer, gas)(action) };
  }
}
