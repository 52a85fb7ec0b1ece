import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { withOpening } from '../../clearing/opening-file.js';
import { parseClearedAccount, serializeClearedAccount } from '../../clearing/opening-format.js';
import type { HouseLocation } from '../../clearing/order.js';
import { clearedCommitment, type ClearedOpening } from '../../commitment/cleared-account.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import type { ReceiptSource } from '../../keeper/keeper-ports.js';
import { readSecretText } from '../files.js';
import { readOpeningsReceipt, receiptFor } from '../clearing/receipt-file.js';

/**
 * Asks the venue through a folder that both see: the account with what it would become goes to `<commitment>.account.json`, mode 600, and the
 * venue puts `<commitment>.receipt.json` beside it. How the folder is shared, and with whom, is the bidder's and the venue's to arrange.
 */
export class FolderReceipts implements ReceiptSource {
  constructor(
    private readonly folder: string,
    private readonly house: HouseLocation,
    private readonly accountFile: string,
    private readonly poseidon: Poseidon,
    private readonly dryRun: boolean,
  ) {}

  /** @throws OpeningsReceiptError for a receipt of something else, and the errors of bundles */
  async receiptFor(handle: bigint, opening: ClearedOpening): Promise<string | undefined> {
    const commitment = clearedCommitment(this.poseidon, opening);
    const receipt = join(this.folder, `${commitment}.receipt.json`);
    if (await there(receipt)) return receiptFor([{ handle, commitment }], await readOpeningsReceipt(receipt));
    await this.ask(commitment, opening);
    return undefined;
  }

  private async ask(commitment: bigint, { nonce, period, slots }: ClearedOpening): Promise<void> {
    const request = join(this.folder, `${commitment}.account.json`);
    if (this.dryRun || await there(request)) return;
    const account = parseClearedAccount(await readSecretText(this.accountFile), this.accountFile);
    await writeFileAtomically(request, serializeClearedAccount({ ...withOpening(account, { nonce, period, slots }), ...this.house }), SECRET_FILE);
  }
}

function there(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}
