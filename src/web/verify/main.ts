import { followWindow } from './pnl-chart.js';
import { VerificationPage } from './verification-page.js';

// A browser drops a style sheet that is not the published one: whoever changed that may have changed more, so nothing starts then.
const altered = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].some(({ sheet }) => sheet === null);
if (!altered) {
  followWindow();
  new VerificationPage();
}
