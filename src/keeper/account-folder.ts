import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClearedAccountFile } from '../clearing/opening-file.js';
import { parseClearedAccount } from '../clearing/opening-format.js';
import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import { keyOf } from '../commitment/identity.js';
import { OpeningUnknownError } from '../clearing/clearing-errors.js';
import { followedOpening, type FollowedVenue } from './followed-opening.js';
import { KeeperConfigError } from './keeper-errors.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { OpeningSource } from './keeper-ports.js';
import { readSecret } from './secret-file.js';
import type { AccountNow } from './venue-view.js';

/**
 * Openings from account files in a folder, `*.json`, mode 600: those that an operator signed for, or an owner's own. Files are read anew at each
 * look, for owners send newer ones, and never written; what others did since is followed on the chain.
 */
export class AccountFolder implements OpeningSource {
  /** By handle: what was followed last. Saves following all of it at each look. */
  private readonly followed = new Map<bigint, ClearedOpening>();
  private accounts = new Map<bigint, ClearedAccountFile>();

  constructor(
    private readonly folder: string,
    private readonly venue: FollowedVenue,
    private readonly log: KeeperLog,
  ) {}

  /** @throws KeeperConfigError where the folder cannot be read */
  async handles(): Promise<readonly bigint[]> {
    const accounts = new Map<bigint, ClearedAccountFile>();
    for (const name of await this.names()) {
      const account = await this.readOne(name);
      if (account !== undefined && this.isOfVenue(account)) accounts.set(account.handle, account);
    }
    this.accounts = accounts;
    return [...accounts.keys()];
  }

  async openingOf(account: AccountNow): Promise<ClearedOpening | undefined> {
    const { handle, commitment } = account;
    const file = this.accounts.get(handle);
    if (file === undefined) return undefined;
    const known = this.followed.get(handle);
    for (const opening of [...(known === undefined ? [] : [known]), ...candidates(this.venue, file)]) {
      const found = clearedCommitment(this.venue.poseidon, opening) === commitment ? opening : await this.follow(account, opening);
      if (found === undefined) continue;
      this.followed.set(handle, found);
      return found;
    }
    return undefined;
  }

  private async follow(account: AccountNow, opening: ClearedOpening): Promise<ClearedOpening | undefined> {
    try {
      return await followedOpening(this.venue, account, opening);
    } catch (thrown) {
      if (!(thrown instanceof OpeningUnknownError)) throw thrown;
      this.log.warn('opening-not-followed', { handle: account.handle, ...faultFields(thrown) });
      return undefined;
    }
  }

  private isOfVenue({ handle, house, venue: { chainId, registry, venueId } }: ClearedAccountFile): boolean {
    const { venue, house: wanted } = this.venue;
    return handle > 0n && house === wanted && chainId === venue.chainId && registry === venue.registry && venueId === venue.venueId;
  }

  /** A file that cannot be read keeps no other account from being guarded. */
  private async readOne(name: string): Promise<ClearedAccountFile | undefined> {
    const file = join(this.folder, name);
    try {
      return parseClearedAccount(await readSecret(file, 'guard.accounts'), file);
    } catch (thrown) {
      this.log.warn('account-file-refused', { file: name, ...faultFields(thrown) });
      return undefined;
    }
  }

  private async names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => name.endsWith('.json')).sort();
    } catch (cause) {
      throw new KeeperConfigError(`${this.folder} cannot be read: name the folder that the account files are in`, { field: 'guard.accounts' }, { cause });
    }
  }
}

/** Openings of a file, the newest first. */
function candidates({ poseidon }: FollowedVenue, file: ClearedAccountFile): readonly ClearedOpening[] {
  const key = keyOf(poseidon, file);
  return [...file.openings].reverse().map((opening) => ({ ...opening, key }));
}
