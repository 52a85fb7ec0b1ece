import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { Deployment } from '../../chain/deployment.js';
import { OwnerNeededError } from '../../clearing/clearing-errors.js';
import { withOpening } from '../../clearing/opening-file.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { isAtPar, limitPayment, marksOf, takesPaymentAfter } from '../../liquidation/auction-price.js';
import type { Auction, AuctionClock, Lot } from '../../liquidation/auction.js';
import { sliceOf, sliceUpTo, type Slice, type SliceTerms } from '../../liquidation/largest-slice.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { rowAt } from '../../risk/tiers.js';
import { houseOf, requireHouse, writeClearedAccount } from '../clearing/account-file.js';
import { openAccount } from '../clearing/account-input.js';
import { clearingRules, houseClient, termsClient } from '../clearing/contracts.js';
import { instrumentRow, quantaIn } from '../clearing/rows.js';
import { readMarketFile } from '../market-file.js';
import { moment } from '../market/change-state.js';
import { unixSeconds } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { NoAuctionError, auctionNow, feeAsset, requireNow } from './auction-now.js';
import { liquidationRules, liquidationsClient } from './contracts.js';
import { withLiquidationProver } from './liquidation-prover.js';
import { lotOf, withLot, type LotOptions } from './lot-options.js';
import { makeBid } from './make-bid.js';
import { readDisclosedOpening, writeBid } from './opened-file.js';
import { requireLevel } from './table-level.js';

interface BidOptions extends ReaderOptions, LotOptions {
  readonly account: string;
  readonly owner: string;
  readonly opened: string;
  readonly table: string;
  readonly maintenance: string;
  readonly quantity?: string;
  readonly payment?: string;
  readonly subsidy?: string;
  readonly expiry?: number;
  readonly keys?: string;
  readonly out: string;
}

const SECONDS_TO_SETTLE = 3_600;

/** A slice of somebody's account, for one's own: proven now, sent when its price is there. */
export function addLiquidationBid(liquidation: Command, run: Runner): void {
  withLot(withReader(liquidation.command('bid').description('prove that your account takes a slice of one under water; "liquidation take" sends it when its price is there')))
    .requiredOption('--account <file>', 'your account, mode 600; what it becomes is added to it')
    .requiredOption('--owner <file>', 'your owner file, mode 600')
    .requiredOption('--opened <file>', 'what is for sale, as "liquidation open" wrote it')
    .requiredOption('--table <file>', 'the auction\'s table: the latest of initial level')
    .requiredOption('--maintenance <file>', 'the latest table of maintenance level')
    .option('--quantity <decimal>', 'of the instrument (default: the most that can be sold)')
    .option('--payment <decimal>', 'for all of it (default: what the clock takes now); with --quantity')
    .option('--subsidy <decimal>', 'what you ask of the waterfall, of the fee instrument (default: nothing)')
    .option('--expiry <seconds>', 'Unix time until which it can settle (default: in an hour)', unixSeconds)
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .requiredOption('--out <file>', 'where the bid goes, mode 600')
    .addHelpText('after', `
Example:
  clearproof liquidation bid --account mine.json --owner owner.json --opened opened.json --instrument BTC-PERP --pay USD-ENTRY --side sell \\
    --table initial.json --maintenance maintenance.json --out bid.json --deployment deployment.json --rpc http://127.0.0.1:8545
  clearproof clearing receipt --bid bid.json --accounts mine.json --out receipt.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key
  clearproof liquidation take --bid bid.json --receipt receipt.json --table initial.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run((output, options: BidOptions) => reading(options, ({ provider }, deployment) => bid(output, options, provider, deployment))));
}

type Provider = Parameters<Parameters<typeof reading>[1]>[0]['provider'];

async function bid(output: Output, options: BidOptions, provider: Provider, deployment: Deployment): Promise<void> {
  const maintenance = await readMarketFile(options.maintenance);
  requireLevel(maintenance, 'maintenance', options.maintenance);
  const { account, opening, owner, table: initial } = await openAccount(options, houseClient(provider, deployment), deployment);
  requireLevel(initial, 'initial', options.table);
  if (owner === undefined) throw new OwnerNeededError('a bid is proven with the bidder\'s secret: give the owner file');
  const disclosed = await readDisclosedOpening(options.opened);
  requireHouse(disclosed, deployment, options.opened);
  const { handle, opening: sold } = disclosed;
  await requireNow(provider, deployment, disclosed, options.opened);
  const liquidations = liquidationsClient(provider, deployment);
  const [rules, terms] = [await liquidationRules(liquidations), termsClient(provider, deployment)];
  const lot = lotOf(options, initial, handle, rules);
  const { auction, clock } = await auctionNow(liquidations, lot);
  if (auction.marketCommitment !== marketCommitment(portablePoseidon, initial)) {
    throw new NoAuctionError(`${options.table} is not the table that the auction was marked under: name that one, or mark it again with "liquidation mark"`, { handle });
  }
  const sliceTerms: SliceTerms = { initial, rules, band: (await clearingRules(terms)).band, period: await terms.period(), marks: auction };
  const slice = sliceWanted(options, { initial: sliceTerms, lot, clock }, sold);
  const expiry = options.expiry ?? (await latestTimestamp(provider)) + SECONDS_TO_SETTLE;
  const subsidy = options.subsidy === undefined ? 0n : quantaIn(rowAt(initial, rules.feeRow), options.subsidy, 0n) * (await feeAsset(provider, deployment, initial, rules)).unitsPerQuantum;
  const context = liquidations.verdictContext(handle);
  const made = await withLiquidationProver(output, options.keys, deployment, (prover) => makeBid(prover, {
    deployment, lot, quantity: slice.quantity, payment: slice.payment, subsidy, expiry, sold, bidder: { account, opening, owner }, initial, maintenance, context,
    band: sliceTerms.band, period: sliceTerms.period, dust: slice.dust,
  }));
  await writeClearedAccount(options.account, withOpening(account, made.bidderAfter));
  await writeBid(options.out, { ...houseOf(deployment), liquidations: liquidations.liquidations, bid: made.bid });
  report(output, options, slice, { auction, initial, rules });
}

/** What is left to be chosen is chosen for the bidder. @throws NoSliceError for a slice that goes too far; InstrumentInputError */
function sliceWanted(
  { quantity, payment, instrument, pay }: BidOptions, { initial: terms, lot, clock }: { readonly initial: SliceTerms; readonly lot: Lot; readonly clock: AuctionClock }, sold: ClearedOpening,
): Slice {
  const { initial } = terms;
  if (quantity === undefined) return sliceUpTo(terms, sold, lot, clock.discount);
  const quanta = quantaIn(instrumentRow(initial, instrument), quantity);
  const rates = isAtPar(initial, lot.row) ? { discount: 0, penalty: 0 } : { discount: clock.discount, penalty: terms.rules.penalty };
  const marks = terms.marks ?? marksOf(initial, lot, terms.rules);
  const paid = payment === undefined ? limitPayment({ accountSells: lot.accountSells, quantity: quanta, marks }, rates) : quantaIn(instrumentRow(initial, pay), payment, 0n);
  return sliceOf(terms, sold, lot, quanta, paid);
}

function report(output: Output, { instrument, pay, out }: BidOptions, { lot, quantity, payment, penalty }: Slice, { auction, initial, rules }: Reported): void {
  const [row, payRow, feeRow] = [lot.row, lot.payRow, rules.feeRow].map((index) => rowAt(initial, index)) as [MarketRow, MarketRow, MarketRow];
  const after = takesPaymentAfter({ accountSells: lot.accountSells, quantity, marks: auction }, payment, isAtPar(initial, lot.row) ? { ...rules, maxDiscount: 0, penalty: 0 } : rules);
  const takenAt = after === undefined ? undefined : auction.since + after;
  const [amount, paid, fee] = [formatDecimal(quantity, row.quantityDecimals), formatDecimal(payment, payRow.quantityDecimals), formatDecimal(penalty, feeRow.quantityDecimals)];
  output.say(`${amount} ${instrument} ${lot.accountSells ? 'bought from' : 'sold to'} account ${lot.handle} for ${paid} ${pay}, and a penalty of ${fee} ${feeRow.id}: proven, in ${out}`);
  output.say(takenAt === undefined ? 'the auction never takes this price' : `the auction takes this price from ${moment(takenAt)} on, while it is not marked under another table`);
  output.result({ ...lot, quantity, payment, penalty, takenAt: takenAt ?? null, out });
}

interface Reported {
  readonly auction: Auction;
  readonly initial: MarketTable;
  readonly rules: LiquidationRules;
}
