import type { Board } from '../../audit/board/board.js';
import { STANDINGS, type Fact } from '../../audit/board/figure.js';
import { make } from '../elements.js';
import { badge, factView, figureView, STANDING_WORDS } from './figure-view.js';
import { sectionView, tableView } from './table-view.js';
import { fieldWords, shortHex } from './words.js';

/** Circuits with their keys, which of them anybody can forge with, which are retired, and which are to come. */
export function keysView({ circuits, proposedCircuits }: Board): HTMLElement {
  const inForce = tableView('Circuits of the registry', [
    { head: 'Circuit' }, { head: 'Kind' }, { head: 'Key' }, { head: 'Added' }, { head: 'Retired' }, { head: 'Epochs', number: true }, { head: 'Hash of the key' }, { head: 'Verifier' },
  ], circuits.map((one) => [
    nameView(one), fieldWords(one.kind), keyView(one), one.addedAt === undefined ? '–' : figureView(one.addedAt), one.retiredAt === undefined ? '–' : figureView(one.retiredAt),
    figureView(one.epochs), hexView(one.verificationKeyHash), hexView(one.verifier),
  ]), 'The registry has no circuit.');
  if (proposedCircuits.length === 0) return sectionView('keys', 'Circuits and keys', inForce);
  return sectionView('keys', 'Circuits and keys', inForce, tableView('Circuits that wait to be added', [
    { head: 'Circuit' }, { head: 'Kind' }, { head: 'Key' }, { head: 'In force from' }, { head: 'Hash of the key' }, { head: 'Hash of the code' }, { head: 'Verifier' },
  ], proposedCircuits.map((one) => [
    nameView(one), fieldWords(one.kind), keyView(one), figureView(one.readyAt), hexView(one.verificationKeyHash), hexView(one.codeHash), hexView(one.verifier),
  ]), ''));
}

function nameView({ name, circuitId }: { readonly name: string; readonly circuitId: string }): HTMLElement | string {
  return name === '' ? make('code', { title: circuitId }, shortHex(`0x${BigInt(circuitId).toString(16)}`)) : name;
}

function keyView({ developmentKey }: { readonly developmentKey: Fact }): HTMLElement {
  return factView(developmentKey, developmentKey.text.startsWith('development') ? 'bad' : '');
}

function hexView(hex: string): HTMLElement {
  return make('code', { title: hex }, shortHex(hex));
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
