import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { passTime } from '../../chain/test-chain.js';
import { clearedBook } from '../../clearing/book.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { withTransitionProver } from '../clearing/transition-prover.js';
import type { Output } from '../output.js';
import { nextRound, type DemoBoards } from './demo-board.js';
import type { DemoChain } from './demo-chain.js';
import { ClearingGas, writeTraces, type ShownTransaction } from './demo-clearing-report.js';
import { closePerpetual, refuseTrades, settleNetted, tradeOption } from './demo-clearing-trades.js';
import { expiryOf } from './demo-clearing-venue.js';
import { TRADED, cashAsset, rowOf } from './demo-traded.js';
import { showLiquidation, type LiquidationFigures } from './demo-liquidation.js';
import type { AcceptedTable } from './demo-market.js';
import { heading, refusalOf } from './demo-steps.js';
import { DemoTrader, clearingStage, checkedReceiptOf, type ClearingStage, type Pair } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of what two traders did at the clearing house. */
export interface ClearingFigures {
  readonly sideProofSeconds: number;
  readonly trades: number;
  /** Quanta of the settlement currency that the option's buyer was paid at its end. */
  readonly expiryPaid: bigint;
  readonly marginBreaking: 'refused';
  readonly otherPrice: 'refused';
  readonly replay: 'refused';
  /** Base units that rounding left in the clearing house. */
  readonly rounding: bigint;
  readonly gas: Readonly<Record<string, bigint>>;
}

/** What the clearing house was shown to do. */
export interface ShownClearing {
  readonly figures: ClearingFigures;
  readonly liquidation: LiquidationFigures;
  readonly boards: DemoBoards;
}

/** Slots of the demo's circuit. */
const SLOTS = 8;
const WALLETS = { buyer: 5, writer: 6 } as const;
/** USD, 10^-6. */
const DEPOSITS = { buyer: 60_000_000_000n, writer: 150_000_000_000n } as const;
/** Seconds: the shortest there is. */
const FUNDING_PERIOD = 3_600;
/** 10^-8 of the settlement currency. */
const PRICE_AT_FUNDING = 98_000n * 10n ** 8n;
const PRICE_AT_EXPIRY = 105_000n * 10n ** 8n;

/** Two traders settle an option and a perpetual, the option ends in the money, and nobody else learns what was traded. */
export async function showClearing(output: Output, chain: DemoChain, { boards, table: maintenance, initial: table, circuit }: AcceptedTable): Promise<ShownClearing> {
  heading(output, 'Two traders settle through the clearing house');
  return withTransitionProver(output, chain.folders.keys, async (prover) => {
    const stage = clearingStage(chain, prover, table);
    const [gas, shown] = [new ClearingGas(), [] as ShownTransaction[]];
    const pair = await openAccounts(output, stage, gas, shown);
    // Prices of the epoch's round are too old for new risk.
    let round = await nextRound(chain, boards);
    const option = await tradeOption(output, stage, pair, gas, shown);
    const { marginBreaking, otherPrice, replay } = await refuseTrades(output, stage, pair, option);
    await settleNetted(output, stage, pair, gas, shown);
    await showBook(output, stage, pair);
    round = await payFunding(output, stage, pair, round, gas, shown);
    await closePerpetual(output, stage, pair, gas, shown);
    const crash = await showLiquidation(output, stage, pair.writer, { boards: round, table: maintenance, circuit });
    heading(output, 'The option ends, and its traders leave');
    const { expiryPaid, boards: last } = await expire(output, stage, pair, crash.boards, gas, shown);
    const rounding = await leave(output, stage, pair, crash.staying, gas, shown);
    gas.print(output);
    await writeTraces(output, chain, shown);
    const figures = { sideProofSeconds: option.sideProofSeconds, trades: 4, expiryPaid, marginBreaking, otherPrice, replay, rounding, gas: gas.figures() };
    return { figures, liquidation: crash.figures, boards: last };
  });
}

async function openAccounts(output: Output, stage: ClearingStage, gas: ClearingGas, shown: ShownTransaction[]): Promise<Pair> {
  const { index: row } = rowOf(stage.table, TRADED.cash);
  const open = async (name: keyof Pair): Promise<DemoTrader> => {
    const { trader, receipt } = await DemoTrader.open(stage, name, WALLETS[name], { row, amount: DEPOSITS[name], asset: cashAsset(stage.table), slots: SLOTS });
    gas.add('open an account', receipt);
    shown.push({ title: `The ${name} opens an account`, secret: `that the account, number ${trader.handle}, is theirs; the amount that comes in is public`, hash: receipt.transactionHash, hidden: [] });
    output.say(`${name}: account ${trader.handle} opened with ${formatDecimal(DEPOSITS[name], 6)} ${TRADED.cash} for ${receipt.gasUsed} gas`);
    return trader;
  };
  return { buyer: await open('buyer'), writer: await open('writer') };
}

/** What the venue can say of its accounts, from the openings that it signed for. */
async function showBook(output: Output, { table, house }: ClearingStage, { buyer, writer }: Pair): Promise<void> {
  const entries = await Promise.all([buyer, writer].map(async (trader) => ({
    handle: trader.handle, commitment: (await house.account(trader.handle))?.commitment ?? 0n, opening: await trader.opening(),
  })));
  const { lines, unopened, unmatched } = clearedBook(portablePoseidon, table, entries);
  const open = lines.filter(({ row }) => row.kind === 'option' || row.kind === 'perpetual');
  output.say(`the venue's book, held against the chain: ${open.map(({ row, long, short }) => `${row.id} long ${formatDecimal(long, row.quantityDecimals)}, short ${formatDecimal(short, row.quantityDecimals)}`).join('; ')}`);
  if (unopened.length > 0 || unmatched.length > 0 || open.length !== 2) throw new ForgeryAcceptedError('longs of the clearing house do not equal its shorts');
}

/** The perpetual stands above its index: longs pay shorts, each before it does anything else. */
async function payFunding(output: Output, stage: ClearingStage, { buyer, writer }: Pair, boards: DemoBoards, gas: ClearingGas, shown: ShownTransaction[]): Promise<DemoBoards> {
  const { chain, terms, house } = stage;
  await passTime(chain.operator, FUNDING_PERIOD);
  const later = await nextRound(chain, boards, new Map([['BTC-USD', PRICE_AT_FUNDING]]));
  gas.add('accrue funding', await terms.accrueFunding(later.round, later.parameters));
  const act = await terms.fundingAct(0);
  const cash = rowOf(stage.table, TRADED.cash);
  const [longBefore, shortBefore] = [await buyer.held(cash.index), await writer.held(cash.index)];
  const side = await buyer.prove(act);
  const receipt = await house.settleFunding(buyer.handle, 0, side, await checkedReceiptOf(stage, [[buyer.handle, side]]));
  gas.add('settle funding', receipt);
  // The other account's part is settled by the venue, which has its opening and no secret of its owner.
  await house.settleFunding(writer.handle, 0, await writer.prove(act, { owned: false }), await checkedReceiptOf(stage, []));
  await writer.follow();
  const [paid, got] = [longBefore - await buyer.held(cash.index), await writer.held(cash.index) - shortBefore];
  const amount = (quanta: bigint): string => `${formatDecimal(quanta, cash.quantityDecimals)} ${cash.id}`;
  output.say(`funding of one period: the long paid ${amount(paid)}, the short got ${amount(got)}; the short's account was settled without its owner, who found the opening on chain`);
  if (paid <= 0n || got > paid || paid - got > 1n) throw new ForgeryAcceptedError(`funding moved ${paid} one way and ${got} the other`);
  shown.push({ title: 'An account pays funding', secret: `a long of ${TRADED.perpetual} paid ${amount(paid)}`, hash: receipt.transactionHash, hidden: [paid, got] });
  return later;
}

/** Weeks later the venue is halted, and what is owed is paid all the same. */
async function expire(output: Output, stage: ClearingStage, { buyer, writer }: Pair, boards: DemoBoards, gas: ClearingGas, shown: ShownTransaction[]): Promise<{ readonly expiryPaid: bigint; readonly boards: DemoBoards }> {
  const { chain, terms, house, table } = stage;
  const [option, cash] = [rowOf(table, TRADED.option), rowOf(table, TRADED.cash)];
  const early = await refusalOf('a settlement before the expiry', () => terms.recordExpiry(option.index, boards.round, boards.round, boards.parameters));
  await passTime(chain.operator, expiryOf(boards.risk) - await latestTimestamp(chain.operator.provider));
  const last = await nextRound(chain, boards, new Map([['BTC-USD', PRICE_AT_EXPIRY]]));
  gas.add('record an expiry', await terms.recordExpiry(option.index, last.round, boards.round, last.parameters));
  output.say(`${TRADED.option} expired in the money; its value was recorded from the first round after its end by anybody (before it: refused, ${early}); gate ${await chain.client.gateMode()}`);
  const act = await terms.expiryAct(option.index);
  if (act === undefined) throw new ForgeryAcceptedError('the recorded expiry is not there');
  const held = [await buyer.held(cash.index), await writer.held(cash.index)] as const;
  const side = await buyer.prove(act, { unmargined: true });
  const receipt = await house.settleExpiry(buyer.handle, option.index, side, await checkedReceiptOf(stage, [[buyer.handle, side]]));
  gas.add('settle an expiry', receipt);
  await house.settleExpiry(writer.handle, option.index, await writer.prove(act, { owned: false }), await checkedReceiptOf(stage, []));
  await writer.follow();
  const [got, paid] = [await buyer.held(cash.index) - held[0], held[1] - await writer.held(cash.index)];
  const amount = `${formatDecimal(got, cash.quantityDecimals)} ${cash.id}`;
  output.say(`the buyer got ${amount}, the writer paid it: in a halted venue, and without the writer`);
  if (got !== paid || got <= 0n) throw new ForgeryAcceptedError(`the option's buyer got ${got}, its writer paid ${paid}`);
  shown.push({ title: 'An option expires', secret: `the account held it, and got ${amount}`, hash: receipt.transactionHash, hidden: [got] });
  return { expiryPaid: got, boards: last };
}

/** Both take out all they have. What came in goes out, or is still others', but for what rounding left. */
async function leave(output: Output, stage: ClearingStage, { buyer, writer }: Pair, staying: readonly DemoTrader[], gas: ClearingGas, shown: ShownTransaction[]): Promise<bigint> {
  const { chain: { operator, deployment }, table } = stage;
  const cash = rowOf(table, TRADED.cash);
  for (const trader of [buyer, writer]) {
    const amount = await trader.held(cash.index);
    const receipt = await trader.withdraw({ row: cash.index, amount });
    gas.add('withdraw', receipt);
    output.say(`${trader.name} withdrew ${formatDecimal(await trader.balance(cashAsset(stage.table)), cash.quantityDecimals)} ${cash.id} by a proof alone, under a table ${Math.floor(((await latestTimestamp(operator.provider)) - table.snapshotTime) / 86_400)} days old`);
    shown.push({ title: `The ${trader.name} leaves`, secret: 'that nothing is left in the account; the amount is public', hash: receipt.transactionHash, hidden: [] });
  }
  const { cleared } = await new CollateralVaultClient(vaultOf(deployment), deployment.venueId, operator).balances(cashAsset(stage.table));
  const held = await Promise.all(staying.map((trader) => trader.held(cash.index)));
  const rounding = cleared - held.reduce((sum, quanta) => sum + quanta, 0n);
  output.say(`left in the vault's cleared ledger beside what ${staying.length} accounts still hold: ${rounding} base units, by rounding`);
  if (rounding < 0n || rounding > 2n) throw new ForgeryAcceptedError(`${rounding} base units are left in the clearing house that are nobody's`);
  return rounding;
}
