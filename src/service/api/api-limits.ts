/** What the API takes from outside. Times in milliseconds, sizes in bytes. */
export interface ApiLimits {
  /** Requests a minute from one address (IPv6: from one /64). */
  readonly perAddress: number;
  /** Requests a minute with one token; a tenth of it for heavy routes. */
  readonly perToken: number;
  /** Addresses and tokens that the limiter remembers at once; the longest unused are forgotten. */
  readonly remembered: number;
  /** Of a snapshot as sent, and once decompressed. */
  readonly uploadBytes: number;
  readonly decompressedBytes: number;
  /** Headers must be there after this, counted from the connection's beginning or the request before. */
  readonly headersTimeout: number;
  /** How often connections are looked at for that. */
  readonly timeoutCheck: number;
  /** Most time that the service waits for a body in all, beyond what `slowestBytesPerSecond` grants. */
  readonly bodyGrace: number;
  readonly slowestBytesPerSecond: number;
  /** Between two requests of a connection. */
  readonly keepAlive: number;
  /** A connection on which nothing moved in either direction. */
  readonly stalled: number;
  /** For the rest of a body after it was refused, so that its sender sees the answer. */
  readonly linger: number;
  /** For what is under way when the server closes; then its connections are broken, lest a slow sender or reader hold it up. */
  readonly closing: number;
  readonly connections: number;
  /** Progress streams open at once. */
  readonly streams: number;
}

export const DEFAULT_LIMITS: ApiLimits = Object.freeze({
  perAddress: 600,
  perToken: 1_200,
  remembered: 10_000,
  uploadBytes: 8 * 2 ** 30,
  decompressedBytes: 32 * 2 ** 30,
  headersTimeout: 10_000,
  timeoutCheck: 2_000,
  bodyGrace: 10_000,
  slowestBytesPerSecond: 1_024,
  keepAlive: 30_000,
  stalled: 120_000,
  linger: 5_000,
  closing: 20_000,
  connections: 10_000,
  streams: 100,
});
