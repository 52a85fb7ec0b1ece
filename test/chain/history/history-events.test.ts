import assert from 'node:assert/strict';
import { FunctionFragment, type EventFragment, type Fragment, type Interface } from 'ethers';
import { readArtifact } from '../../../src/chain/contract-artifact.js';
import {
  DISPUTES_HISTORY, ESCROW_HISTORY, MARKET_BOARD_HISTORY, PRICE_BOARD_HISTORY, REGISTRY_HISTORY, RESERVES_HISTORY, STATED_MARKETS_HISTORY, TOKEN_HISTORY, VAULT_HISTORY,
} from '../../../src/chain/history/history-events.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../../src/toolchain/contracts.js';

/** The vault, and the parts that run in its place. */
const VAULT = ['CollateralVault', 'VaultPayouts', 'VaultWindUp'];
/** Every contract that answers to an interface: reserves are kept by two kinds of contract. */
const WRITTEN: readonly (readonly [written: Interface, ...contracts: readonly string[]])[] = [
  [REGISTRY_HISTORY, 'SolvencyRegistry'], [PRICE_BOARD_HISTORY, 'PriceBoard'], [MARKET_BOARD_HISTORY, 'MarketBoard'], [STATED_MARKETS_HISTORY, 'StatedMarkets'],
  [VAULT_HISTORY, ...VAULT], [RESERVES_HISTORY, 'CollateralVault'], [RESERVES_HISTORY, 'ReserveEscrow'], [ESCROW_HISTORY, 'ReserveEscrow'],
  [DISPUTES_HISTORY, 'OmissionChallenges'], [TOKEN_HISTORY, 'TestToken'],
];
/** Events that no history reads: of what state tells as well, of what happens to one user, and of the registry's or vault's owner, not of a venue. */
const LEFT_OUT: readonly string[] = [
  'OwnershipTransferStarted', 'OwnershipTransferred', 'EIP712DomainChanged', 'TokenAllowed', 'ReservesCheckpointed',
  'BondReclaimed', 'ChallengeBondReclaimed', 'ClearedDeposited', 'DepositRefunded', 'MovedToTree', 'NullifierUsed', 'RequestCancelled', 'RequestDeferred', 'RequestPaid',
  'ExitRegistered', 'MarkReported', 'RoundSettled', 'SettlementRowStated',
];

describe('what a history is read from', function () {
  this.timeout(240_000);
  const compiled = new Map<string, Interface>();

  before(async () => {
    await ensureContracts({ root: '.' });
    for (const name of WRITTEN.flatMap(([, ...contracts]) => contracts)) compiled.set(name, (await readArtifact(CONTRACT_ARTIFACTS, name)).interface);
  });
  const fragmentsOf = (contracts: readonly string[]): readonly Fragment[] => contracts.flatMap((name) => compiled.get(name)?.fragments ?? []);

  it('is part of the compiled contracts, name by name, type by type and topic by topic', () => {
    for (const [written, ...contracts] of WRITTEN) {
      const known = new Set(fragmentsOf(contracts).flatMap(spellings));
      assert.ok(written.fragments.length > 0);
      assert.deepEqual(written.fragments.filter((fragment) => !spellings(fragment).some((one) => known.has(one))).map((fragment) => fragment.format('full')), [], contracts.join());
    }
  });

  it('has every event of each contract, but those that are known to be left out', () => {
    const seen = new Set<string>();
    for (const [written, ...contracts] of WRITTEN.filter(([one]) => one !== TOKEN_HISTORY && one !== RESERVES_HISTORY)) {
      const topics = new Set(eventsOf(written.fragments).map((event) => event.topicHash));
      const missing = eventsOf(fragmentsOf(contracts)).filter(({ topicHash }) => !topics.has(topicHash)).map(({ name }) => name);
      missing.forEach((name) => seen.add(name));
      assert.deepEqual(missing.filter((name) => !LEFT_OUT.includes(name)), [], contracts.join());
    }
    assert.deepEqual(LEFT_OUT.filter((name) => !seen.has(name)), [], 'what is left out is there');
  });
});

/** Answered by vault and escrow: one looks it up and the other, which knows no limits and is always open, does not, so `view` is `pure` there. */
const SHARED: readonly string[] = ['limits(uint256,uint256)', 'state(uint256)'];

/** Errors come through from other contracts, whose names of parameters may differ. */
function spellings(fragment: Fragment): string[] {
  if (fragment.type === 'constructor' || fragment.type === 'fallback') return [];
  const bare = fragment.format('sighash');
  if (fragment instanceof FunctionFragment && SHARED.includes(bare)) return [`${bare} ${fragment.outputs.map((output) => output.format('sighash')).join()}`];
  return [fragment.type === 'error' ? bare : fragment.format('full')];
}

function eventsOf(fragments: readonly Fragment[]): EventFragment[] {
  return fragments.filter((fragment): fragment is EventFragment => fragment.type === 'event');
}
