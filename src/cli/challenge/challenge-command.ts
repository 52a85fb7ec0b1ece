import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addChallengeAnswer } from './answer.js';
import { addChallengeOpen } from './open.js';
import { addChallengeShow } from './show.js';
import { addChallengeSteps } from './steps.js';

/** `clearproof challenge …`: make a venue answer for an epoch that left an account out. */
export function addChallengeCommands(program: Command, run: Runner): void {
  const challenge = program.command('challenge').description('omission challenges: open one with a balance receipt, answer it, settle it');
  addChallengeOpen(challenge, run);
  addChallengeAnswer(challenge, run);
  addChallengeSteps(challenge, run);
  addChallengeShow(challenge, run);
}
