import { findAccessToken } from '../../store/access-tokens.js';
import type { Database } from '../../store/database.js';
import type { TokenCheck } from './access.js';

/** Holds access tokens against the store's. Asked each time, so that revoking one counts at once. */
export function storeTokenCheck(database: Database): TokenCheck {
  return async (token) => {
    const found = await findAccessToken(database, token);
    return found && { id: found.id, role: found.role, userId: found.userId ?? undefined };
  };
}
