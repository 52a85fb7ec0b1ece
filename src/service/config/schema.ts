import { PROVER_WORDS } from '../../groth16/prover-choice.js';
import type { JsonNode } from '../../venue/json-node.js';
import { choice, count, fallback, Field, optional, PATH, required, secret, text, texts, TOGGLE, wei, type Kind } from './field.js';
import { Secret } from './secret.js';

const CIRCUIT = text(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name of circuits/circuits.json');
const ADDRESS = text(/^0x[0-9a-fA-F]{40}$/, 'an address: 0x and 40 hex digits');
const HOST = text(/^[A-Za-z0-9.:_-]{1,255}$/, 'a host name or an address');
const DAY = 86_400;
const GIBIBYTE = 2 ** 30;
const GWEI = 10n ** 9n;

/** A URL with a key or password in it: no message repeats any of it. */
function secretUrl(protocols: readonly string[]): Kind<Secret> {
  const rule = `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  const read = (node: JsonNode): Secret => {
    const value = node.text().trim();
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !protocols.includes(parsed.protocol)) throw node.refuse(`must be ${rule}`);
    return new Secret(value);
  };
  return { rule, read, show: String, list: false };
}

const CONFIRMATIONS: Kind<number | 'finalized'> = {
  rule: '0 to 100, or finalized', read: (node) => (node.text() === 'finalized' ? 'finalized' : node.integer(0, 100)), show: String, list: false,
};

/** A word of this project, or a program's path, absolute once read. */
const PROVER: Kind<string> = {
  rule: `${PROVER_WORDS.join(', ')} or a path`, show: String, list: false,
  read: (node, base) => PROVER_WORDS.find((word) => word === node.text()) ?? PATH.read(node, base),
};

export const STEP_KINDS = ['plan', 'prove', 'attest', 'publish', 'receipts', 'retire'] as const;
const STEP_KIND = choice(STEP_KINDS);

/** The whole configuration: every field with what it may be, and what it is without. Read, checked and documented from here. */
export const SCHEMA = {
  mode: fallback(choice(['production', 'development']), 'production', 'production refuses INSECURE keys, weak file modes and unencrypted listeners; development is for local test chains'),
  dataFolder: fallback(PATH, 'data', 'tree files and, without a database URL, the database; made with mode 700'),
  keysFolder: required(PATH, 'proving keys and their manifest.json'),
  keysSigner: optional(ADDRESS, 'the manifest may be unsigned', 'who must have signed the manifest of keysFolder, in manifest.sig.json beside it'),
  store: {
    folder: optional(PATH, '`database` in dataFolder', 'the embedded database'),
    url: secret(secretUrl(['postgres:', 'postgresql:']), 'urlFile', 'the database server; with it the store is not embedded', 'DATABASE_URL'),
    urlFile: optional(PATH, 'store.url or embedded', 'file of mode 600 with the database URL'),
    tls: fallback(choice(['verify-full', 'off']), 'verify-full', 'verify-full checks certificate and host name of the database server; off is for loopback and Unix sockets'),
    caFile: optional(PATH, 'the system\'s authorities', 'certificate authority of the database server, PEM'),
    connections: fallback(count(2, 200), '10', 'connections to the database server a process keeps at most'),
  },
  venue: {
    deploymentFile: required(PATH, 'addresses, as deploy wrote them'),
    circuits: required(texts(CIRCUIT, 64), 'batch circuits of epochs, and the close, or the part with its end'),
  },
  chain: {
    rpcUrl: secret(secretUrl(['http:', 'https:']), 'rpcUrlFile', 'JSON-RPC end point'),
    rpcUrlFile: optional(PATH, 'nothing is published', 'file of mode 600 with the end point\'s URL'),
    publisherKeyFile: optional(PATH, 'nothing is published', 'private key of the venue\'s operator on chain, mode 600'),
    confirmations: fallback(CONFIRMATIONS, '12', 'blocks on top of a transaction before it is final; finalized: as the chain\'s consensus says'),
    maxFeePerGas: fallback(wei(1n, 10n ** 15n), (200n * GWEI).toString(), 'most that is ever paid for gas, wei a unit, replacements included'),
    maxPriorityFeePerGas: fallback(wei(0n, 10n ** 15n), (3n * GWEI).toString(), 'most of it that goes to the block\'s builder in a first attempt, wei a unit'),
    replaceAfterSeconds: fallback(count(1, DAY), '90', 'wait for a block before a transaction is replaced by one that pays more'),
    pollSeconds: fallback(count(1, 600), '4', 'time between looks at what waits for blocks'),
    refusalLimit: fallback(count(1, 1000), '24', 'refusals in a row before an entry of the outbox is a dead letter; waits between them grow to 5 minutes'),
    requestSeconds: fallback(count(1, 300), '10', 'longest wait for one answer of the end point'),
  },
  api: {
    host: fallback(HOST, '127.0.0.1', 'address to listen on'),
    port: fallback(count(0, 65_535), '8080', 'port; 0 takes a free one'),
    metricsPort: optional(count(0, 65_535), 'metrics with a token only', 'port on 127.0.0.1 that gives metrics without a token, for a Prometheus on this host'),
    allowPlainHttp: fallback(TOGGLE, 'false', 'listen on other than loopback, in production: true only behind something that ends TLS'),
    publicUrl: optional(text(/^https?:\/\/[^/?#\s@]+$/, 'a URL without path, as https://proofs.example'), 'the path alone', 'where users reach the API; receipts say so of their attestation'),
    trustedProxies: optional(texts(HOST, 32), 'none', 'addresses of proxies whose X-Forwarded-For is believed; without them the limits of an address count the proxy'),
  },
  limits: {
    uploadBytes: fallback(count(1024, 64 * GIBIBYTE), '8589934592', 'longest snapshot as sent, bytes'),
    decompressedBytes: fallback(count(1024, 256 * GIBIBYTE), '34359738368', 'longest snapshot once decompressed, bytes'),
    requestsPerMinuteOfAddress: fallback(count(1, 1_000_000), '600', 'requests a minute from one address (IPv6: one /64)'),
    requestsPerMinuteOfToken: fallback(count(1, 1_000_000), '1200', 'requests a minute with one token, a tenth of it for heavy ones'),
    connections: fallback(count(1, 100_000), '10000', 'open connections'),
    streams: fallback(count(1, 10_000), '100', 'progress streams open at once'),
    headersSeconds: fallback(count(1, 600), '10', 'time to send a request\'s headers'),
    idleSeconds: fallback(count(1, 600), '30', 'time a connection may wait between requests'),
    stalledSeconds: fallback(count(1, 3600), '120', 'time a connection may be still in the middle of a request'),
  },
  worker: {
    processes: fallback(count(0, 256), '2', 'child processes that prove; 0: `serve` takes no work and publishes nothing'),
    kinds: fallback(texts(STEP_KIND, STEP_KINDS.length), STEP_KINDS, 'steps this process takes'),
    memoryMegabytes: fallback(count(256, 1_048_576), '4096', 'memory of one child process, above which it is ended'),
    proofSeconds: fallback(count(1, DAY), '1800', 'longest time for one proof, above which its process is ended'),
    leaseSeconds: fallback(count(5, 3600), '60', 'time without a heartbeat after which another worker takes a step'),
    attempts: fallback(count(1, 100), '5', 'tries of a step before it is a dead letter'),
    proverProgram: optional(PROVER, 'native where it is built, else snarkjs', 'what proves: native and snarkjs belong to this project, a path is a program that is called as PROGRAM circuit.zkey witness.wtns proof.json public.json'),
  },
  receipts: {
    keyFile: fallback(PATH, 'receipt.key', 'secret that receipt tokens follow from, mode 600; made at the first start. Back it up'),
  },
  retention: {
    receiptEpochs: fallback(count(1, 100_000), '12', 'newest epochs whose receipts are served; older places are dropped'),
  },
  log: {
    level: fallback(choice(['error', 'warn', 'info', 'debug']), 'info', 'least severe line that is written to standard error'),
  },
} as const;

type Fields = Readonly<Record<string, unknown>>;
type ValuesOf<S extends Fields> = {
  readonly [Name in keyof S]: S[Name] extends Field<infer Value> ? Value : S[Name] extends Fields ? ValuesOf<S[Name]> : never;
};

/** A configuration that was read: paths absolute, secrets wrapped, everything within its bounds. */
export type ServiceConfig = ValuesOf<typeof SCHEMA>;

/** One field with its name, "section.field" or "field". */
export interface NamedField {
  readonly name: string;
  readonly section: string | undefined;
  readonly key: string;
  readonly variable: string;
  readonly field: Field<unknown>;
}

/** All fields, in the order of the schema. */
export function allFields(): readonly NamedField[] {
  return Object.entries(SCHEMA).flatMap(([key, entry]) => {
    if (entry instanceof Field) return [named(undefined, key, entry as Field<unknown>)];
    return Object.entries(entry).map(([inner, field]) => named(key, inner, field as Field<unknown>));
  });
}

function named(section: string | undefined, key: string, field: Field<unknown>): NamedField {
  const name = section === undefined ? key : `${section}.${key}`;
  const variable = field.variable ?? `CLEARPROOF_${name.replace('.', '_').replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return { name, section, key, variable, field };
}
