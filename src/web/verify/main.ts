import { followWindow } from './pnl-chart.js';
import { VerificationPage } from './verification-page.js';

followWindow();
new VerificationPage();
