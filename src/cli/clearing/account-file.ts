import { clearingOf, type Deployment } from '../../chain/deployment.js';
import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import { parseClearedAccount, serializeClearedAccount } from '../../clearing/opening-format.js';
import type { HouseLocation } from '../../clearing/order.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { readSecretText } from '../files.js';

/** A file is of another clearing house or venue than the deployment. */
export class OtherHouseError extends ClearproofError {
  readonly code = 'OTHER_HOUSE';
}

/** What an account holds: for its owner, and for the operator who signs that it has it. @throws SecretFileError, and the errors of bundles */
export async function readClearedAccount(file: string): Promise<ClearedAccountFile> {
  return parseClearedAccount(await readSecretText(file), file);
}

/** Whole or not at all, readable by its owner only. */
export async function writeClearedAccount(file: string, account: ClearedAccountFile): Promise<void> {
  await writeFileAtomically(file, serializeClearedAccount(account), SECRET_FILE);
}

/** @throws NoClearingHouseError */
export function houseOf(deployment: Deployment): HouseLocation {
  const { chainId, registry, venueId } = deployment;
  return { venue: { chainId, registry, venueId }, house: clearingOf(deployment).house };
}

/** @throws OtherHouseError */
export function requireHouse({ venue, house }: HouseLocation, deployment: Deployment, file: string): void {
  const wanted = houseOf(deployment);
  const { chainId, registry, venueId } = wanted.venue;
  if (house === wanted.house && venue.chainId === chainId && venue.registry === registry && venue.venueId === venueId) return;
  throw new OtherHouseError(
    `${file} is of venue ${venue.venueId} at the clearing house ${house} on chain ${venue.chainId}, the deployment of venue ${venueId} at ${wanted.house} on chain ${chainId}`,
    { file, house, venueId: venue.venueId },
  );
}
