import type { Board } from '../../audit/board/board.js';
import { STANDINGS } from '../../audit/board/figure.js';
import { make } from '../elements.js';
import { badge, factView, figureView, STANDING_WORDS } from './figure-view.js';
import { sectionView, tableView } from './table-view.js';
import { fieldWords, shortHex } from './words.js';

/** Circuits with their keys, and which of them anybody can forge with. */
export function keysView({ circuits }: Board): HTMLElement {
  return sectionView('keys', 'Circuits and keys', tableView('Circuits of the registry', [
    { head: 'Circuit' }, { head: 'Kind' }, { head: 'Key' }, { head: 'Epochs', number: true }, { head: 'Hash of the key' }, { head: 'Verifier' },
  ], circuits.map((one) => [
    one.name === '' ? make('code', { title: one.circuitId }, shortHex(`0x${BigInt(one.circuitId).toString(16)}`)) : one.name, fieldWords(one.kind),
    factView(one.developmentKey, one.developmentKey.text.startsWith('development') ? 'bad' : ''), figureView(one.epochs),
    make('code', { title: one.verificationKeyHash }, shortHex(one.verificationKeyHash)), make('code', { title: one.verifier }, shortHex(one.verifier)),
  ]), 'The registry has no circuit.'));
}

/** What became of the files that were given. */
export function filesView({ documents }: Board): HTMLElement | undefined {
  if (documents.length === 0) return undefined;
  return sectionView('files', 'Files', tableView('Files that were given', [{ head: 'File' }, { head: 'What it is' }, { head: 'Epoch', number: true }, { head: 'Verdict' }, { head: 'In words' }], documents.map((one) => [
    one.file, one.kind, one.epoch === undefined ? '–' : `${one.epoch}`,
    make('span', { class: one.verdict === 'verified' ? 'good' : one.verdict === 'not-verified' ? 'bad' : 'soft', 'data-verdict': one.verdict }, one.verdict === 'not-verified' ? 'NOT verified' : fieldWords(one.verdict)), one.words,
  ]), ''));
}

/** What stands behind a figure, in words. */
export function legendView(): HTMLElement {
  return sectionView('legend', 'What stands behind a figure',
    make('dl', { class: 'legend' }, ...STANDINGS.flatMap((standing) => [make('dt', {}, badge({ standing, source: [] })), make('dd', {}, STANDING_WORDS[standing])])),
    make('p', { class: 'soft' }, 'A figure that follows from several stands on the weakest of them. Contract, event, epoch and block of every figure are in the exported JSON, and shown when you point at its mark.'));
}
