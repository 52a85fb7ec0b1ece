import { byId, fill, make } from '../elements.js';
import { boardView } from './board-view.js';
import { drawCharts, eraseCharts, followWindow } from './charts.js';
import type { Told } from './protocol.js';
import { refusalWords } from './refusal-words.js';
import { fillFromLink, readForm } from './request-form.js';
import BoardWorker from './worker.js?worker&inline';

type State = 'idle' | 'working' | 'done' | 'refused';

const main = document.querySelector('main') as HTMLElement;
const status = byId('status', HTMLElement);
const progress = byId('progress', HTMLProgressElement);
const shown = byId('board', HTMLElement);
const refusal = byId('refusal', HTMLElement);
const read = byId('read', HTMLButtonElement);
const exported = byId('export-board', HTMLButtonElement);
let text = '';
let worker: Worker | undefined;

function enter(state: State, words: string): void {
  main.dataset['state'] = state;
  progress.hidden = state !== 'working';
  read.disabled = state === 'working';
  exported.disabled = state !== 'done';
  status.textContent = words;
}

function refuse(headline: string, advice: string, detail: string): void {
  fill(refusal, make('strong', {}, headline), make('p', {}, advice), ...(detail === '' ? [] : [make('p', { class: 'soft' }, detail)]));
  refusal.hidden = false;
  enter('refused', headline);
}

function hear(told: Told): void {
  switch (told.kind) {
    case 'reading':
      progress.removeAttribute('value');
      status.textContent = `Reading ${told.part}: ${told.requests} requests, events of ${told.blocksRead} blocks`;
      return;
    case 'checked':
      progress.max = told.of;
      progress.value = told.done;
      status.textContent = `Verifying files: ${told.done} of ${told.of}`;
      return;
    case 'board': {
      text = told.text;
      fill(shown, ...boardView(told.board));
      enter('done', `The board of venue ${told.board.venue.venueId} as of block ${told.board.venue.block}.`);
      shown.hidden = false;
      drawCharts();
      shown.focus({ preventScroll: true });
      return;
    }
    case 'refused': {
      const [headline, advice] = refusalWords(told.code);
      refuse(headline, advice, told.message);
      return;
    }
    case 'fault':
      refuse('The page itself failed', 'This says nothing about the venue. Load the page again, or use "clearproof board".', told.message);
  }
}

function clear(): void {
  eraseCharts();
  text = '';
  fill(shown);
  shown.hidden = true;
  refusal.hidden = true;
}

byId('question', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  clear();
  const request = readForm();
  if ('wrong' in request) {
    refuse(request.wrong, 'Correct it and try again. Nothing was sent.', '');
    request.field.focus();
    return;
  }
  enter('working', 'Asking the node…');
  // What an earlier question still reads is nobody's business any more.
  worker?.terminate();
  worker = new BoardWorker();
  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => hear(data));
  worker.addEventListener('error', () => hear({ kind: 'fault', message: 'its worker could not run' }));
  worker.postMessage(request);
});

exported.addEventListener('click', () => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  make('a', { href: url, download: 'board.json' }).click();
  URL.revokeObjectURL(url);
});

window.addEventListener('hashchange', () => fillFromLink(location.hash));
followWindow();
fillFromLink(location.hash);
