import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../error/clearproof-error.js';
import { JsonNode, type JsonObject } from '../../venue/json-node.js';
import { ConfigConflictError, ConfigReadError, ConfigVariableError, SecretMissingError } from './errors.js';
import type { Kind } from './field.js';
import { refuseReadableSecret } from './file-modes.js';
import { allFields, SCHEMA, type NamedField, type ServiceConfig } from './schema.js';
import type { Secret } from './secret.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSource {
  /** `--config`; undefined: CLEARPROOF_CONFIG, or the environment alone. */
  readonly file: string | undefined;
  readonly environment: Environment;
  /** Folder that relative paths of the environment start from. */
  readonly workingFolder: string;
}

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly config: ServiceConfig;
  /** Absolute; undefined when everything came from the environment. */
  readonly file: string | undefined;
}

const CONFIG_VARIABLE = 'CLEARPROOF_CONFIG';
const PREFIX = 'CLEARPROOF_';
/** Variables of other parts of the program. */
const OTHERS: readonly string[] = [CONFIG_VARIABLE, 'CLEARPROOF_DATA', 'CLEARPROOF_PROVER', 'CLEARPROOF_NATIVE'];
/** What Kubernetes sets in every container beside a service that is called "clearproof". */
const SERVICE_LINK = /^CLEARPROOF_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\d.*)?)$/;

/**
 * Reads file and environment, which goes before the file, and the files that hold secrets.
 *
 * @throws ConfigReadError, JsonSyntaxError, JsonShapeError, ConfigVariableError, ConfigConflictError, FileModeError: each names file and field
 */
export async function readServiceConfig(source: ConfigSource): Promise<LoadedConfig> {
  const { environment, workingFolder } = source;
  refuseUnknownVariables(environment);
  const named = source.file ?? nonEmpty(environment[CONFIG_VARIABLE]);
  const file = named === undefined ? undefined : resolve(workingFolder, named);
  const top = file === undefined ? undefined : await readTop(file);
  const values = new Map<string, unknown>();
  for (const field of allFields()) values.set(field.name, valueOf(field, top, file, source));
  const config = assemble(values);
  refuseTwoStores(config);
  const secrets = await Promise.all([
    secretOf(SCHEMA.store.url.kind, config.store.url, config.store.urlFile, 'store.urlFile'),
    secretOf(SCHEMA.chain.rpcUrl.kind, config.chain.rpcUrl, config.chain.rpcUrlFile, 'chain.rpcUrlFile'),
  ]);
  return { config: { ...config, store: { ...config.store, url: secrets[0] }, chain: { ...config.chain, rpcUrl: secrets[1] } }, file };
}

/** Where the embedded database lies. */
export function embeddedFolder(config: ServiceConfig): string {
  return config.store.folder ?? join(config.dataFolder, 'database');
}

async function readTop(file: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigReadError(`${file} cannot be read (${messageOf(cause)}): name the configuration with --config or ${CONFIG_VARIABLE}`, { file }, { cause });
  }
  const top = JsonNode.parse(text, { file }).object(['formatVersion', ...Object.keys(SCHEMA)]);
  top.field('formatVersion').choice(['1']);
  return top;
}

function valueOf({ name, section, key, variable, field }: NamedField, top: JsonObject | undefined, file: string | undefined, source: ConfigSource): unknown {
  const given = nonEmpty(source.environment[variable]);
  const inFile = nodeInFile(top, section, key);
  const { kind, need } = field;
  if (need.of === 'secret' && inFile !== undefined) {
    throw inFile.refuse(`holds a secret, and this file is not for secrets: set ${variable}, or write it to a file of mode 600 and name that in "${need.fileField}"`);
  }
  if (given !== undefined) return kind.read(JsonNode.of(kind.list ? given.split(',').map((item) => item.trim()) : given, { file: 'environment', field: variable }), source.workingFolder);
  const base = file === undefined ? source.workingFolder : dirname(file);
  if (inFile !== undefined) return kind.read(inFile, base);
  if (need.of === 'fallback') return kind.read(JsonNode.of(need.text, { file: 'default', field: name }), base);
  if (need.of === 'required') throw JsonNode.of(undefined, { file: file ?? 'environment', field: name }).refuse(`is missing: add it, or set ${variable}`);
  return undefined;
}

function nodeInFile(top: JsonObject | undefined, section: string | undefined, key: string): JsonNode | undefined {
  if (section === undefined) return top?.optional(key);
  const known = Object.keys(SCHEMA[section as keyof typeof SCHEMA]);
  return top?.optional(section)?.object(known).optional(key);
}

function assemble(values: ReadonlyMap<string, unknown>): ServiceConfig {
  const config: Record<string, unknown> = {};
  for (const { name, section, key } of allFields()) {
    if (section === undefined) config[key] = values.get(name);
    else config[section] = { ...(config[section] as object | undefined), [key]: values.get(name) };
  }
  // Each value was read by the field whose type it has.
  return config as unknown as ServiceConfig;
}

/** A variable with a slip in its name would be ignored, and the service run with a default nobody meant. */
function refuseUnknownVariables(environment: Environment): void {
  const known = [...OTHERS, ...allFields().map(({ variable }) => variable)];
  const unknown = Object.keys(environment).find((name) => name.startsWith(PREFIX) && !known.includes(name) && !SERVICE_LINK.test(name));
  if (unknown === undefined) return;
  throw new ConfigVariableError(`environment variable ${unknown} is no field of the configuration: unset it; "clearproof config fields" lists all`, { variable: unknown });
}

function refuseTwoStores({ store }: ServiceConfig): void {
  if (store.folder === undefined || (store.url === undefined && store.urlFile === undefined)) return;
  throw new ConfigConflictError(
    `store.folder asks for an embedded database and ${store.url === undefined ? 'store.urlFile' : 'DATABASE_URL'} for a server: keep the one that holds this venue's epochs`,
    { field: 'store.folder' },
  );
}

/** The environment's, else what the file holds. */
async function secretOf(kind: Kind<Secret | undefined>, given: Secret | undefined, file: string | undefined, field: string): Promise<Secret | undefined> {
  if (given !== undefined || file === undefined) return given;
  await refuseReadableSecret(file, field);
  const text = (await readFile(file, 'utf8')).trim();
  if (text === '') throw new SecretMissingError(`${file}, named in ${field}, is empty: write the secret into it`, { file, field });
  return kind.read(JsonNode.of(text, { file, field }), dirname(file));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
