import type { Command } from 'commander';
import type { OmissionChallenge, OmissionChallengesClient } from '../../chain/omission-client.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { bigNumber } from '../options.js';

/** There is no such challenge, or it is not in the state that a step needs. */
export class ChallengeError extends ClearproofError {
  readonly code = 'CHALLENGE';
}

/** Options of every command about one challenge. */
export interface Identified {
  readonly challenge: bigint;
}

export function identified(command: Command): Command {
  return command.requiredOption('--challenge <id>', 'id of the challenge, as "challenge open" and "challenge show" print it', bigNumber);
}

/** @throws ChallengeError */
export async function challengeOf(client: OmissionChallengesClient, id: bigint): Promise<OmissionChallenge> {
  const found = await client.challengeAt(id);
  if (found !== undefined) return found;
  throw new ChallengeError(`the venue has no challenge ${id}: "challenge show" lists them`, { challenge: id });
}
