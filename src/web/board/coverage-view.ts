import type { AcceptedEpoch, AssetCoverage, Board, BoardAsset } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { barsAndLine, drawable, MOST_POINTS } from './charts.js';
import { backed, factView, figureView, ratioView } from './figure-view.js';
import { figureWith, sectionView, tableView, type Cell } from './table-view.js';
import { numberText, shortHex } from './words.js';

/** Assets that have a picture of their own; all have their table. */
const MOST_PICTURES = 8;

interface Placed {
  readonly epoch: AcceptedEpoch;
  readonly asset: AssetCoverage;
}

/** Per asset and epoch: what is owed against what the checkpoint had. */
export function coverageView(board: Board): HTMLElement {
  return sectionView('coverage', 'Coverage per asset',
    make('p', { class: 'soft' }, 'Owed is deposits minus what borrowers owe, as far as the reserves\' own limit lets loans count. Reserves are those of the checkpoint that the snapshot took. Percentages are rounded down.'),
    ...board.assets.map((asset, place) => assetView(board, asset, place < MOST_PICTURES)));
}

function assetView(board: Board, asset: BoardAsset, pictured: boolean): HTMLElement {
  const rows = board.epochs.flatMap((epoch): Placed[] => {
    const found = epoch.state === 'accepted' ? epoch.assets.find((one) => one.asset === asset.index) : undefined;
    return epoch.state !== 'accepted' || found === undefined ? [] : [{ epoch, asset: found }];
  });
  const name = asset.symbol.text;
  const picture = rows.slice(-MOST_POINTS);
  const unit = picture[0]?.asset.held?.owed.unit;
  const chart = !pictured || picture.length < 2 || unit === undefined ? [] : [figureWith(`Owed and reserves of ${name}, epoch by epoch.`, barsAndLine({
    label: `${name}: owed as bars and reserves as a line, for epochs ${picture[0]?.epoch.epoch} to ${picture.at(-1)?.epoch.epoch}`,
    names: picture.map(({ epoch }) => `${epoch.epoch}`), unit: unit.name,
    bars: { name: 'owed', values: picture.map(({ asset: { held } }) => held && drawable(held.owed.value, unit.scale)) },
    line: { name: 'reserves', values: picture.map(({ asset: { held } }) => held && drawable(held.reserves.value, unit.scale)) },
  }))];
  return make('section', { class: 'asset', 'data-asset': `${asset.index}` },
    make('h3', {}, backed(name, asset.symbol)),
    make('p', { class: 'soft' }, 'Token ', make('code', { title: asset.token }, shortHex(asset.token)), ', ', figureView(asset.unitsPerQuantum), ' base units a quantum'),
    make('div', { class: 'beside' }, ...chart, tableView(`Coverage of ${name} by epoch`, [
      { head: 'Epoch' }, { head: 'Covered' }, { head: 'Ratio', number: true }, { head: 'Owed', number: true }, { head: 'Reserves', number: true }, { head: 'Surplus', number: true },
      { head: 'Deposits', number: true }, { head: 'Loans', number: true },
    ], [...rows].reverse().map(coverageRow), 'No epoch has this asset yet.')));
}

function coverageRow({ epoch, asset }: Placed): Cell[] {
  const { held } = asset;
  const against: readonly Cell[] = held === undefined ? [make('span', { class: 'soft' }, 'not read'), '–', '–', '–', '–'] : [
    factView(held.covered, held.covered.text === 'covered' ? 'good' : 'bad'), ratioView(held.ratio, 'nothing owed'), inBoth(held.owed, held.netDeposits), figureView(held.reserves),
    backed(numberText(held.surplus), held.surplus, held.surplus.value < 0n ? 'bad' : ''),
  ];
  return [`${epoch.epoch}`, ...against, inBoth(asset.depositsInTokens, asset.deposits), inBoth(asset.loansInTokens, asset.loans)];
}

/** Tokens, and quanta below. */
function inBoth(tokens: AssetCoverage['deposits'], quanta: AssetCoverage['deposits']): HTMLElement {
  return make('span', {}, figureView(tokens), make('small', { class: 'soft' }, figureView(quanta, true)));
}
