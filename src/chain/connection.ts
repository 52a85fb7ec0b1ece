import { FetchRequest, JsonRpcProvider, Network } from 'ethers';
import { messageOf } from '../error/clearproof-error.js';
import { ChainUnreachableError, WrongChainError } from './errors.js';

/** A JSON-RPC end point that answered, and the chain it serves. */
export interface ChainConnection {
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  /** Stops the provider's timers, so that the process can end. */
  close(): void;
}

export interface ConnectOptions {
  /** Refuse every other chain. */
  readonly expectedChainId?: bigint;
  /** Longest wait for one request, milliseconds; 10,000 unless told. */
  readonly timeoutMs?: number;
  /** Milliseconds between looks for a new block; 100 on local test chains, else 2,000. */
  readonly pollingMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const LOCAL_CHAINS: readonly bigint[] = [31337n, 1337n];

/**
 * Connects to a JSON-RPC end point and asks which chain it serves.
 *
 * @throws ChainUnreachableError when nothing answers in time, or something answers that is no chain
 * @throws WrongChainError when it is not `expectedChainId`
 */
export async function connectChain(url: string, options: ConnectOptions = {}): Promise<ChainConnection> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  requireEndPoint(url);
  const chainId = await askChainId(url, timeoutMs);
  if (options.expectedChainId !== undefined && chainId !== options.expectedChainId) {
    throw new WrongChainError(
      `${hostOf(url)} serves chain ${chainId}, expected chain ${options.expectedChainId}: point at another end point or use that chain's deployment file`,
      { host: hostOf(url), expected: options.expectedChainId, actual: chainId },
    );
  }
  const request = new FetchRequest(url);
  request.timeout = timeoutMs;
  // The chain was just asked; ethers would otherwise retry for ever and print when it goes away.
  const provider = new JsonRpcProvider(request, Network.from(chainId), {
    staticNetwork: true,
    pollingInterval: options.pollingMs ?? (LOCAL_CHAINS.includes(chainId) ? 100 : 2_000),
    cacheTimeout: -1,
    // Requests follow one another here; gathered ones would only wait, and be lost together.
    batchMaxCount: 1,
  });
  return { provider, chainId, close: () => provider.destroy() };
}

/** Refuses what fetch would repeat whole in its complaint: an end point's URL may hold its access key. */
function requireEndPoint(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new ChainUnreachableError('the end point is not a URL that begins with http:// or https://', {});
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ChainUnreachableError(`${parsed.host}: the URL holds a user name or password; give the key in the path, as node operators do`, { host: parsed.host });
  }
}

async function askChainId(url: string, timeoutMs: number): Promise<bigint> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: unknown = await response.json();
    const result = typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined;
    if (typeof result !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(result)) throw new TypeError(`HTTP ${response.status} without a chain id`);
    return BigInt(result);
  } catch (cause) {
    throw new ChainUnreachableError(
      `${hostOf(url)} gave no chain id within ${timeoutMs} ms (${messageOf(cause)}): check that the node runs and that the URL is right`,
      { host: hostOf(url), timeoutMs },
      { cause },
    );
  }
}

/** Host and port only: paths and user parts of an end point's URL often hold its access key. */
function hostOf(url: string): string {
  return new URL(url).host;
}
