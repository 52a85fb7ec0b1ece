import assert from 'node:assert/strict';
import { Interface } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { GATEWAY_ABI, GATEWAY_INBOX_ABI, HYPERLANE_GATEWAY_ABI, MESSAGE_ORIGIN_ABI } from '../../src/chain/gateway-abi.js';
import { interoperableAddress, parseEnvelope, satelliteOf } from '../../src/chain/gateway-envelope.js';
import { MAILBOX_INTERFACE, MERKLE_TREE_HOOK_INTERFACE, SECURITY_MODULE_FACTORY_INTERFACE, SECURITY_MODULE_INTERFACE } from '../../src/chain/mailbox-abi.js';
import { ensureHyperlane } from '../../src/toolchain/hyperlane.js';

const OURS = 'build/contracts';

describe('what relayers know of contracts', function () {
  this.timeout(600_000);

  for (const [name, abi] of [
    ['HyperlaneGateway', [...GATEWAY_ABI, ...HYPERLANE_GATEWAY_ABI]], ['OptimismGateway', GATEWAY_ABI], ['SolvencyBeacon', MESSAGE_ORIGIN_ABI],
    ['SolvencyMirror', GATEWAY_INBOX_ABI], ['SatelliteHub', [...GATEWAY_INBOX_ABI, ...MESSAGE_ORIGIN_ABI]],
    ['SatelliteVault', [...GATEWAY_INBOX_ABI, ...MESSAGE_ORIGIN_ABI]],
  ] as const) it(`is what ${name} has`, () => assertPart(OURS, name, new Interface(abi)));

  it('is what Hyperlane\'s contracts have', async () => {
    const folder = await ensureHyperlane({ root: process.cwd() });
    await assertPart(folder, 'Mailbox', MAILBOX_INTERFACE);
    await assertPart(folder, 'MerkleTreeHook', MERKLE_TREE_HOOK_INTERFACE);
    await assertPart(folder, 'StaticMessageIdMultisigIsm', SECURITY_MODULE_INTERFACE);
    await assertPart(folder, 'StaticMessageIdMultisigIsmFactory', SECURITY_MODULE_FACTORY_INTERFACE);
  });

  it('spells an account as OpenZeppelin\'s InteroperableAddress does', () => {
    assert.equal(interoperableAddress(31337n, '0x5FbDB2315678afecb367f032d93F642f64180aa3').toLowerCase(), '0x00010000027a69145fbdb2315678afecb367f032d93f642f64180aa3');
    assert.equal(interoperableAddress(1n, '0x5FbDB2315678afecb367f032d93F642f64180aa3').toLowerCase(), '0x000100000101145fbdb2315678afecb367f032d93f642f64180aa3');
  });

  it('finds whom a hub\'s message is for, whatever else its facts say, and refuses bytes that are none', () => {
    const body = `0x${['20', '20', '539', '5fbdb2315678afecb367f032d93f642f64180aa3', '7'].map((word) => word.padStart(64, '0')).join('')}`;
    const message = { kind: 'lease', chainId: 1n, origin: '', registry: '', venueId: 1n, sequence: 1n, sentAt: 0, body } as const;
    assert.deepEqual(satelliteOf(message), { chainId: 1337n, satellite: '0x5FbDB2315678afecb367f032d93F642f64180aa3' });
    assert.equal(satelliteOf({ ...message, kind: 'epoch' }), undefined);
    assert.throws(() => satelliteOf({ ...message, body: '0x' }), { code: 'CHAIN_REQUEST' });
    assert.throws(() => parseEnvelope('0x1234'), { code: 'CHAIN_REQUEST' });
  });
});

/** Everything that is written out is in the compiled contract, with the same types. Errors that pass through from elsewhere are left out. */
async function assertPart(folder: string, name: string, part: Interface): Promise<void> {
  const known = new Set((await readArtifact(folder, name)).interface.fragments.map((fragment) => fragment.format('minimal')));
  const missing = part.fragments.filter(({ type }) => type !== 'error').map((fragment) => fragment.format('minimal')).filter((one) => !known.has(one));
  assert.deepEqual(missing, []);
}
