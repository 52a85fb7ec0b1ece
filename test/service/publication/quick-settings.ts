import { DEFAULT_PUBLICATION, type PublicationSettings } from '../../../src/service/publication/publication-settings.js';

export const CONFIRMATIONS = 3;
export const QUICK: PublicationSettings = {
  ...DEFAULT_PUBLICATION, confirmations: CONFIRMATIONS, pollMs: 0, retryMs: 0, backoffLimitMs: 0, replaceAfterMs: 600_000, refusalLimit: 5, leaseSeconds: 600,
};
