import assert from 'node:assert/strict';
import { openSnapshotCall, readRegistryCall, RegistryCallError, submitEpochCall } from '../../src/chain/registry-calls.js';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { mockSubmission } from './local-venue.js';

describe('calls of a registry', () => {
  const place = { chainId: 31337n, registry: '0x00000000000000000000000000000000000000aa', venueId: 7n };
  const submission = mockSubmission(place as Parameters<typeof mockSubmission>[0], 3);

  it('are read back as they were made', () => {
    assert.deepEqual(readRegistryCall(openSnapshotCall(7n)), { kind: 'open-snapshot', venueId: 7n });
    assert.deepEqual(readRegistryCall(submitEpochCall(7n, submission)), {
      kind: 'submit-epoch', venueId: 7n, epoch: 3, claim: { marketCommitment: 5555n, genesisAccumulator: 11n, finalAccumulator: 302n, accountsRoot: 77n },
    });
    assert.deepEqual(readRegistryCall(submitEpochCall(7n, { ...submission, batches: [] })), {
      kind: 'submit-epoch', venueId: 7n, epoch: 3, claim: { marketCommitment: 5555n, genesisAccumulator: 11n, finalAccumulator: 11n, accountsRoot: 77n },
    });
  });

  it('are refused when they are damaged, or others', () => {
    const whole = submitEpochCall(7n, submission);
    const strange = REGISTRY_INTERFACE.encodeFunctionData('registerSettlementAssets', [7n, []]);
    const bytes = Uint8Array.from(Buffer.from(strange.slice(2), 'hex'));
    for (const damaged of [whole.slice(0, whole.length - 64), whole.slice(0, 4), bytes, new Uint8Array(), new Uint8Array([1, 2, 3])]) {
      assert.throws(() => readRegistryCall(damaged), (error: unknown) => error instanceof RegistryCallError && error.message.includes('the stored entry is damaged'), `${damaged.length} bytes`);
    }
  });
});
