import { findCircuit } from '../../groth16/circuit-list.js';
import { readEpochSource } from '../../store/epoch-source.js';
import { setAccountsRoot, setEpochState } from '../../store/epochs.js';
import { storePlan } from '../../store/plans.js';
import { readSnapshot } from '../../store/snapshots.js';
import { storeDerived } from './derive.js';
import type { PipelineTools, StepHandler } from './pipeline-tools.js';
import type { Planning } from './planning-child.js';
import { PROVE_PREFIX } from './prove.js';
import { planLost, takeUpSealedPlan } from './sealed-plan.js';

/**
 * Plans an epoch, once: the plan is stored before anything is made from it, and whoever comes later, after a crash or
 * beside the first, goes on from the plan that stands.
 */
export function planStep(tools: PipelineTools): StepHandler {
  return async ({ lease: { epoch }, signal }) => {
    const planning = tools.startPlanning(signal);
    try {
      await obtainPlan(tools, epoch, planning);
      const { figures: { accountsRoot }, accounts, steps } = await storeDerived(tools.database, epoch, planning);
      tools.log.info('planned', { epochRow: epoch, proofs: steps.length, accountsRoot });
      return async (sql) => {
        await setAccountsRoot(sql, epoch, accountsRoot, accounts);
        await setEpochState(sql, epoch, 'proving');
        await tools.steps.add(sql, steps.map(({ name, cost }) => ({ epoch, name: `${PROVE_PREFIX}${name}`, kind: 'prove', cost })));
      };
    } finally {
      planning.close();
    }
  };
}

/** The planning process holds the epoch's one plan afterwards. @throws SealedPlanDamagedError, and why a snapshot cannot be planned */
async function obtainPlan(tools: PipelineTools, epoch: bigint, planning: Planning): Promise<void> {
  const { database, catalogue } = tools;
  if (await takeUpSealedPlan(database, epoch, planning)) return;
  const { location, number, circuits, market, snapshot, planned, attested } = await readEpochSource(database, epoch);
  if (planned || attested) throw await planLost(database, epoch);
  for await (const part of readSnapshot(database, snapshot)) await planning.ask('accept', { part });
  const chosen = circuits.map((name) => findCircuit(catalogue, name));
  const { header, parts } = await planning.ask('plan', { request: { venue: location, epoch: number, market, circuits: chosen, catalogue } });
  const stands = await database.transaction((sql) => storePlan(sql, epoch, { header, parts: partsOf(planning, parts) }));
  if (stands) return tools.log.info('plan-stored', { epochRow: epoch });
  // Somebody else planned meanwhile.
  await takeUpSealedPlan(database, epoch, planning);
}

async function* partsOf(planning: Planning, parts: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < parts; part += 1) yield planning.ask('part', { part });
}
