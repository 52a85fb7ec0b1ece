import { dirname, resolve } from 'node:path';
import { openEnvelope, readAddress, readElement } from '../../attestation/format-fields.js';
import { MAX_HANDLE } from '../../clearing/file-fields.js';
import type { JsonNode, JsonObject } from '../../venue/json-node.js';
import type { GatewayPair, KeepConfig, RelayChainConfig, RelayerConfig, RouteConfig, ValidatorConfig } from './relay-config.js';
import { RelayConfigError } from './relay-errors.js';

export const RELAYER_FORMAT = 'clearproof-relayer';
export const VALIDATOR_FORMAT = 'clearproof-relay-validator';

const RELAYER_FIELDS = ['stateFile', 'pollSeconds', 'maxGasPrice', 'metricsPort', 'chains', 'routes'];
const VALIDATOR_FIELDS = ['journal', 'signatures', 'chainId', 'mailbox', 'hook', 'fromBlock', 'gateways', 'confirmations', 'pollSeconds', 'metricsPort'];
const MAX_LENGTH = 2 ** 18;
const MAX_PORT = 65_535;
const MAX_POLL_SECONDS = 3_600;
const MAX_BLOCK = Number.MAX_SAFE_INTEGER;
const MAX_CONFIRMATIONS = 100_000;
const MAX_CHAIN_ID = 2n ** 64n - 1n;
/** Wei: above anything that exists. */
const MAX_WEI = 2n ** 96n - 1n;
const MOST_CHAINS = 16;
const MOST_ROUTES = 256;
/** Of a recipient's set. */
const MOST_GATEWAYS = 16;
const MOST_SOURCES = 64;
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const PLACE = /^[^\0]{1,4096}$/;

/** Reads a relayer's configuration strictly. Paths are taken from the folder that the file is in. @throws the errors of bundles, RelayConfigError */
export function parseRelayerConfig(text: string, file: string): RelayerConfig {
  const { fields } = openEnvelope(text, { file }, RELAYER_FORMAT, RELAYER_FIELDS, MAX_LENGTH);
  const config: RelayerConfig = Object.freeze({
    stateFile: pathOf(fields.field('stateFile'), file),
    ...readPace(fields),
    maxGasPrice: fields.field('maxGasPrice').bigInteger(1n, MAX_WEI),
    chains: Object.freeze(fields.field('chains').list({ atLeast: 2, atMost: MOST_CHAINS }).map(readNamedChain)),
    routes: Object.freeze(fields.field('routes').list({ atLeast: 1, atMost: MOST_ROUTES }).map((node) => readRoute(node, file))),
  });
  requireConsistent(config, file);
  return config;
}

/** As parseRelayerConfig. */
export function parseValidatorConfig(text: string, file: string): ValidatorConfig {
  const { fields } = openEnvelope(text, { file }, VALIDATOR_FORMAT, VALIDATOR_FIELDS, MAX_LENGTH);
  return Object.freeze({
    journal: pathOf(fields.field('journal'), file), signatures: pathOf(fields.field('signatures'), file), chain: readChain(fields),
    gateways: Object.freeze(fields.field('gateways').list({ atLeast: 1, atMost: MOST_GATEWAYS }).map(readAddress)),
    confirmations: optional(fields, 'confirmations', (node) => node.integer(0, MAX_CONFIRMATIONS)),
    ...readPace(fields),
  });
}

function readPace(fields: JsonObject): { readonly pollMs: number; readonly metricsPort: number | undefined } {
  return {
    pollMs: fields.field('pollSeconds').integer(1, MAX_POLL_SECONDS) * 1_000,
    metricsPort: optional(fields, 'metricsPort', (node) => node.integer(1, MAX_PORT)),
  };
}

function readNamedChain(node: JsonNode): RelayChainConfig {
  const fields = node.object(['name', 'chainId', 'mailbox', 'hook', 'fromBlock']);
  return Object.freeze({ name: readName(fields.field('name')), ...readChain(fields) });
}

function readChain(fields: JsonObject): Omit<RelayChainConfig, 'name'> {
  return Object.freeze({
    chainId: fields.field('chainId').bigInteger(1n, MAX_CHAIN_ID), mailbox: readAddress(fields.field('mailbox')), hook: readAddress(fields.field('hook')),
    fromBlock: fields.field('fromBlock').integer(0, MAX_BLOCK),
  });
}

function readRoute(node: JsonNode, file: string): RouteConfig {
  const fields = node.object(['name', 'from', 'to', 'origin', 'recipient', 'gateways', 'keep']);
  return Object.freeze({
    name: readName(fields.field('name')), from: readName(fields.field('from')), to: readName(fields.field('to')),
    origin: readAddress(fields.field('origin')), recipient: readAddress(fields.field('recipient')),
    gateways: Object.freeze(fields.field('gateways').list({ atLeast: 1, atMost: MOST_GATEWAYS }).map((one) => readPair(one, file))),
    keep: optional(fields, 'keep', readKeep),
  });
}

function readPair(node: JsonNode, file: string): GatewayPair {
  const fields = node.object(['sends', 'delivers', 'signatures']);
  return Object.freeze({
    sends: readAddress(fields.field('sends')), delivers: readAddress(fields.field('delivers')),
    signatures: Object.freeze(fields.field('signatures').list({ atLeast: 1, atMost: MOST_SOURCES }).map((one) => readPlace(one, file))),
  });
}

/** Which other fields there are follows from the kind. */
function readKeep(node: JsonNode): KeepConfig {
  const kind = node.foreignObject().field('kind').choice(['mirror', 'satellite', 'hub']);
  if (kind === 'mirror') return Object.freeze({ kind, venueId: readElement(node.object(['kind', 'venueId']).field('venueId')) });
  return Object.freeze({ kind, satelliteId: node.object(['kind', 'satelliteId']).field('satelliteId').bigInteger(1n, MAX_HANDLE) });
}

function readPlace(node: JsonNode, file: string): string {
  const text = node.textLike(PLACE, 'a path or a URL');
  if (!/^[a-z]+:\/\//i.test(text)) return resolve(dirname(file), text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw node.refuse('expected a folder, or a URL that begins with http:// or https:// and has no user name');
  }
  return text;
}

function readName(node: JsonNode): string {
  return node.textLike(NAME, 'a name: lower-case letters, digits and hyphens, at most 64');
}

function pathOf(node: JsonNode, file: string): string {
  return resolve(dirname(file), node.textLike(PLACE, 'a path'));
}

function optional<Value>(fields: JsonObject, name: string, read: (node: JsonNode) => Value): Value | undefined {
  const node = fields.optional(name);
  return node === undefined ? undefined : read(node);
}

/** @throws RelayConfigError */
function requireConsistent({ chains, routes }: RelayerConfig, file: string): void {
  const refuse = (field: string, what: string): never => {
    throw new RelayConfigError(`${file}: ${field}: ${what}`, { file, field });
  };
  const names = chains.map(({ name }) => name);
  names.forEach((name, place) => names.indexOf(name) === place || refuse(`chains[${place}].name`, `${name} is there twice: give each chain a name of its own`));
  const routeNames = routes.map(({ name }) => name);
  routes.forEach(({ name, from, to }, place) => {
    if (routeNames.indexOf(name) !== place) refuse(`routes[${place}].name`, `${name} is there twice: give each route a name of its own`);
    for (const [field, chain] of [['from', from], ['to', to]] as const) if (!names.includes(chain)) refuse(`routes[${place}].${field}`, `there is no chain ${chain}: add it to chains`);
    if (from === to) refuse(`routes[${place}].to`, 'is the chain that it comes from: name the other one');
  });
}
