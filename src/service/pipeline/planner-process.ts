import { Planner } from './planner.js';
import { toPublicFailure, type PlannerQuestion, type PlannerReply } from './plan-messages.js';

/** Entry of the planning process: holds one plan, answers one question after the other. */
const planner = new Planner();

process.on('message', (question: PlannerQuestion) => void reply(question));
// The parent closes the channel when it has all it wants; it is also closed when the parent dies.
process.on('disconnect', () => process.exit(0));
// The parent decides when work stops: an interrupt from the terminal reaches the whole process group.
process.on('SIGINT', () => undefined);

async function reply(question: PlannerQuestion): Promise<void> {
  let message: PlannerReply;
  try {
    message = { kind: 'answer', answer: await planner.answer(question) };
  } catch (thrown) {
    message = toPublicFailure(thrown);
  }
  process.send?.(message);
}
