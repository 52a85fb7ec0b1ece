import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { ARITY, emptyNodes, MerkleShapeError, type MerklePath16, type MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { elementAt, ELEMENT_BYTES, packElements } from '../field/element-bytes.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';

/*
 * An accounts tree in a file: a header of 64 bytes (magic, depth, number of leaves, root), then the filled nodes of every
 * level, leaves first, 32 bytes each, then SHA-256 of all before it. Integers are big-endian.
 */

const MAGIC = Buffer.from('cp-tree1', 'ascii');
const HEADER_BYTES = 64;
const DEPTH_AT = 8;
const LEAVES_AT = 12;
const ROOT_AT = 32;
const SHA256_BYTES = 32;
const NODES_A_PIECE = 4096;
const READ_BYTES = 2 ** 20;
/** 16^8 leaves are more than any file holds. */
const MAX_DEPTH = 8;

/** A tree's leaves do not make the root that was attested: nothing can be served from them. */
export class TreeFileError extends ClearproofError {
  readonly code = 'TREE_FILE';
}

/** Which tree a file is to hold. */
export interface ExpectedTree {
  readonly depth: number;
  readonly root: bigint;
}

/** Writes a tree whole or not at all, readable by its owner only. */
export async function writeTreeFile(path: string, tree: MerkleTree16): Promise<void> {
  await writeFileAtomically(path, piecesOf(tree), SECRET_FILE);
}

/** An open tree file. Paths are read from it, some hundred bytes a level; nothing else of it is in memory. */
export class TreeFile {
  private constructor(
    private readonly file: FileHandle,
    readonly depth: number,
    readonly leaves: number,
    readonly root: bigint,
    private readonly empty: readonly bigint[],
  ) {}

  /**
   * Opens a file and holds it against its checksum and the tree it is to hold. One that is missing, damaged or of another
   * tree is written anew from `rebuild`.
   *
   * @throws TreeFileError when what `rebuild` gives has another root
   */
  static async open(path: string, poseidon: Poseidon, expected: ExpectedTree, rebuild: () => Promise<MerkleTree16>): Promise<TreeFile> {
    const found = await TreeFile.openSound(path, poseidon, expected);
    if (found !== undefined) return found;
    const tree = await rebuild();
    if (tree.depth !== expected.depth || tree.root !== expected.root) {
      throw new TreeFileError(`the leaves of ${path} make another root than the attested one: restore the database from a backup`, { path });
    }
    await writeTreeFile(path, tree);
    const written = await TreeFile.openSound(path, poseidon, expected);
    if (written === undefined) throw new TreeFileError(`${path} does not read as it was written: look at the disk`, { path });
    return written;
  }

  /** Undefined when the file is missing, damaged or holds another tree. */
  private static async openSound(path: string, poseidon: Poseidon, { depth, root }: ExpectedTree): Promise<TreeFile | undefined> {
    const file = await openIfThere(path);
    if (file === undefined) return undefined;
    let tree: TreeFile | undefined;
    try {
      const header = await soundHeader(file);
      if (header?.depth !== depth || header.root !== root) return undefined;
      return (tree = new TreeFile(file, depth, header.leaves, root, emptyNodes(poseidon, depth)));
    } finally {
      if (tree === undefined) await file.close();
    }
  }

  /** Path of the leaf at `position`. @throws MerkleShapeError outside the tree */
  async path(position: number): Promise<MerklePath16> {
    if (!Number.isSafeInteger(position) || position < 0 || position >= ARITY ** this.depth) {
      throw new MerkleShapeError(`position ${position} is outside the tree of depth ${this.depth}`);
    }
    const siblings = await Promise.all(Array.from({ length: this.depth }, async (_, level) => {
      const place = Math.floor(position / ARITY ** level);
      const group = await this.group(level, place - (place % ARITY));
      return group.filter((_node, child) => child !== place % ARITY);
    }));
    return { position, siblings };
  }

  /** The leaf at `position`, 0 where none was filled. */
  async leaf(position: number): Promise<bigint> {
    const place = position % ARITY;
    return (await this.group(0, position - place))[place] as bigint;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Sixteen nodes of a level from `first`, the children of one node; empty ones where none were filled. */
  async group(level: number, first: number): Promise<bigint[]> {
    const there = Math.max(0, Math.min(ARITY, filledAt(this.leaves, level) - first));
    const bytes = Buffer.alloc(ELEMENT_BYTES * there);
    const { bytesRead } = await this.file.read(bytes, 0, bytes.length, HEADER_BYTES + ELEMENT_BYTES * (nodesBelow(this.leaves, level) + first));
    if (bytesRead !== bytes.length) throw new TreeFileError('a tree file became shorter while it was open: start again, it is then made anew');
    return Array.from({ length: ARITY }, (_, child) => (child < there ? elementAt(bytes, child) : (this.empty[level] as bigint)));
  }
}

function filledAt(leaves: number, level: number): number {
  return Math.ceil(leaves / ARITY ** level);
}

/** Nodes in the file before those of `level`. */
function nodesBelow(leaves: number, level: number): number {
  return Array.from({ length: level }, (_, below) => filledAt(leaves, below)).reduce((sum, count) => sum + count, 0);
}

function* piecesOf(tree: MerkleTree16): Generator<Uint8Array> {
  const hash = createHash('sha256');
  for (const piece of contentOf(tree)) {
    hash.update(piece);
    yield piece;
  }
  yield hash.digest();
}

function* contentOf(tree: MerkleTree16): Generator<Uint8Array> {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(tree.depth, DEPTH_AT);
  header.writeUIntBE(tree.filled(0), LEAVES_AT, 6);
  header.set(packElements([tree.root]), ROOT_AT);
  yield header;
  for (let level = 0; level <= tree.depth; level += 1) {
    const filled = filledAt(tree.filled(0), level);
    for (let first = 0; first < filled; first += NODES_A_PIECE) {
      yield packElements(Array.from({ length: Math.min(NODES_A_PIECE, filled - first) }, (_, offset) => tree.node(level, first + offset)));
    }
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
}

/** The header of a file whose length and checksum are right. */
async function soundHeader(file: FileHandle): Promise<{ readonly depth: number; readonly leaves: number; readonly root: bigint } | undefined> {
  const { size } = await file.stat();
  const header = Buffer.alloc(HEADER_BYTES);
  await file.read(header, 0, HEADER_BYTES, 0);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const [depth, leaves] = [header.readUInt32BE(DEPTH_AT), header.readUIntBE(LEAVES_AT, 6)];
  if (depth > MAX_DEPTH || size !== HEADER_BYTES + ELEMENT_BYTES * nodesBelow(leaves, depth + 1) + SHA256_BYTES) return undefined;
  const trailer = Buffer.alloc(SHA256_BYTES);
  await file.read(trailer, 0, SHA256_BYTES, size - SHA256_BYTES);
  if (!(await sha256Of(file, size - SHA256_BYTES)).equals(trailer)) return undefined;
  return { depth, leaves, root: elementAt(header, ROOT_AT / ELEMENT_BYTES) };
}

/** Of the first `length` bytes. */
async function sha256Of(file: FileHandle, length: number): Promise<Buffer> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(READ_BYTES, length - at), at);
    if (bytesRead === 0) break;
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest();
}
