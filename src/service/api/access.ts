import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiLimits } from './api-limits.js';
import { ForbiddenError, RateLimitedError, UnauthenticatedError } from './request-errors.js';
import type { Caller, Route } from './route.js';

/** Whose token it is, or undefined for one that is unknown, expired or revoked; the same work in each case. */
export type TokenCheck = (token: string) => Promise<Caller | undefined>;

const BEARER = /^Bearer ([\x21-\x7e]{1,256})$/i;

/** The caller of a route that is not public. @throws UnauthenticatedError, ForbiddenError */
export async function authorize(route: Route, authorization: string | undefined, check: TokenCheck): Promise<Caller | undefined> {
  if (route.access === 'public') return undefined;
  const token = BEARER.exec(authorization ?? '')?.[1];
  const caller = token === undefined ? undefined : await check(token);
  if (caller === undefined) throw new UnauthenticatedError();
  if (!route.access.includes(caller.role)) {
    throw new ForbiddenError(`a token of role "${caller.role}" may not do this: ${route.access.join(' or ')} may`);
  }
  return caller;
}

export interface RateLimits {
  /** Before anything else is looked at, so that guessing tokens is bounded too. */
  address(request: FastifyRequest): Promise<void>;
  /** Requires a request whose caller is known. */
  token(request: FastifyRequest, cost: Route['cost']): Promise<void>;
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

const WINDOW = 60_000;
/** Of a token's requests, what heavy routes may take. */
const HEAVY_SHARE = 10;

/** Limits over fixed windows of a minute, kept for the most recent addresses and tokens only. Requires the plugin. */
export function rateLimits(app: FastifyInstance, limits: ApiLimits): RateLimits {
  // The plugin hands `cache` to the store of each limiter; its types do not say so.
  const bounded = { timeWindow: WINDOW, cache: limits.remembered };
  const byToken = { ...bounded, keyGenerator: (request: FastifyRequest) => request.caller?.id ?? '' };
  const address = app.createRateLimit({ ...bounded, max: limits.perAddress, ipv6Subnet: 64 });
  const light = app.createRateLimit({ ...byToken, max: limits.perToken });
  const heavy = app.createRateLimit({ ...byToken, max: Math.max(1, Math.floor(limits.perToken / HEAVY_SHARE)) });
  return {
    address: (request) => hold(address, request, 'this address'),
    async token(request, cost) {
      await hold(light, request, 'this token');
      if (cost === 'heavy') await hold(heavy, request, 'this token and kind of request');
    },
  };
}

async function hold(limiter: Limiter, request: FastifyRequest, whose: string): Promise<void> {
  const result = await limiter(request);
  if (result.isAllowed || !result.isExceeded) return;
  throw new RateLimitedError(`more than ${result.max} requests a minute from ${whose}: slow down`, Math.max(1, result.ttlInSeconds));
}
