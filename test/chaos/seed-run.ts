import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { Random } from '../../src/margin/synthetic/random.js';
import { ServiceClient } from '../../src/service/client/service-client.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { patiently, type AttackedProcess } from './attacked-process.js';
import { CANARY, submissionsOnChain, type AttackedVenue } from './attacked-venue.js';

/** The processes of a service, and access to it. */
export interface AttackedService {
  readonly venue: AttackedVenue;
  readonly processes: readonly AttackedProcess[];
  readonly url: string;
  readonly tokens: { readonly operator: string; readonly publisher: string };
}

export interface SeedResult {
  readonly seed: number;
  readonly epoch: number;
  /** From the first request until the epoch is final. */
  readonly seconds: number;
  /** Milliseconds into the run, which process died, and what the epoch was doing when it did. */
  readonly kills: readonly { readonly at: number; readonly process: number; readonly during: string }[];
  readonly root: string;
  readonly receipts: number;
}

/** Longest time that an epoch may take however often its processes die. */
const PATIENCE_MS = 300_000;

/**
 * One epoch while processes are killed at moments that follow from the seed, and then the books: one root whatever happened,
 * one publication, every account with a receipt that verifies, and no name in a log.
 *
 * @param span milliseconds an epoch takes when nobody disturbs it
 */
export async function runSeed(service: AttackedService, seed: number, epoch: number, kills: number, span: number): Promise<SeedResult> {
  const random = Random.fromSeed(`chaos ${seed}`);
  const started = performance.now();
  const roots = new Set<string>();
  let doing = 'start';
  const done = { yes: false };
  // Each counts from the kill before: all of them shall strike, most of them while something is done.
  const delays = Array.from({ length: kills }, () => random.below(Math.max(1, Math.round(span / Math.max(1, kills)))));
  const killing = killAt(service, delays, random, () => doing, started, done);
  const accounts = service.venue.accounts(`chaos ${seed}`);
  try {
    await driveEpoch(service, epoch, accounts, started + PATIENCE_MS, (now, root) => {
      doing = now;
      if (root !== null) roots.add(root);
    });
  } finally {
    done.yes = true;
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const log = await killing;
  const root = await audit(service, epoch, accounts.length, roots);
  return { seed, epoch, seconds, kills: log, root, receipts: accounts.length };
}

/** Kills one process at each moment, counted from when the last one was started again. */
async function killAt(
  { processes }: AttackedService, delays: readonly number[], random: Random, doing: () => string, started: number, done: { readonly yes: boolean },
): Promise<SeedResult['kills']> {
  const log: { at: number; process: number; during: string }[] = [];
  for (const delay of delays) {
    for (let left = delay; left > 0 && !done.yes; left -= 50) await pause(Math.min(50, left));
    if (done.yes) return log;
    const process = random.below(processes.length);
    log.push({ at: Math.round(performance.now() - started), process, during: doing() });
    await processes[process]?.kill();
    processes[process]?.start();
  }
  return log;
}

/** Does what an operator does, again and again until it is done: every request may be repeated. */
async function driveEpoch(
  { venue, url, tokens }: AttackedService, epoch: number, accounts: ReturnType<AttackedVenue['accounts']>, deadline: number, note: (doing: string, root: string | null) => void,
): Promise<void> {
  const operator = new ServiceClient({ url, token: tokens.operator });
  const publisher = new ServiceClient({ url, token: tokens.publisher });
  note('opening', null);
  await patiently('the opening of a snapshot', deadline, async () => {
    const entry = await publisher.openSnapshot(epoch);
    return ['mined', 'final'].includes(entry.state) ? entry : undefined;
  });
  note('table', null);
  const { commitment } = await patiently('adding the table', deadline, () => operator.addMarketTable(venue.tableText));
  note('upload', null);
  const snapshot = await patiently('the upload', deadline, () =>
    operator.uploadSnapshot({ bytes: venue.snapshot(accounts), format: 'ndjson', market: commitment, name: 'accounts.ndjson' }));
  note('start', null);
  await patiently('the start of an epoch', deadline, () => operator.startEpoch({ epoch, snapshot: snapshot.id }));
  await patiently('the end of an epoch', deadline, async () => {
    const summary = await operator.epoch(epoch);
    const steps = await operator.steps(epoch);
    const active = steps.filter(({ state }) => state === 'active').map(({ kind }) => kind);
    note(`${summary.state}: ${active.join('+') || 'idle'}`, summary.accountsRoot);
    assert.deepEqual(steps.filter(({ state }) => state === 'dead'), [], 'no step is given up');
    return summary.state === 'final' && steps.every(({ state }) => state === 'done') ? summary : undefined;
  });
}

/** @returns the root that all agree on */
async function audit({ venue, url, tokens, processes }: AttackedService, epoch: number, accounts: number, roots: ReadonlySet<string>): Promise<string> {
  const { chain } = venue;
  const operator = new ServiceClient({ url, token: tokens.operator });
  const record = await readOnChainRecord(chain.connection.provider, chain.deployment.registry, chain.deployment.venueId, epoch);
  assert.deepEqual([...roots], [record.accountsRoot.toString()], 'every root that was ever shown is the one on chain');
  const sent = (await submissionsOnChain(venue)).filter((one) => one.epoch === epoch);
  assert.deepEqual(sent, [{ epoch, succeeded: true }], 'one submission, which succeeded');
  assert.equal((await operator.outbox()).filter((entry) => entry.epoch === epoch && entry.kind === 'submit-epoch').length, 1);
  const users = new Set<string>();
  const poseidon = await bulkPoseidon();
  const circuits = await readCircuitList('circuits/circuits.json');
  const attestation = { file: 'attestation.json', text: await operator.attestation(epoch) };
  for await (const line of operator.receiptTokens(epoch)) {
    const { token, user, subAccount } = JSON.parse(line) as { token: string; user: string; subAccount: string };
    const text = await new ServiceClient({ url }).receiptByToken(token);
    assert.ok(text !== undefined, 'every token opens a receipt');
    users.add(`${user}/${subAccount}`);
    const report = await verifyReceipt({
      receipt: { file: 'receipt.json', text }, record: { source: 'chain', record }, poseidon, circuits, expected: { userId: user },
      // The proofs are the same for all: once is enough.
      ...(users.size === 1 ? { attestation } : {}),
    });
    assert.equal(report.verdict, 'verified', JSON.stringify(report.steps.filter(({ outcome }) => outcome === 'failed')));
  }
  assert.equal(users.size, accounts, 'every account has its receipt, once');
  for (const { log } of processes) assert.doesNotMatch(await readFile(log, 'utf8'), new RegExp(CANARY), `${log} names no user`);
  return record.accountsRoot.toString();
}
