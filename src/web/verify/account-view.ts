import type { Verdict } from '../../verification/report.js';
import { byId, fill, make } from '../elements.js';
import { distanceSentence, tierText } from './account-words.js';
import type { AccountView } from './engine/protocol.js';
import { figure } from './money.js';
import { drawPnl, erasePnl } from './pnl-chart.js';

const COLUMNS = 6;

/**
 * Shows an account's margin line by line, its totals, and its gain or loss in each scenario; hides all of it without one.
 *
 * @param verdict of the receipt it is from, once there is one
 */
export function showAccount(account: AccountView | undefined, verdict: Verdict | undefined): void {
  const section = byId('account', HTMLElement);
  section.hidden = account === undefined;
  erasePnl();
  if (account === undefined) {
    for (const id of ['account-text', 'margin', 'distance-text', 'pnl-table']) fill(byId(id, HTMLElement));
    return;
  }
  const doubt = verdict === 'not-verified' ? 'This is what the receipt states, and the receipt is NOT verified. ' : '';
  fill(byId('account-text', HTMLElement), `${doubt}User ${JSON.stringify(account.userId)}, sub-account ${account.subAccount}, epoch ${account.epoch}. All amounts in ${account.currency}.`);
  showMargin(account);
  showScenarios(account);
  fill(byId('distance-text', HTMLElement), distanceSentence(account));
}

function showMargin({ margin: { lines, margin, worstScenario, worstPnl, distance }, currency, valueScale }: AccountView): void {
  const money = (units: bigint): string => figure(units, valueScale);
  const worst = `In “${worstScenario.name}”`;
  const heads = ['Quantity', `Value, ${currency}`, 'Haircut or charge', worst].map((text) => make('th', { scope: 'col', class: 'number' }, text));
  const head = make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Holding'), ...heads, make('th', { scope: 'col' }, 'Size tier')));
  const rows = lines.map((line) => make('tr', {},
    make('th', { scope: 'row' }, line.instrument),
    number('Quantity', figure(line.quantity, line.quantityDecimals)), number('Value', money(line.value)), number('Haircut or charge', money(line.charge)),
    number(worst, money(line.worstPnl)), make('td', { 'data-label': 'Size tier' }, line.tier === undefined ? '–' : tierText(line.tier, line)),
  ));
  const totals = [
    ['Equity: all values added up', money(margin.equity)],
    ['Haircuts and charges', money(margin.charges)],
    [`Loss in the worst scenario, “${worstScenario.name}”`, money(-worstPnl)],
    ['Requirement: charges and that loss', money(margin.requirement)],
    ['Distance to liquidation: equity less requirement', money(distance)],
  ] as const;
  const foot = totals.map(([name, amount]) => make('tr', {}, make('th', { scope: 'row', colspan: String(COLUMNS - 1) }, name), make('td', { class: 'number' }, amount)));
  fill(byId('margin', HTMLTableElement), head, make('tbody', {}, ...rows), make('tfoot', {}, ...foot));
}

function showScenarios({ margin: { margin, worstScenario }, currency, valueScale, scenarios }: AccountView): void {
  const rows = scenarios.map((name, place) => make('tr', worstScenario.number === place + 1 ? { class: 'worst' } : {},
    make('th', { scope: 'row' }, worstScenario.number === place + 1 ? `${name} (the worst)` : name), number('', figure(margin.scenarioPnl[place] ?? 0n, valueScale)),
  ));
  const head = make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Scenario'), make('th', { scope: 'col', class: 'number' }, `Gain or loss, ${currency}`)));
  fill(byId('pnl-table', HTMLTableElement), head, make('tbody', {}, ...rows));
  const figureElement = byId('pnl', HTMLElement);
  figureElement.hidden = scenarios.length === 0;
  if (scenarios.length > 0) drawPnl({ scenarios, pnl: margin.scenarioPnl, valueScale, currency, worst: worstScenario.number - 1 });
}

function number(label: string, text: string): HTMLTableCellElement {
  return make('td', { class: 'number', ...(label === '' ? {} : { 'data-label': label }) }, text);
}
