import assert from 'node:assert/strict';
import { openingAfter, planTransition } from '../../src/clearing/apply-transition.js';
import type { TransitionPlan, TransitionWish } from '../../src/clearing/transition-plan.js';
import type { ClearedOpening } from '../../src/commitment/cleared-account.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { ClearproofError } from '../../src/error/clearproof-error.js';
import { WitnessRefusedError } from '../../src/groth16/witness-calculator.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { TierCapacityError } from '../../src/risk/tiers.js';
import { payIn, type TransitionAct } from '../../src/statement/transition.js';
import { LeafShapeError } from '../../src/commitment/account-leaf.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';
import { LIQUIDATION, OWNED, PERIOD, REDUCING, TRANSITION_SHAPE, UNOWNED, buys, clearedOpening, deposit, expires, funds, sells, transition, transitionInput, withdraw } from '../builders/transition.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';

const SEED = 20_261_129;
const ROUNDS = 48;
const { BTC, PERP, ETH, USDC, ENTRY, CALL, DUST } = TIERED_ROWS;
const GROUPS = [1, 2] as const;

/** What a transition plan takes the circuit takes, and what it refuses the circuit refuses: random accounts and acts, most of them near a bound. */
describe('plans of transitions and the circuit', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    circuit = await listedCircuit(TRANSITION_SHAPE.circuit);
  });

  it('agree on what is taken and on what the account becomes', async () => {
    const random = generator(SEED);
    const table = tieredMarket();
    const told = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const wish = randomWish(random);
      const opened = wish.owned || random(2) === 0 ? randomAccount(poseidon, random) : onlyDebts(poseidon, random);
      const before = { ...opened, period: periodBefore(random, wish.act) };
      const plan = attemptPlan(table, before, wish);
      const name = typeof plan === 'string' ? plan : `taken: ${wish.act.kind}${plan.flags.reducing ? ', reducing' : ''}${wish.act.kind === 'collateral' && !wish.owned ? ', paid by others' : ''}`;
      told.set(name, (told.get(name) ?? 0) + 1);
      const place = `seed ${SEED}, round ${round}: ${name}`;
      if (typeof plan === 'string') await assertNoWitness(table, before, wish, place);
      else await assertPlanned(table, before, plan, place);
    }
    const missing = ['taken: collateral', 'taken: trade', 'taken: trade, reducing', 'taken: expiry', 'taken: funding', 'taken: collateral, paid by others', 'STILL_HOLDS', 'OWNER_NEEDED', 'INSUFFICIENT_MARGIN', 'BORROWS_CASH', 'PRICE_OUTSIDE_BAND', 'NOT_REDUCING', 'NO_FREE_SLOT', 'FUNDING_UNSETTLED', 'NOTHING_TO_SETTLE'];
    assert.deepEqual(missing.filter((name) => !told.has(name)), [], `rounds that never came: ${JSON.stringify([...told])}`);
  });

  async function assertPlanned(table: MarketTable, before: ClearedOpening, plan: TransitionPlan, place: string): Promise<void> {
    const statement = transition(poseidon, table, [], plan.act, plan.flags, { before });
    assert.deepEqual(plan.slots, statement.after.slots, place);
    await circuit.calculate(transitionInput(poseidon, { ...statement, after: openingAfter(plan, statement.after.nonce) }));
  }

  /** Whatever flags a prover says, and with the account that the act gives. */
  async function assertNoWitness(table: MarketTable, before: ClearedOpening, { act, owned, reducing }: TransitionWish, place: string): Promise<void> {
    const all = owned ? [OWNED, REDUCING] : [UNOWNED, LIQUIDATION];
    for (const flags of all.filter((one) => reducing === undefined || one.reducing === reducing)) {
      let input;
      try {
        input = transitionInput(poseidon, transition(poseidon, table, [], act, flags, { before }));
      } catch (thrown) {
        // No account has these slots: nothing can be shown.
        if (thrown instanceof LeafShapeError || thrown instanceof TierCapacityError) continue;
        throw thrown;
      }
      await assert.rejects(circuit.calculate(input), WitnessRefusedError, place);
    }
  }
});

function attemptPlan(table: MarketTable, before: ClearedOpening, wish: TransitionWish): TransitionPlan | string {
  try {
    return planTransition(table, before, wish);
  } catch (thrown) {
    if (thrown instanceof ClearproofError) return thrown.code;
    throw thrown;
  }
}

type Random = (below: number) => number;

/** Up to three instruments, one of them most often cash; what is in debt or broken too. */
function randomAccount(poseidon: Poseidon, random: Random): ClearedOpening {
  const holdings = new Map<number, bigint>();
  const signed = (most: number): bigint => BigInt(random(2 * most + 1) - most);
  if (random(4) > 0) holdings.set(USDC, BigInt(random(3) === 0 ? random(20_000) : random(3_000_000)));
  if (random(2) === 0) {
    const perpetuals = signed(40);
    holdings.set(PERP, perpetuals);
    holdings.set(ENTRY, -perpetuals * BigInt(60_000 + random(4_000) - 2_000));
  } else if (random(3) > 0) holdings.set(CALL, signed(4));
  if (random(4) === 0) holdings.set(BTC, BigInt(random(20)));
  const held = [...holdings].filter(([, quantity]) => quantity !== 0n).map(([index, quantity]) => ({ index, quantity }));
  return clearedOpening(poseidon, held.sort((one, other) => one.index - other.index));
}

/** Nothing that could be sold: what others may pay for. */
function onlyDebts(poseidon: Poseidon, random: Random): ClearedOpening {
  const owed = [BTC, USDC, DUST].map((index) => ({ index, quantity: BigInt(-random(150)) })).filter(({ quantity }) => quantity !== 0n);
  return clearedOpening(poseidon, owed);
}

function randomWish(random: Random): TransitionWish {
  if (random(6) === 0) return { act: payIn([USDC, BTC, DUST][random(3)] as number, BigInt(1 + random(90))), owned: false, period: PERIOD };
  const act = randomAct(random);
  const owned = random(4) > 0;
  const asked = random(6) === 0 && act.kind === 'trade' ? { reducing: true } : {};
  return { act, owned, period: PERIOD, ...asked };
}

function randomAct(random: Random): TransitionAct {
  const one = <Value>(of: readonly Value[]): Value => of[random(of.length)] as Value;
  switch (random(8)) {
    case 0:
      return deposit(one([USDC, BTC, DUST]), BigInt(1 + random(200)));
    case 1:
      return withdraw(one([USDC, USDC, BTC]), BigInt(1 + random(30_000)));
    case 2:
      return expires(CALL, USDC, BigInt(random(9_000_000)) - 1_000_000n, random(2) === 0 ? {} : { deliverRow: BTC, deliver: 1n });
    case 3:
      return funds(USDC, GROUPS.map((group) => ({ group, rate: BigInt(random(4_000_000)) - 2_000_000n })));
    default: {
      const [row, payRow, mark] = one([[PERP, ENTRY, 60_000], [PERP, ENTRY, 60_000], [CALL, USDC, 4_000], [ETH, ENTRY, 3_000], [BTC, USDC, 60_000]] as const);
      const quantity = 1 + random(row === PERP ? 30 : 4);
      const payment = BigInt(Math.round(quantity * mark * (1 + (random(13) - 6) / 100)));
      return (random(2) === 0 ? buys : sells)(row, payRow, BigInt(quantity), payment);
    }
  }
}

/** Now and then an account whose funding is behind. */
function periodBefore(random: Random, act: TransitionAct): number {
  if (act.kind === 'funding') return random(5) === 0 ? PERIOD : act.fromPeriod;
  return random(12) === 0 ? PERIOD - 1 : PERIOD;
}

/** A linear congruential generator: the same rounds in every run. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
