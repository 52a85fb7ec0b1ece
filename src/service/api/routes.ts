import type { Route } from './route.js';
import { ADMINISTRATION_ROUTES } from './routes/administration-routes.js';
import { EPOCH_ROUTES } from './routes/epoch-routes.js';
import { INPUT_ROUTES } from './routes/input-routes.js';
import { RECEIPT_ROUTES } from './routes/receipt-routes.js';
import { STATUS_ROUTES } from './routes/status-routes.js';

/** The API: each route by the name of its operation. */
export const ROUTES = { ...STATUS_ROUTES, ...INPUT_ROUTES, ...EPOCH_ROUTES, ...RECEIPT_ROUTES, ...ADMINISTRATION_ROUTES };

/** All of them, with their names. */
export const ROUTE_LIST: readonly (readonly [name: string, route: Route])[] = Object.entries(ROUTES) as readonly (readonly [string, unknown])[] as readonly (readonly [string, Route])[];
