import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addClearingBook } from './book.js';
import { addClearingCollateral } from './collateral.js';
import { addClearingController } from './controller.js';
import { addClearingFollow } from './follow.js';
import { addClearingMove } from './move.js';
import { addClearingOpen } from './open.js';
import { addClearingOwed } from './owed.js';
import { addClearingReceipt } from './receipt.js';
import { addClearingRecords } from './records.js';
import { addClearingSubmit } from './submit.js';
import { addClearingTerms } from './terms.js';
import { addClearingTransfer } from './transfer.js';

/** `clearproof clearing …`: accounts that settle on chain, and what their venue says and records. */
export function addClearingCommands(program: Command, run: Runner): void {
  const clearing = program.command('clearing').description('accounts at the clearing house: open, move collateral, settle what is owed; the venue: receipts, book, terms');
  addClearingOpen(clearing, run);
  addClearingCollateral(clearing, run);
  addClearingTransfer(clearing, run);
  addClearingMove(clearing, run);
  addClearingOwed(clearing, run);
  addClearingSubmit(clearing, run);
  addClearingFollow(clearing, run);
  addClearingController(clearing, run);
  addClearingReceipt(clearing, run);
  addClearingBook(clearing, run);
  addClearingTerms(clearing, run);
  addClearingRecords(clearing, run);
}
