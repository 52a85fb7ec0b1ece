import { transactionState } from '../chain/chain-time.js';
import { ContractRevertedError } from '../chain/errors.js';
import type { ReadyCall, ReadyCalls } from '../chain/ready-calls.js';
import type { ConnectedSigner } from '../chain/wallet.js';
import type { KeeperAction } from './keeper-action.js';
import type { KeeperSender, PreparedTransaction, Rehearsal, SentState } from './keeper-ports.js';

/** Sends with a key, through the clients of the contracts. */
export class VenueSender implements KeeperSender {
  constructor(
    private readonly signer: ConnectedSigner,
    private readonly calls: ReadyCalls,
    /** Address of the token of a cash or spot row. */
    private readonly tokenOf: (row: number) => Promise<string>,
  ) {}

  get address(): string {
    return this.signer.address;
  }

  async rehearse(action: KeeperAction): Promise<Rehearsal> {
    const call = await this.callOf(action);
    try {
      return { passes: true, gas: await call.simulate() };
    } catch (thrown) {
      if (thrown instanceof ContractRevertedError) return { passes: false, reason: thrown.errorName ?? thrown.code };
      throw thrown;
    }
  }

  async prepare(action: KeeperAction, gas: bigint): Promise<PreparedTransaction> {
    return (await this.callOf(action)).prepare(gas);
  }

  stateOf(hash: string): Promise<SentState> {
    return transactionState(this.signer.provider, hash);
  }

  private async callOf(action: KeeperAction): Promise<ReadyCall> {
    const { liquidations, bidders } = this.calls;
    switch (action.kind) {
      case 'challenge': return liquidations.challenge(action.handle, action.marketCommitment, action.bond);
      case 'freeze': return liquidations.freeze(action.handle, action.marketCommitment);
      case 'answer': return liquidations.answer(action.handle, action.claim);
      case 'start': return liquidations.start(action.handle, action.claim);
      case 'seal': return bidders.sealOpening(action.handle, action.commitment, action.ciphertexts);
      case 'mark': return liquidations.markAuction(action.lot, { marketCommitment: action.marketCommitment, ...action.marks }, action.marks.underWater);
      case 'pay-debt': return liquidations.payDebt(action.handle, action.row, action.quanta, action.transition);
      case 'take': return liquidations.take(action.bid, action.receipt);
      case 'settle-funding': return this.calls.settleFunding(action.handle, action.fromPeriod, action.transition);
      case 'approve': return this.calls.approvePenalties(await this.tokenOf(action.row), action.amount);
      case 'withdraw-bonds': return liquidations.withdrawBonds();
    }
  }
}
