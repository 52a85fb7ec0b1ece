import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { checkManifestSignature, signKeyManifest } from '../../src/chain/manifest-signature.js';
import { recordSigner } from '../../src/chain/record-signature.js';
import { serializeKeyManifest } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, sha256 } from '../../src/groth16/key-manifest.js';
import { toolVersions } from '../../src/groth16/tool-versions.js';

const signer = new Wallet(`0x${'11'.repeat(32)}`);
const stranger = new Wallet(`0x${'22'.repeat(32)}`);
const MANIFEST = serializeKeyManifest({ version: 2, tools: toolVersions(), keys: {} });

describe('the signature of a key manifest', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-signature-'));
    await writeFile(keyPaths.manifest(folder), MANIFEST);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function refuses(message: RegExp, required?: string, code = 'KEY_SIGNATURE'): Promise<void> {
    await assert.rejects(checkManifestSignature(folder, required), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }

  const change = async (members: Readonly<Record<string, unknown>>): Promise<void> => {
    const text = await readFile(keyPaths.signature(folder), 'utf8');
    await writeFile(keyPaths.signature(folder), JSON.stringify({ ...JSON.parse(text) as object, ...members }));
  };

  it('is optional, and told with its signer where it is there', async () => {
    assert.equal(await checkManifestSignature(folder), undefined);
    const { manifestSha256 } = await signKeyManifest(folder, signer);
    assert.equal(manifestSha256, sha256(MANIFEST));
    assert.equal(await checkManifestSignature(folder), signer.address);
    for (const spelt of [signer.address, signer.address.toLowerCase()]) assert.equal(await checkManifestSignature(folder, spelt), signer.address);
  });

  it('is required of whom it is asked: neither a missing one nor another signer\'s will do [P-203]', async () => {
    await refuses(new RegExp(`manifest\\.sig\\.json is not there, and ${signer.address} must have signed`), signer.address);
    await signKeyManifest(folder, stranger);
    await refuses(new RegExp(`is signed by ${stranger.address} and must be by ${signer.address}`), signer.address);
    await change({ address: signer.address });
    await refuses(new RegExp(`is no signature of ${signer.address} over .*manifest\\.json`), signer.address);
  });

  it('is over every byte of this manifest, and of no other [P-203]', async () => {
    await signKeyManifest(folder, signer);
    await writeFile(keyPaths.manifest(folder), MANIFEST.replace('\n', ' \n'));
    await refuses(/which was changed since or is another/);
    await refuses(/which was changed since or is another/, signer.address);
    await rm(keyPaths.manifest(folder));
    await refuses(/manifest\.json cannot be read/, undefined, 'KEY_MISSING');
  });

  it('is none over a contribution of a ceremony, nor the other way round', async () => {
    await signKeyManifest(folder, signer);
    for (const text of ['clearproof-contribution ', '']) await change({ signature: await signer.signMessage(`${text}${sha256(MANIFEST)}`) }).then(() => refuses(/is no signature of/));
    assert.equal((await recordSigner(signer)).check(`clearproof-contribution ${sha256(MANIFEST)}`, JSON.parse(await readFile(keyPaths.signature(folder), 'utf8')) as { address: string; signature: string }), false);
  });

  it('is read strictly: whatever is not its format is named', async () => {
    await signKeyManifest(folder, signer);
    const good = await readFile(keyPaths.signature(folder), 'utf8');
    const broken: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
      [{ format: 'clearproof-keys' }, /must have the format "clearproof-keys-signature"/], [{ version: 2 }, /must have the version 1/],
      [{ address: '0x12' }, /lacks the signer's "address"/], [{ signature: '0x' }, /lacks a "signature"/], [{ by: 'Ada' }, /has "by", which means nothing here/],
      [{ address: signer.address.toLowerCase() }, /is no signature of/],
    ];
    for (const [members, message] of broken) {
      await writeFile(keyPaths.signature(folder), good);
      await change(members);
      await refuses(message);
    }
    for (const [text, message] of [['{', /is not JSON/], ['[]', /must be an object/], [' '.repeat(5000), /is too long/]] as const) {
      await writeFile(keyPaths.signature(folder), text);
      await refuses(message);
    }
  });

  it('is asked of no mistyped address, and put under nothing that is no manifest', async () => {
    for (const text of [signer.address.replace('E', 'e'), '0x12', 'ada.eth']) await refuses(/is no address that can sign/, text);
    await writeFile(keyPaths.manifest(folder), '{}');
    await assert.rejects(signKeyManifest(folder, signer), { code: 'KEY_MANIFEST' });
    await assert.rejects(readFile(keyPaths.signature(folder)), { code: 'ENOENT' });
  });
});
