import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attestationSha256, parseAttestation } from '../../src/attestation/attestation-format.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { epochStatements } from '../../src/proving/epoch-statements.js';
import { readPlan } from '../../src/proving/plan-file.js';
import { orderSignals } from '../../src/statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS } from '../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_END_SIGNALS } from '../../src/statement/solvency-close-end.js';
import { SOLVENCY_CLOSE_PART_SIGNALS, type SolvencyClosePartSignals } from '../../src/statement/solvency-close-part.js';
import { withFolder } from './support.js';

const SEED = 20260522;
/** More than two workers make between the third proof and the last kill, on any machine. */
const FEWEST_PROOFS = 9;

/** The run under way: its progress, and how it ended. */
interface ProvingProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
  /** Resolves when the text appears on standard error, or the process ends. */
  said(text: string): Promise<void>;
}

function startProving(folder: string): ProvingProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/proving/prove-folder.ts', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  let over = false;
  const ended = new Promise<Awaited<ProvingProcess['ended']>>((resolve) => child.once('close', (code, signal) => {
    over = true;
    tell();
    resolve({ code, signal, stderr });
  }));
  const said = (text: string): Promise<void> => new Promise((resolve) => {
    const look = (): void => {
      if (over || stderr.includes(text)) resolve();
    };
    listeners.push(look);
    look();
  });
  return { child, ended, said };
}

/** Hash of every finished proof by file name. */
async function finishedProofs(folder: string): Promise<Map<string, string>> {
  const names = await readdir(join(folder, 'proofs')).catch(() => []);
  const whole = names.filter((name) => name.endsWith('.json'));
  return new Map(await Promise.all(whole.map(async (name) => [name, createHash('sha256').update(await readFile(join(folder, 'proofs', name))).digest('hex')] as const)));
}

/** Deterministic, so that a failing moment can be tried again. */
function* delays(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state % 300;
  }
}

describe('a proving run that is killed', () => {
  after(releaseCurves);

  it(`goes on where it stopped, at moments of seed ${SEED}, and ends in the statements of the one plan`, () => withFolder(async (parent) => {
    const folder = join(parent, 'epoch');
    const delay = delays(SEED);
    let before = new Map<string, string>();
    for (const heard of ['', 'proof 1 of ', 'proof 3 of ']) {
      const run = startProving(folder);
      // At first before anything is proven; then right after a proof, while others are under way.
      if (heard !== '') await run.said(heard);
      await new Promise((resolve) => setTimeout(resolve, (delay.next().value as number) + (heard === '' ? 600 : 0)));
      run.child.kill('SIGKILL');
      const { signal, stderr } = await run.ended;
      assert.equal(signal, 'SIGKILL', `killed too late or it failed: ${stderr}`);
      const now = await finishedProofs(folder);
      for (const [name, hash] of before) assert.equal(now.get(name), hash, `${name} was made again`);
      before = now;
    }
    assert.ok(before.size >= 3, `${before.size} proofs before the last run`);
    const planHeader = await readFile(join(folder, 'plan.json'));
    // What a kill in the middle of a write leaves; a kill seldom hits one.
    const half = ['plan-places.ndjson', 'proofs/batch-000004.json'].map((name) => join(folder, `${name}.4242-0badcafe.tmp`));
    await Promise.all(half.map((file) => writeFile(file, '{"s":"123', { mode: 0o600 })));

    const { code, stderr } = await startProving(folder).ended;
    assert.equal(code, 0, stderr);
    assert.ok(stderr.includes(`(${before.size} from an earlier run)`), stderr);
    const after = await finishedProofs(folder);
    assert.ok(after.size >= FEWEST_PROOFS && before.size < after.size, `${before.size} of ${after.size} proofs before the last run`);
    assert.ok(stderr.includes(`proof ${after.size} of ${after.size} `), stderr);
    for (const [name, hash] of before) assert.equal(after.get(name), hash, `${name} was made again`);
    assert.deepEqual(await readFile(join(folder, 'plan.json')), planHeader);
    const left = (await readdir(folder, { recursive: true })).filter((name) => !name.endsWith('.json') && !['plan-places.ndjson', 'proofs', 'receipts'].includes(name));
    assert.deepEqual(left, [], 'no half file and no lock is left');
    await assertWholeEpoch(folder);

    const hash = attestationSha256(parseAttestation(await readFile(join(folder, 'attestation.json'), 'utf8'), 'first'));
    assert.equal((await startProving(folder).ended).code, 0);
    assert.equal(attestationSha256(parseAttestation(await readFile(join(folder, 'attestation.json'), 'utf8'), 'second')), hash, 'another run changes nothing');
  }));
});

/** The attestation states what the plan says, and each proof verifies for exactly that. */
async function assertWholeEpoch(folder: string): Promise<void> {
  const plan = await readPlan(folder);
  assert.ok(plan !== undefined);
  const statements = epochStatements(await bulkPoseidon(), plan);
  const { batchSignals, closeSignals, parts } = statements;
  assert.ok(parts !== undefined && new Set(plan.batches.map(({ circuit }) => circuit)).size === 2, 'two shapes and parts');
  const attestation = parseAttestation(await readFile(join(folder, 'attestation.json'), 'utf8'), 'attestation.json');
  const { close } = attestation;
  assert.equal(close.accountsRoot, closeSignals.accountsRoot);
  assert.equal(close.shortfall, closeSignals.shortfall);
  assert.deepEqual(attestation.batches.map(({ accumulatorAfter }) => accumulatorAfter), batchSignals.map(({ accumulatorAfter }) => accumulatorAfter));
  const verifies = async (circuit: string, signals: bigint[], proof: Groth16Proof): Promise<boolean> => verifyProof(await loadVerificationKey('build/keys', circuit), signals, proof);
  for (const [place, signals] of batchSignals.entries()) {
    const { circuit, proof } = attestation.batches[place] as (typeof attestation.batches)[number];
    assert.ok(await verifies(circuit, orderSignals(SOLVENCY_BATCH_SIGNALS, signals), proof), `batch ${place}`);
  }
  assert.equal(close.parts?.proofs.length, parts.signals.length);
  for (const [place, { circuit, proof }] of (close.parts?.proofs ?? []).entries()) {
    assert.ok(await verifies(circuit, orderSignals(SOLVENCY_CLOSE_PART_SIGNALS, parts.signals[place] as SolvencyClosePartSignals), proof), `part ${place}`);
  }
  assert.ok(await verifies(close.circuit, orderSignals(SOLVENCY_CLOSE_END_SIGNALS, parts.endSignals), close.proof));
}
