import { fresh, type Duty, type Scene } from './duty.js';
import type { Intent } from './keeper-action.js';
import type { ChallengerConfig } from './keeper-config.js';
import type { KeeperChain } from './keeper-ports.js';
import type { KeeperState } from './keeper-state.js';
import type { AccountNow, ReferenceTable } from './venue-view.js';
import { largestMove } from './price-move.js';

/** A bond that is got back shall be worth what taking it out costs, so many times. */
const WORTH_WITHDRAWING = 4n;

/**
 * Doubts accounts that it knows nothing of but what is public: when they changed, and how prices moved since. Whom it challenges in vain has
 * its bond, so the rule and the bounds of the configuration are what it risks.
 */
export class Challenger implements Duty {
  readonly role = 'challenger';

  constructor(
    private readonly chain: KeeperChain,
    private readonly config: ChallengerConfig,
    private readonly address: string,
  ) {}

  async look({ now, state }: Scene): Promise<readonly Intent[]> {
    const intents = [...await this.withdrawal()];
    const table = fresh(now.maintenance, now);
    if (!now.open || table === undefined) return intents;
    const asked = new Map<bigint, AccountNow | undefined>();
    const ask = async (handle: bigint): Promise<AccountNow | undefined> => {
      if (!asked.has(handle)) asked.set(handle, await this.chain.account(handle));
      return asked.get(handle);
    };
    let open = 0;
    // Events may be behind: only what the contract says of a handle counts.
    for (const handle of withStanding(state, 'challenged')) {
      const account = await ask(handle);
      if (account?.standing !== 'challenged') continue;
      if (account.keeper === this.address) open += 1;
      if (now.time > account.deadline) intents.push(this.freeze(handle, table));
    }
    for (const handle of this.doubted(state)) {
      if (open >= this.config.mostOpen) break;
      const account = await ask(handle);
      if (account === undefined || !mayChallenge(account, table)) continue;
      const bond = await this.chain.challengeBond(handle);
      if (bond > this.config.mostBond) continue;
      open += 1;
      intents.push(this.challenge(handle, bond, table));
    }
    return intents;
  }

  private doubted({ accounts, prices }: KeeperState): readonly bigint[] {
    const { watch } = this.config;
    if (watch.rule === 'list') return watch.handles;
    if (watch.rule === 'all') return [...accounts.keys()];
    const least = BigInt(watch.ppm);
    return [...accounts].map(([handle, { since }]) => [handle, largestMove(since, prices)] as const)
      .filter(([, moved]) => moved >= least)
      // The largest move first: bounds on what is open shall not leave it out.
      .sort(([, one], [, other]) => (one === other ? 0 : one > other ? -1 : 1))
      .map(([handle]) => handle);
  }

  private challenge(handle: bigint, bond: bigint, { commitment }: ReferenceTable): Intent {
    return {
      role: this.role, kind: 'challenge', key: `challenge:${handle}`, handle,
      build: () => Promise.resolve({ kind: 'challenge', handle, marketCommitment: commitment, bond }),
    };
  }

  private freeze(handle: bigint, { commitment }: ReferenceTable): Intent {
    return {
      role: this.role, kind: 'freeze', key: `freeze:${handle}`, handle,
      build: () => Promise.resolve({ kind: 'freeze', handle, marketCommitment: commitment }),
    };
  }

  /** Bonds that came back. */
  private async withdrawal(): Promise<readonly Intent[]> {
    const bonds = await this.chain.bondsOf(this.address);
    if (bonds === 0n) return [];
    const price = await this.chain.gasPrice();
    return [{
      role: this.role, kind: 'withdraw-bonds', key: `withdraw-bonds`, handle: 0n, build: () => Promise.resolve({ kind: 'withdraw-bonds' }),
      worthGas: (gas) => bonds >= WORTH_WITHDRAWING * gas * price,
    }];
  }
}

function withStanding({ accounts }: KeeperState, standing: AccountNow['standing']): readonly bigint[] {
  return [...accounts].filter(([, account]) => account.standing === standing).map(([handle]) => handle);
}

/** What was answered under these prices, or newer ones, is answered: the bond would be lost for nothing. */
function mayChallenge({ standing, soundTableTime }: AccountNow, table: ReferenceTable): boolean {
  return standing === 'sound' && table.time > soundTableTime;
}
