import { setMaxListeners, type EventEmitter } from 'node:events';

/** Fires when the caller's connection closes or the server does. Not by AbortSignal.any, whose signals Node 20 never lets go of while `closing` lives. */
export function callSignal(connection: EventEmitter, closing: AbortSignal): AbortSignal {
  const call = new AbortController();
  const end = (): void => {
    closing.removeEventListener('abort', end);
    connection.off('close', end);
    call.abort();
  };
  if (closing.aborted) call.abort();
  else {
    // One a call under way: many are no leak.
    setMaxListeners(0, closing);
    closing.addEventListener('abort', end, { once: true });
    connection.once('close', end);
  }
  return call.signal;
}
