import type { ApiLimits } from '../api/api-limits.js';
import type { ServiceConfig } from '../config/schema.js';

/** The configured limits as the API takes them; what is not configured keeps its default. */
export function apiLimits({ limits }: Pick<ServiceConfig, 'limits'>): Partial<ApiLimits> {
  return {
    perAddress: limits.requestsPerMinuteOfAddress,
    perToken: limits.requestsPerMinuteOfToken,
    uploadBytes: limits.uploadBytes,
    decompressedBytes: limits.decompressedBytes,
    headersTimeout: limits.headersSeconds * 1000,
    keepAlive: limits.idleSeconds * 1000,
    stalled: limits.stalledSeconds * 1000,
    connections: limits.connections,
    streams: limits.streams,
  };
}
