import { packHoldings } from '../commitment/account-leaf.js';
import { ARITY } from '../commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { hashLists, type PoseidonMany } from '../commitment/poseidon-many.js';
import { NativePoseidon } from '../commitment/poseidon-native.js';
import { tagOf } from '../commitment/tags.js';
import { ELEMENT_BYTES } from '../field/element-bytes.js';
import { ElementWriter, littleEndianAt, packLittleEndian } from '../field/little-endian-elements.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { REQUEST } from '../native/frames.js';
import { NativeProgram } from '../native/program.js';
import { medianOf } from './bench-paired.js';
import { BenchProgramError, ownChildren } from './bench-programs.js';
import type { PoseidonFigures, PoseidonRate, TreeFigures } from './bench-report.js';

/** Pairs are what most hashes are of; sixteen are a node of the accounts tree. */
const INPUTS = [2, 16] as const;
/** So many a request, whatever the number of inputs. */
const ELEMENTS = 80_000;
const HASHES_OF_CIRCOMLIBJS = 1_000;
const RUNS = 3;
const TIMEOUT_MILLISECONDS = 120_000;

/** A large venue's accounts, and how many of them are hashed at once. */
const ACCOUNTS = 1_000_000;
const CHUNK = 50_000;
const SLOTS = 8;

/** @param arithmetics of the native program on this processor. @throws BenchProgramError */
export async function measurePoseidon(native: string | undefined, arithmetics: readonly string[]): Promise<PoseidonFigures> {
  return { rates: await measureRates(native, arithmetics), tree: native === undefined ? undefined : await measureTree(native, ACCOUNTS) };
}

/**
 * Keys and leaves of so many accounts of eight holdings, and the tree over them, by one native program of one thread: what stands between
 * a list of accounts and the root of their tree, packing included.
 */
export async function measureTree(native: string, accounts: number): Promise<TreeFigures> {
  const [ownBefore, childrenBefore] = [process.cpuUsage(), await ownChildren()];
  const started = performance.now();
  const many = new NativePoseidon(native);
  const root = await rootOf(many, accounts).finally(() => many.close());
  const seconds = (performance.now() - started) / 1000;
  const [own, children] = [process.cpuUsage(ownBefore), await ownChildren()];
  const coreSeconds = childrenBefore === undefined || children === undefined ? undefined : (own.user + own.system) / 1e6 + children - childrenBefore;
  return { accounts, seconds, coreSeconds, root: `${root}` };
}

async function rootOf(many: PoseidonMany, accounts: number): Promise<bigint> {
  const slots = Array.from({ length: SLOTS }, (_, slot) => ({ index: 3 * slot + 1, quantity: 1_000_003n * BigInt(slot + 1) }));
  const leaves = new ElementWriter(accounts);
  for (let first = 0; first < accounts; first += CHUNK) {
    const count = Math.min(CHUNK, accounts - first);
    const owners = new ElementWriter(3 * count);
    for (let account = first; account < first + count; account += 1) for (const part of [BigInt(account), FIELD_MODULUS - BigInt(account) - 1n, 0n]) owners.write(part);
    const keys = await hashLists(many, tagOf('key'), 3, owners.bytes);
    const words = packHoldings(slots).length;
    const lists = new ElementWriter((2 + words) * count);
    for (let account = 0; account < count; account += 1) {
      lists.copy(keys.subarray(ELEMENT_BYTES * account, ELEMENT_BYTES * (account + 1)));
      lists.write(FIELD_MODULUS - 7n * BigInt(first + account) - 5n);
      for (const word of packHoldings(slots)) lists.write(word);
    }
    leaves.copy(await hashLists(many, tagOf('leaf', SLOTS), 2 + words, lists.bytes));
  }
  return rootOver(many, leaves.bytes);
}

/** Missing nodes are 0 here: it is the same work. */
async function rootOver(many: PoseidonMany, leaves: Uint8Array): Promise<bigint> {
  let level = leaves;
  while (level.length > ELEMENT_BYTES) {
    const groups = new Uint8Array(Math.ceil(level.length / ELEMENT_BYTES / ARITY) * ARITY * ELEMENT_BYTES);
    groups.set(level);
    level = await many.hashMany(ARITY, groups);
  }
  return littleEndianAt(level, 0);
}

/** Hashes a second on one core: of the native program with each arithmetic, and of circomlibjs. Every first one is compared. */
async function measureRates(native: string | undefined, arithmetics: readonly string[]): Promise<PoseidonRate[]> {
  const poseidon = await bulkPoseidon();
  const rates: PoseidonRate[] = [];
  for (const inputs of INPUTS) {
    const first = elementsOf(inputs, 0);
    const expected = poseidon.hash(first);
    for (const by of native === undefined ? [] : arithmetics) rates.push({ by, inputs, hashesPerSecond: await nativeRate(native as string, by, inputs, expected) });
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      for (let hash = 0; hash < HASHES_OF_CIRCOMLIBJS; hash += 1) poseidon.hash(first);
      seconds.push((performance.now() - started) / 1000);
    }
    rates.push({ by: 'circomlibjs', inputs, hashesPerSecond: HASHES_OF_CIRCOMLIBJS / (medianOf(seconds) as number) });
  }
  return rates;
}

async function nativeRate(path: string, arithmetic: string, inputs: number, expected: bigint): Promise<number> {
  const program = new NativeProgram(path, ['poseidon', '--threads', '1', '--arithmetic', arithmetic]);
  const hashed = ELEMENTS / inputs;
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, hashed, true);
  const elements = packLittleEndian(Array.from({ length: hashed }, (_, hash) => elementsOf(inputs, hash)).flat());
  try {
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const hashes = await program.request({ kind: REQUEST.hash, body: [Uint8Array.of(inputs), count, elements], mostBytes: hashed * ELEMENT_BYTES, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
      seconds.push((performance.now() - started) / 1000);
      if (hashes.length !== hashed * ELEMENT_BYTES || littleEndianAt(hashes, 0) !== expected) {
        throw new BenchProgramError(`${path} hashes another way than circomlibjs with ${arithmetic}`, { program: path, arithmetic });
      }
    }
    return hashed / (medianOf(seconds) as number);
  } finally {
    await program.close();
  }
}

/** Spread over the field. */
function elementsOf(inputs: number, hash: number): bigint[] {
  return Array.from({ length: inputs }, (_, place) => (FIELD_MODULUS / BigInt(2 + place + (hash % 1000))) - BigInt(hash));
}
