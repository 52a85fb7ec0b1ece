import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../error/clearproof-error.js';
import { readCeremony, readTranscriptFile, requireWhole, type CeremonyState } from './ceremony-folder.js';
import { messageToSign, transcriptText, type SignatureChecker } from './ceremony-format.js';
import type { ContributionRecord, PhaseOneSource } from './ceremony-records.js';
import { CannotTellError, CeremonyMismatchError, StepList, type CeremonyOutcome, type CeremonyStep } from './ceremony-report.js';
import { transcriptOf } from './finish.js';
import { verifyCircuit, verifyNewest, type CircuitProgress, type VerifiedKey } from './verify-circuit.js';

/** What a phase-1 file is, as whoever verifies finds it out. */
export type PhaseOneFacts = Pick<PhaseOneSource, 'blake2b' | 'power' | 'published'>;

/** A ceremony's folder, and what it is held against. What is absent cannot be asked; the report says so. */
export interface CeremonyQuestion {
  readonly directory: string;
  /** The verifier's own copy; `facts` hashes it and looks the hash up. */
  readonly phaseOne?: { readonly path: string; readonly facts: () => Promise<PhaseOneFacts> } | undefined;
  /** Path of the constraints that the verifier compiled from the circuit's source. */
  readonly r1csOf: (circuit: string) => string;
  readonly isSignedBy?: SignatureChecker | undefined;
  /** Hash of a block, 64 hex digits; undefined while there is no such block, or not for good. */
  readonly blockHashOf?: ((chainId: number, block: number) => Promise<string | undefined>) | undefined;
  /** Only the newest contribution, against the keys before it: for coordinator and next contributor. Says nothing of circuit and phase 1. */
  readonly latest?: boolean | undefined;
  /** A folder for initial keys that are gone and made again, as large as the largest key; the system's for temporary files unless told. */
  readonly scratch?: string | undefined;
  readonly progress?: CircuitProgress | undefined;
}

/** Who is named for a contribution. */
export interface NamedContributor {
  readonly index: number;
  readonly kind: ContributionRecord['kind'];
  readonly contributor: string;
  /** The address whose signature was checked; absent where there is none, or it was not. */
  readonly signedBy?: string;
  readonly hashes: readonly { readonly circuit: string; readonly contributionHash: string }[];
}

export interface CeremonyReport {
  readonly outcome: CeremonyOutcome;
  readonly steps: readonly CeremonyStep[];
  /** Absent when the records could not be read. */
  readonly ceremony?: { readonly id: string; readonly title: string; readonly minimumContributions: number };
  /** Unless the verifier's own copy of the phase-1 file is a published one, every key is INSECURE, whoever contributed. */
  readonly insecure: boolean;
  readonly contributors: readonly NamedContributor[];
  /** Last keys, of the circuits all of whose steps passed. */
  readonly keys: readonly VerifiedKey[];
}

/**
 * Verifies a ceremony: every record, every contribution in every key, the keys against circuits and phase 1, the beacon against its block.
 *
 * What nobody can check: that contributors were different people and forgot their secrets, and that the announcement was published before its block.
 *
 * @returns a report; a ceremony that does not hold is no error. Throws what is no refusal of this project (a bug, or memory)
 */
export async function verifyCeremony(question: CeremonyQuestion): Promise<CeremonyReport> {
  const steps = new StepList();
  const state = await steps.ask('records', undefined, () => readRecords(question));
  if (state === undefined) return { outcome: steps.outcome, steps: steps.steps, insecure: true, contributors: [], keys: [] };
  const { id, title, minimumContributions } = state.plan.value;
  const facts = question.latest === true ? undefined : await askPhaseOne(steps, state, question);
  const contributors = await askSignatures(steps, state, question);
  if (question.latest !== true) {
    await steps.ask('minimum', undefined, () => enoughContributions(state));
    await askBeacon(steps, state, question);
  }
  const keys = await withScratch(question.scratch, (scratch) => askCircuits(steps, state, { question, scratch, phaseOneIsThePlans: facts !== undefined }));
  if (question.latest !== true && isFinished(state)) await askTranscript(steps, state);
  return {
    outcome: steps.outcome, steps: steps.steps, ceremony: { id, title, minimumContributions },
    insecure: facts?.published !== true, contributors, keys,
  };
}

async function readRecords({ directory, latest }: CeremonyQuestion): Promise<{ says: string; value: CeremonyState }> {
  const value = await readCeremony(directory);
  if (latest !== true) requireWhole(value);
  return { says: `the plan and ${value.records.length} records follow each other, each naming the hash of the one before`, value };
}

/** The verifier's copy of the phase-1 file is the plan's; whether it was published is looked up here, whatever the plan says. */
async function askPhaseOne(steps: StepList, state: CeremonyState, { phaseOne }: CeremonyQuestion): Promise<PhaseOneFacts | undefined> {
  const plan = state.plan.value.phaseOne;
  const facts = await steps.ask('phase-1 file', undefined, async () => {
    if (phaseOne === undefined) throw new CannotTellError(`no phase-1 file was given: get ${plan.file} (blake2b-512 ${plan.blake2b}) and name it`);
    const value = await phaseOne.facts();
    if (value.blake2b !== plan.blake2b || value.power !== plan.power) {
      throw new CeremonyMismatchError(`${phaseOne.path} has blake2b-512 ${value.blake2b} and power ${value.power}, but the ceremony is over ${plan.file} with ${plan.blake2b} and power ${plan.power}: give that file`);
    }
    return { says: `${phaseOne.path} is the file of the plan (blake2b-512 ${value.blake2b})`, value };
  });
  if (facts === undefined) return undefined;
  await steps.ask('phase-1 ceremony', undefined, () => {
    if (facts.published !== plan.published) {
      throw new CeremonyMismatchError(`the plan says that its phase-1 file is ${plan.published ? '' : 'not '}a published one, and it is ${facts.published ? '' : 'not '}in the table: do not trust this ceremony`);
    }
    return { says: facts.published ? 'the phase-1 file is one of the published table: good if one of its contributors forgot a secret' : 'the phase-1 file was not published by anyone: every key of this ceremony is INSECURE', value: undefined };
  });
  return facts;
}

async function askSignatures(steps: StepList, { records }: CeremonyState, { isSignedBy, latest }: CeremonyQuestion): Promise<readonly NamedContributor[]> {
  const contributors: NamedContributor[] = [];
  for (const { file, value } of latest === true ? records.slice(-1) : records) {
    const { index, kind, contributor, signature, circuits } = value;
    const named = { index, kind, contributor, hashes: circuits.map(({ name, contributionHash }) => ({ circuit: name, contributionHash })) };
    const signedBy = signature === undefined ? undefined : await steps.ask('signature', `contribution ${index}`, () => {
      if (isSignedBy === undefined) throw new CannotTellError(`${file} is signed, and nothing here checks signatures`);
      if (!isSignedBy(messageToSign(value), signature)) throw new CeremonyMismatchError(`${file}: ${signature.address} did not sign it: the record was changed, or is not by its contributor`, { file });
      return { says: `${signature.address} signed it (whose address that is, ask ${contributor})`, value: signature.address };
    });
    contributors.push(signedBy === undefined ? named : { ...named, signedBy });
  }
  return contributors;
}

function enoughContributions(state: CeremonyState): { says: string; value: undefined } {
  const { minimumContributions } = state.plan.value;
  const made = state.records.filter(({ value }) => value.kind === 'contribution');
  const names = new Set(made.map(({ value }) => value.contributor));
  const says = `${made.length} contributions under ${names.size} names, of ${minimumContributions} needed`;
  if (made.length >= minimumContributions) return { says, value: undefined };
  if (!isFinished(state)) throw new CannotTellError(`${says} so far`);
  throw new CeremonyMismatchError(`${says}: the ceremony ended too early, hold another`);
}

/** That the beacon is last and answers the announcement, reading the records has checked. */
async function askBeacon(steps: StepList, state: CeremonyState, { blockHashOf }: CeremonyQuestion): Promise<void> {
  const [last, announcement] = [state.records.at(-1)?.value, state.announcement?.value];
  await steps.ask('beacon', undefined, () => {
    if (isFinished(state)) return { says: 'the last contribution is the beacon that was announced', value: undefined };
    throw new CannotTellError(announcement === undefined ? 'no beacon is announced yet: the ceremony is not finished' : 'the announced beacon is not applied yet: the ceremony is not finished');
  });
  if (announcement === undefined) return;
  const { chainId } = announcement;
  const isOf = async (block: number, hash: string): Promise<{ says: string; value: undefined }> => {
    const found = await blockHash(blockHashOf, chainId, block);
    if (found !== hash) throw new CeremonyMismatchError(`block ${block} of chain ${chainId} has hash ${found}, not ${hash}: do not trust this ceremony`);
    return { says: `block ${block} of chain ${chainId} has hash ${hash}`, value: undefined };
  };
  await steps.ask('announcement', undefined, () => isOf(announcement.newestBlock, announcement.newestBlockHash));
  const value = last?.beacon?.blockHash;
  if (value !== undefined) await steps.ask('block', undefined, () => isOf(announcement.block, value));
}

async function blockHash(blockHashOf: CeremonyQuestion['blockHashOf'], chainId: number, block: number): Promise<string> {
  if (blockHashOf === undefined) throw new CannotTellError(`block ${block} of chain ${chainId} was not looked at: name an RPC`);
  let found: string | undefined;
  try {
    found = await blockHashOf(chainId, block);
  } catch (cause) {
    throw new CannotTellError(`block ${block} of chain ${chainId} could not be read: ${messageOf(cause)}`, { chainId, block }, { cause });
  }
  if (found === undefined) throw new CannotTellError(`there is no block ${block} on chain ${chainId} yet, or none for good`, { chainId, block });
  return found.toLowerCase().replace(/^0x/, '');
}

/** Whoever was given transcript.json alone holds what the folder says. */
async function askTranscript(steps: StepList, state: CeremonyState): Promise<void> {
  await steps.ask('transcript', undefined, async () => {
    const transcript = await readTranscriptFile(state.directory);
    if (transcript === undefined) return { says: 'there is no transcript.json yet: it follows from the other files', value: undefined };
    if (transcriptText(transcript.value) === transcriptText(await transcriptOf(state))) return { says: `transcript.json (SHA-256 ${transcript.sha256}) says what the other files say`, value: undefined };
    throw new CeremonyMismatchError(`${transcript.file} does not follow from the other files of the ceremony: it was changed, or they were`, { file: transcript.file });
  });
}

function isFinished({ records }: CeremonyState): boolean {
  return records.at(-1)?.value.kind === 'beacon';
}

interface CircuitContext {
  readonly question: CeremonyQuestion;
  readonly scratch: string;
  readonly phaseOneIsThePlans: boolean;
}

async function askCircuits(steps: StepList, state: CeremonyState, { question, scratch, phaseOneIsThePlans }: CircuitContext): Promise<readonly VerifiedKey[]> {
  const keys: VerifiedKey[] = [];
  for (const [place, planned] of state.plan.value.circuits.entries()) {
    const work = { steps, state, planned, progress: question.progress, place: place + 1 };
    const ptau = phaseOneIsThePlans ? question.phaseOne?.path : undefined;
    const key = question.latest === true ? await verifyNewest(work) : await verifyCircuit({ ...work, r1cs: question.r1csOf(planned.name), ptau, scratch });
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

async function withScratch<Value>(parent: string | undefined, work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(parent ?? tmpdir(), 'clearproof-ceremony-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
