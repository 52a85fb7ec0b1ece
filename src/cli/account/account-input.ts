import type { Command } from 'commander';
import { parseReceipt } from '../../attestation/receipt-format.js';
import type { Receipt } from '../../attestation/receipt.js';
import type { Deployment } from '../../chain/deployment.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { OwnerMismatchError } from '../../proving/account-errors.js';
import type { OwnedAccount } from '../../proving/prove-account.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import type { MarketTable } from '../../risk/market-table.js';
import { readText } from '../files.js';
import { readOwnerFile } from '../owner-file.js';

/** Options of every command that proves something of an account. */
export interface AccountOptions {
  readonly receipt: string;
  readonly owner: string;
  readonly keys?: string;
}

/** The receipt is another venue's than the deployment file's. */
export class OtherVenueError extends ClearproofError {
  readonly code = 'OTHER_VENUE';
}

export function withAccount(command: Command): Command {
  return command
    .requiredOption('--receipt <file>', 'your receipt of the epoch')
    .requiredOption('--owner <file>', 'your owner file, mode 600, as "owner new" wrote it')
    .option('--keys <folder>', 'proving keys (default: build/keys)');
}

/** Receipt and owner file, held against each other. @throws OwnerMismatchError, and what reading throws */
export async function readAccount(options: Pick<AccountOptions, 'receipt' | 'owner'>): Promise<OwnedAccount> {
  const receipt = await readReceipt(options.receipt);
  const owner = await readOwnerFile(options.owner);
  if (owner.owner !== receipt.owner) {
    throw new OwnerMismatchError(`${options.receipt} is of an account with another owner than ${options.owner}: name the owner file you gave the venue the commitment of`, {
      receipt: options.receipt, owner: options.owner,
    });
  }
  return { receipt, owner };
}

export async function readReceipt(file: string): Promise<Receipt> {
  return parseReceipt(await readText(file), file);
}

/** The table that a proof looks at: one that came later, or the epoch's own. @throws the parser's errors */
export async function readTable(file: string | undefined, { market }: Receipt): Promise<MarketTable> {
  return file === undefined ? market : parseMarketTable(await readText(file), file);
}

/** @throws OtherVenueError */
export function requireVenue({ receipt: { venue } }: { readonly receipt: Pick<Receipt, 'venue'> }, { chainId, registry, venueId }: Deployment): void {
  if (venue.chainId === chainId && venue.registry === registry && venue.venueId === venueId) return;
  throw new OtherVenueError(
    `the receipt is of venue ${venue.venueId} at ${venue.registry} on chain ${venue.chainId}, the deployment of venue ${venueId} at ${registry} on chain ${chainId}`,
    { venueId: venue.venueId, registry: venue.registry, chainId: venue.chainId },
  );
}
