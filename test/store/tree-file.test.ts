import assert from 'node:assert/strict';
import { open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { TreeFile, writeTreeFile } from '../../src/store/tree-file.js';
import { withFolder } from './databases.js';

const never = (): Promise<MerkleTree16> => Promise.reject(new Error('rebuilt without need'));

describe('a tree file', () => {
  const trees = new Map<string, MerkleTree16>();
  /** Leaf values are what they are; hashing them is what takes time. */
  const treeOf = (depth: number, leaves: number): MerkleTree16 => {
    const name = `${depth} ${leaves}`;
    const tree = trees.get(name) ?? MerkleTree16.ofLeaves(poseidon, depth, Array.from({ length: leaves }, (_, place) => 1000n + BigInt(place)));
    trees.set(name, tree);
    return tree;
  };
  const inFile = async (tree: MerkleTree16, work: (path: string) => Promise<void>): Promise<void> => withFolder(async (folder) => {
    const path = join(folder, 'trees', '7.tree');
    await writeTreeFile(path, tree);
    await work(path);
  });
  async function using<Result>(opened: Promise<TreeFile>, work: (file: TreeFile) => Promise<Result>): Promise<Result> {
    const file = await opened;
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }

  for (const [depth, leaves] of [[1, 1], [1, 16], [2, 17], [2, 256], [3, 300], [5, 32]] as const) {
    it(`gives the paths of its tree: ${leaves} leaves at depth ${depth}`, async () => {
      const tree = treeOf(depth, leaves);
      await inFile(tree, (path) => using(TreeFile.open(path, poseidon, tree, never), async (file) => {
        assert.deepEqual([file.depth, file.leaves, file.root], [depth, leaves, tree.root]);
        for (const position of new Set([0, leaves - 1, Math.floor(leaves / 2), Math.min(leaves, 16 ** depth - 1), 16 ** depth - 1])) {
          assert.deepEqual(await file.path(position), tree.path(position), `position ${position}`);
          assert.equal(await file.leaf(position), tree.node(0, position));
        }
        for (const position of [-1, 16 ** depth, 0.5]) await assert.rejects(file.path(position), { code: 'MERKLE_SHAPE' });
      }));
    });
  }

  it('is for its owner alone, and nothing half-written stays beside it', async () => {
    await inFile(treeOf(2, 17), async (path) => {
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(join(path, '..')), ['7.tree']);
    });
  });

  it('holds 32 bytes for each filled node', async () => {
    await inFile(treeOf(3, 300), async (path) => assert.equal((await stat(path)).size, 64 + 32 * (300 + 19 + 2 + 1) + 32));
  });

  describe('is made again from its leaves', () => {
    const changeByte = async (path: string, at: number): Promise<void> => {
      const file = await open(path, 'r+');
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, at);
      await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
      await file.close();
    };
    const damages: readonly (readonly [string, (path: string, size: number) => Promise<void>])[] = [
      ['when a leaf has another bit', (path) => changeByte(path, 64 + 31)],
      ['when the root in the header has', (path) => changeByte(path, 40)],
      ['when the checksum has', (path, size) => changeByte(path, size - 1)],
      ['when the magic has', (path) => changeByte(path, 0)],
      ['when it ends early', (path, size) => truncate(path, size - 32)],
      ['when it is empty', (path) => truncate(path, 0)],
      ['when it goes on', (path) => writeFile(path, 'more', { flag: 'a' })],
      ['when it claims to be of another depth', (path) => changeByte(path, 11)],
    ];
    for (const [title, damage] of damages) {
      it(title, async () => {
        const tree = treeOf(2, 17);
        await inFile(tree, async (path) => {
          const sound = await readFile(path);
          await damage(path, sound.length);
          let rebuilt = 0;
          const rebuild = (): Promise<MerkleTree16> => Promise.resolve((rebuilt += 1)).then(() => tree);
          await using(TreeFile.open(path, poseidon, tree, rebuild), async (file) => assert.deepEqual(await file.path(16), tree.path(16)));
          assert.equal(rebuilt, 1);
          assert.deepEqual(await readFile(path), sound);
        });
      });
    }

    it('when it is missing', async () => {
      const tree = treeOf(2, 17);
      await withFolder((folder) => using(TreeFile.open(join(folder, 'new', '1.tree'), poseidon, tree, () => Promise.resolve(tree)),
        async (file) => assert.deepEqual(await file.path(3), tree.path(3))));
    });

    it('when it holds a sound tree, but not the expected one', async () => {
      const [other, tree] = [treeOf(2, 18), treeOf(2, 17)];
      await inFile(other, (path) => using(TreeFile.open(path, poseidon, tree, () => Promise.resolve(tree)),
        async (file) => assert.deepEqual(await file.path(3), tree.path(3))));
    });
  });

  it('is not written from leaves that make another root', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, '1.tree');
      await assert.rejects(TreeFile.open(path, poseidon, treeOf(2, 17), () => Promise.resolve(treeOf(2, 18))), { code: 'TREE_FILE', message: /make another root than the attested one/ });
      assert.deepEqual(await readdir(folder), []);
    });
  });

  it('says so when it is cut while it is open', async () => {
    const tree = treeOf(2, 17);
    await inFile(tree, (path) => using(TreeFile.open(path, poseidon, tree, never), async (file) => {
      await truncate(path, 100);
      await assert.rejects(file.path(16), { code: 'TREE_FILE', message: /became shorter/ });
    }));
  });
});
