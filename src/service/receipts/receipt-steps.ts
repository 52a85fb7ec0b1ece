import type { Sql } from '../../store/database.js';
import { retireEpoch, type Retention } from '../../store/retention.js';
import type { PipelineTools } from '../pipeline/pipeline-tools.js';
import type { ReceiptDesk } from './receipt-desk.js';

/** What the pipeline's last two steps do, with receipts from `desk`. */
export function receiptSteps(desk: ReceiptDesk, retention: Retention): Pick<PipelineTools, 'exportReceipts' | 'retireEpoch'> {
  return {
    exportReceipts: async ({ lease: { epoch }, signal }) => {
      await desk.prepare(epoch, () => signal.throwIfAborted());
      await desk.prune();
      // All is stored: the step's end is what opens the receipts.
      return () => Promise.resolve();
    },
    retireEpoch: async (sql: Sql, epoch: bigint) => void (await retireEpoch(sql, epoch, retention)),
  };
}
