import type { ClearedAccountFile } from '../clearing/opening-file.js';
import { openingOfCommitment, withOpening } from '../clearing/opening-file.js';
import { parseClearedAccount, serializeClearedAccount } from '../clearing/opening-format.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import { keyOf, ownerOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
import type { OwnerSecret } from '../proving/prove-account.js';
import { KeeperConfigError } from './keeper-errors.js';
import type { KeeperChain, OwnAccount, OwnAccountSource } from './keeper-ports.js';
import { readSecret } from './secret-file.js';

const FIELD = 'bidder.account';

/** The bidder's account file. What a bid makes of the account is added before the bid leaves, and what the account is stays beside it. */
export class OwnAccountFile implements OwnAccountSource {
  constructor(
    private readonly file: string,
    private readonly owner: OwnerSecret,
    private readonly chain: Pick<KeeperChain, 'account'>,
    private readonly poseidon: Poseidon,
    /** Who sends: bids are the controller's. */
    private readonly sender: string,
  ) {}

  /** @throws KeeperConfigError for another owner's file, or an account that the keeper does not control; OpeningUnknownError, and the errors of bundles */
  async now(): Promise<OwnAccount | undefined> {
    const account = await this.read();
    const { handle, userId, subAccount } = account;
    const found = await this.chain.account(handle);
    if (found === undefined) return undefined;
    if (found.controller !== this.sender) {
      throw new KeeperConfigError(`${FIELD}: account ${handle} is controlled by ${found.controller}, the keeper sends as ${this.sender}: bids are taken from the controller, run it with that key`, { field: FIELD, handle });
    }
    return { handle, opening: openingOfCommitment(this.poseidon, account, found.commitment), owner: { ...this.owner, userId, subAccount } };
  }

  async keep(opening: ClearedOpening): Promise<void> {
    const account = await this.read();
    const found = await this.chain.account(account.handle);
    // Bids that came to nothing must not push out what the account is: it is moved up first.
    const kept = found === undefined ? account : withOpening(account, openingOfCommitment(this.poseidon, account, found.commitment));
    await writeFileAtomically(this.file, serializeClearedAccount(withOpening(kept, opening)), SECRET_FILE);
  }

  private async read(): Promise<ClearedAccountFile> {
    const account = parseClearedAccount(await readSecret(this.file, FIELD), this.file);
    const { secret, signingKeyDigest } = this.owner;
    if (keyOf(this.poseidon, account) === keyOf(this.poseidon, { ...account, owner: ownerOf(this.poseidon, secret, signingKeyDigest) })) return account;
    throw new KeeperConfigError(`bidder.owner is not the owner that ${this.file} was opened with: name the right owner file`, { field: 'bidder.owner', file: this.file });
  }
}
