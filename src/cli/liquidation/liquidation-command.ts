import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addLiquidationBid } from './bid.js';
import { addLiquidationChallenge } from './challenge.js';
import { addLiquidationMark } from './mark.js';
import { addLiquidationPayDebt } from './pay-debt.js';
import { addLiquidationSeal } from './seal.js';
import { addLiquidationShow } from './show.js';
import { addLiquidationTake } from './take.js';
import { addLiquidationTerms } from './terms.js';
import { addLiquidationVerdict } from './verdict.js';

/** `clearproof liquidation …`: accounts of the clearing house that are doubted, defended, sold and made whole. */
export function addLiquidationCommands(program: Command, run: Runner): void {
  const liquidation = program.command('liquidation').description('accounts at the clearing house: doubt them, show how they stand, sell those under water in slices, pay what is left; the venue: rules');
  addLiquidationChallenge(liquidation, run);
  addLiquidationVerdict(liquidation, run);
  addLiquidationMark(liquidation, run);
  addLiquidationSeal(liquidation, run);
  addLiquidationBid(liquidation, run);
  addLiquidationTake(liquidation, run);
  addLiquidationPayDebt(liquidation, run);
  addLiquidationShow(liquidation, run);
  addLiquidationTerms(liquidation, run);
}
