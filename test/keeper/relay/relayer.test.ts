import assert from 'node:assert/strict';
import { id, keccak256 } from 'ethers';
import { ContractRevertedError } from '../../../src/chain/errors.js';
import type { MadeMessage } from '../../../src/chain/gateway-client.js';
import type { MessageKind } from '../../../src/chain/gateway-envelope.js';
import type { KeeperClock } from '../../../src/keeper/keeper-ports.js';
import { Attempts } from '../../../src/keeper/relay/attempts.js';
import { RelayMetrics } from '../../../src/keeper/relay/relay-metrics.js';
import type { RelayChain } from '../../../src/keeper/relay/relay-ports.js';
import { parseRelayState, serializeRelayState, type RelayState } from '../../../src/keeper/relay/relay-state.js';
import { Relayer } from '../../../src/keeper/relay/relayer.js';
import { Route } from '../../../src/keeper/relay/route.js';
import { upkeepOf } from '../../../src/keeper/relay/upkeep.js';
import { GATEWAY, HOOK } from './fake-source.js';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined } as const;
const ROUTE = { name: 'one', from: 'home', to: 'other', origin: HOOK, recipient: HOOK, gateways: [{ sends: GATEWAY, delivers: GATEWAY, signatures: [] }], keep: undefined } as const;
const NEVER = new AbortController().signal;

describe('a relayer', () => {
  let now: number;
  const clock: KeeperClock = { now: () => now, wait: () => Promise.resolve() };
  beforeEach(() => {
    now = 1_000_000;
  });

  it('lets the fault of one route stop no other, and that one wait longer each time', async () => {
    const looks = { bad: 0, good: 0 };
    const saved: RelayState[] = [];
    const relayer = new Relayer({
      routes: [
        { name: 'bad', cursor: 3, look: () => Promise.reject(new Error(`fault ${looks.bad += 1}`)) },
        { name: 'good', cursor: 5, look: () => Promise.resolve(void (looks.good += 1)) },
      ],
      attempts: attempts(), store: { load: () => Promise.resolve({ cursors: new Map() }), save: (state) => Promise.resolve(void saved.push(state)) },
      clock, log: SILENT, metrics: new RelayMetrics(), pollMs: 1,
    });
    for (const step of [0, 500, 1_000, 1_000, 2_500]) {
      now += step;
      await relayer.look(NEVER);
    }
    assert.deepEqual(looks, { bad: 3, good: 5 });
    assert.deepEqual([...(saved.at(-1)?.cursors ?? [])], [['bad', 3], ['good', 5]]);
  });

  it('hands a message to its gateway once, sees that it is under way, and asks before each', async () => {
    const { source, sent, dispatch } = fakeChains([made('epoch', 1)]);
    const route = routeOver(source);
    await route.look(attempts());
    assert.deepEqual(sent, ['relay']);
    dispatch();
    await route.look(attempts());
    assert.deepEqual(sent, ['relay'], 'it waits for signatures now');
  });

  it('asks for the number before it looks what is to be done', async () => {
    const { source, asked } = fakeChains([made('epoch', 1)]);
    await routeOver(source).look(attempts());
    const number = asked.indexOf('number');
    assert.ok(number >= 0 && asked.indexOf('dispatched', number) > number, asked.join());
  });

  it('begins anew from what it wrote down, and behind what is not through', async () => {
    const { source } = fakeChains([made('epoch', 100)], { latest: 500 });
    const route = routeOver(source);
    await route.look(attempts());
    assert.equal(route.cursor, 99);
    const state: RelayState = { cursors: new Map([['one', route.cursor]]) };
    assert.deepEqual(parseRelayState(serializeRelayState(state)), state);
    assert.throws(() => parseRelayState('{}'), { code: 'WRONG_FORMAT' });
  });

  it('carries of standings the newest alone', async () => {
    const { source, sent } = fakeChains([made('standing', 1), made('standing', 2), made('table', 3)]);
    await routeOver(source).look(attempts());
    assert.equal(sent.length, 2);
  });

  it('lets what a contract refuses wait, longer each time', async () => {
    const { source, sent } = fakeChains([made('epoch', 1)], { refuses: true });
    const [route, tries] = [routeOver(source), attempts()];
    for (const step of [0, 500, 600, 1_000, 1_100]) {
      now += step;
      await route.look(tries);
    }
    assert.equal(sent.length, 3);
  });

  it('makes a standing before the old one is out or when home changed, and none while one is under way', async () => {
    const scene = (standingAt: number, mode: 'OPEN' | 'HALT', waiting: readonly MadeMessage[] = []): Promise<readonly string[]> => upkeep({ standingAt, mode, homeEpoch: 2n }, waiting);
    assert.deepEqual(await scene(950, 'OPEN'), []);
    assert.deepEqual(await scene(899, 'OPEN'), ['makeStanding'], 'a third of 300 s');
    assert.deepEqual(await scene(950, 'HALT'), ['makeStanding']);
    assert.deepEqual(await scene(950, 'HALT', [made('standing', 1, 990)]), []);
    assert.deepEqual(await upkeep({ standingAt: 950, mode: 'OPEN', homeEpoch: 1n }), ['makeEpoch']);
    assert.deepEqual(await upkeep({ standingAt: 950, mode: 'OPEN', homeEpoch: 2n, conflict: true }), ['makeEpoch'], 'it heals');
  });

  function attempts(): Attempts {
    return new Attempts(clock, SILENT, new RelayMetrics());
  }

  function routeOver(source: RelayChain): Route {
    return new Route({ config: ROUTE, source, destination: source, signatures: new Map(), clock, log: SILENT, metrics: new RelayMetrics() }, undefined);
  }

  async function upkeep(mirrored: { readonly standingAt: number; readonly mode: 'OPEN' | 'HALT'; readonly homeEpoch: bigint; readonly conflict?: boolean }, waiting: readonly MadeMessage[] = []): Promise<readonly string[]> {
    const chain = { home: () => Promise.resolve({ epoch: 2n, mode: 'OPEN' }), mirrored: () => Promise.resolve({ conflict: false, standingStaleAfter: 300, ...mirrored }) } as unknown as RelayChain;
    const calls = await upkeepOf(ROUTE, { kind: 'mirror', venueId: 7n }, { source: chain, destination: chain, waiting, now: 1_000, credited: { upTo: 0n } });
    return calls.map(({ call }) => call.method);
  }
});

function made(kind: MessageKind, block: number, sentAt = 0): MadeMessage {
  const payload = id(`${kind} ${block}`);
  return { payload, payloadHash: keccak256(payload), block, envelope: { kind, chainId: 1n, origin: HOOK, registry: HOOK, venueId: 7n, sequence: BigInt(block), sentAt, body: '0x' } };
}

/** One chain that is both ends: enough for what is asked of each. */
function fakeChains(messages: readonly MadeMessage[], { latest = 10, refuses = false }: { readonly latest?: number; readonly refuses?: boolean } = {}): {
  readonly source: RelayChain; readonly sent: string[]; readonly asked: string[]; readonly dispatch: () => void;
} {
  const [sent, asked] = [[] as string[], [] as string[]];
  let dispatched: readonly unknown[] = [];
  const source = {
    name: 'home', chainId: 1n, domain: 10, hook: HOOK, fromBlock: 0,
    latest: () => Promise.resolve({ number: latest, time: 0 }), made: () => Promise.resolve(messages),
    dispatched: () => {
      asked.push('dispatched');
      return Promise.resolve(dispatched);
    },
    delivered: () => Promise.resolve(false), votes: () => Promise.resolve({ votes: 0n, taken: false }), gateways: () => Promise.resolve([GATEWAY]),
    validators: () => Promise.resolve({ validators: [GATEWAY], threshold: 1 }),
    relayCall: () => Promise.resolve({ what: 'relay' }), processCall: () => ({ what: 'process' }),
    number: () => {
      asked.push('number');
      return Promise.resolve(0);
    },
    send: ({ what }: { readonly what: string }) => {
      sent.push(what);
      return refuses ? Promise.reject(new ContractRevertedError('relaying', 'NotNow', {}, { cause: undefined })) : Promise.resolve('done');
    },
  } as unknown as RelayChain;
  const dispatch = (): void => {
    const [first] = messages as [MadeMessage];
    const word = (hex: string): string => hex.replace('0x', '').toLowerCase().padStart(64, '0');
    const body = `0x${word('1')}${word(HOOK)}${word(HOOK)}${word('80')}${word('20')}${first.payload.slice(2)}`;
    dispatched = [{ index: 0, block: 1, blockHash: id('b'), message: { id: id('m'), bytes: '0x', nonce: 0, origin: 10, destination: 10, sender: GATEWAY, recipient: GATEWAY, body } }];
  };
  return { source, sent, asked, dispatch };
}
