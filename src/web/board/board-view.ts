import type { Board } from '../../audit/board/board.js';
import { changesView, rulesView } from './changes-view.js';
import { coverageView } from './coverage-view.js';
import { disputesView } from './disputes-view.js';
import { historyView } from './history-view.js';
import { filesView, keysView, legendView } from './keys-view.js';
import { lossesView } from './losses-view.js';
import { stressView } from './stress-view.js';
import { summaryView, warningsView } from './summary-view.js';

/** The whole board, section by section: what is in doubt first, then how the venue stands, then how it is run. */
export function boardView(board: Board): HTMLElement[] {
  return [
    warningsView(board), summaryView(board), legendView(), coverageView(board), lossesView(board), historyView(board), stressView(board), disputesView(board), changesView(board), rulesView(board),
    keysView(board), filesView(board),
  ].filter((section) => section !== undefined);
}
