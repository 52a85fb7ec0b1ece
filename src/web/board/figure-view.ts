import { percentText, type Fact, type Figure, type Ratio, type Source, type Standing } from '../../audit/board/figure.js';
import { make } from '../elements.js';
import { durationText, numberText, shortTime } from './words.js';

/** What the badges mean, in the words of the legend. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  proven: 'a zero-knowledge proof shows it, and the proof was verified on your device just now',
  chain: 'read from a contract or one of its events; proofs among it were verified by the registry before it recorded them',
  stated: 'somebody says so, and nothing checks it',
};

type Backed = Pick<Figure, 'standing' | 'source'>;

/** The word itself, never colour alone; what stands behind it in detail when pointed at. */
export function badge({ standing, source }: Backed): HTMLElement {
  return make('span', { class: 'standing', 'data-standing': standing, title: source.map(sourceText).join('; ') }, standing);
}

function sourceText({ from, epoch, block }: Source): string {
  return [from, ...(epoch === undefined ? [] : [`epoch ${epoch}`]), ...(block === undefined ? [] : [`block ${block}`])].join(', ');
}

/** Any text with what stands behind it. */
export function backed(text: string | Node, what: Backed, tone = ''): HTMLElement {
  return make('span', { class: tone === '' ? 'figure' : `figure ${tone}` }, make('span', { class: 'value' }, text), ' ', badge(what));
}

export function figureView(figure: Figure, withUnit = false): HTMLElement {
  return backed(withUnit && figure.unit.name !== '' ? `${numberText(figure)} ${figure.unit.name}` : numberText(figure), figure);
}

export function timeView(figure: Figure): HTMLElement {
  return backed(shortTime(figure.value), figure);
}

export function durationView(figure: Figure): HTMLElement {
  return backed(durationText(figure.value), figure);
}

export function factView(fact: Fact, tone = ''): HTMLElement {
  return backed(fact.text, fact, tone);
}

/** Below a hundred percent in the tone of what is wrong, and the sign of it in words beside it. */
export function ratioView(ratio: Ratio | undefined, nothing: string): HTMLElement {
  if (ratio === undefined) return make('span', { class: 'soft' }, nothing);
  return backed(percentText(ratio), ratio, ratio.numerator < ratio.denominator ? 'bad' : '');
}
