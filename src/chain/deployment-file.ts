import { readFile } from 'node:fs/promises';
import { getAddress } from 'ethers';
import { circuitIdOf } from '../commitment/digest.js';
import { messageOf } from '../error/clearproof-error.js';
import { isFieldElement } from '../field/scalar-field.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { CIRCUIT_KINDS, type CircuitKind, type DeployedCircuit, type DeployedClearing, type DeployedLiquidation, type Deployment } from './deployment.js';
import { DeploymentFileError } from './errors.js';

const FORMAT = 'clearproof-deployment';
const VERSION = 4;
const FIELDS = [
  'format', 'version', 'chainId', 'registry', 'gate', 'escrow', 'vault', 'markets', 'prices', 'omissionChallenges', 'poseidon3', 'poseidon5', 'venueId', 'fundToken',
  'deployedInBlock', 'circuits',
] as const;
/** Left out of files of venues without a clearing house, and of those from before there were any. */
const OPTIONAL_FIELDS = ['clearing'] as const;
const CLEARING_FIELDS = ['house', 'terms', 'proofBatch', 'tradeBonds'] as const;
/** Left out of files from before accounts could be liquidated. */
const OPTIONAL_CLEARING_FIELDS = ['liquidation'] as const;
const LIQUIDATION_FIELDS = ['liquidations', 'defaultFund', 'bidders', 'poseidon6'] as const;
const CIRCUIT_FIELDS = ['name', 'circuitId', 'kind', 'verifier', 'verificationKeyHash', 'insecure'] as const;
const KIND = new RegExp(`^(${CIRCUIT_KINDS.join('|')})$`);

/** Writes a deployment as JSON, integers as decimal strings; whole or not at all. */
export async function writeDeployment(file: string, deployment: Deployment): Promise<void> {
  const { escrow = null, vault = null, prices = null, omissionChallenges = null } = deployment;
  const content = { format: FORMAT, version: VERSION, ...deployment, escrow, vault, prices, omissionChallenges };
  const text = JSON.stringify(content, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
  await writeFileAtomically(file, `${text}\n`);
}

/** Reads a deployment file. Throws DeploymentFileError naming file and field. */
export async function readDeployment(file: string): Promise<Deployment> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DeploymentFileError(`${file} cannot be read as JSON (${messageOf(cause)}): deploy first, or name the right file`, { file }, { cause });
  }
  return parseDeployment(parsed, file);
}

/** @param file what the value is called in errors */
export function parseDeployment(value: unknown, file: string): Deployment {
  const top = new Place(file, '', value).fields(FIELDS, OPTIONAL_FIELDS);
  top.format.equals(FORMAT);
  top.version.equals(VERSION);
  const circuits = top.circuits.list().map(parseCircuit);
  if (circuits.length === 0) throw top.circuits.wrong('is empty: a registry has at least one batch and one close circuit');
  if (top.escrow.isNull() === top.vault.isNull()) throw top.vault.wrong('must be null where there is an escrow, and an address where there is none');
  return {
    chainId: top.chainId.integer(),
    registry: top.registry.address(),
    gate: top.gate.address(),
    escrow: top.escrow.optionalAddress(),
    vault: top.vault.optionalAddress(),
    markets: top.markets.address(),
    prices: top.prices.optionalAddress(),
    omissionChallenges: top.omissionChallenges.optionalAddress(),
    ...(top.clearing === undefined ? {} : { clearing: parseClearing(top.clearing) }),
    poseidon3: top.poseidon3.address(),
    poseidon5: top.poseidon5.address(),
    venueId: top.venueId.fieldElement(),
    fundToken: top.fundToken.address(),
    deployedInBlock: top.deployedInBlock.count(),
    circuits,
  };
}

function parseClearing(place: Place): DeployedClearing {
  const { house, terms, proofBatch, tradeBonds, liquidation } = place.fields(CLEARING_FIELDS, OPTIONAL_CLEARING_FIELDS);
  return {
    house: house.address(),
    terms: terms.address(),
    proofBatch: proofBatch.address(),
    tradeBonds: tradeBonds.address(),
    ...(liquidation === undefined ? {} : { liquidation: parseLiquidation(liquidation) }),
  };
}

function parseLiquidation(place: Place): DeployedLiquidation {
  const { liquidations, defaultFund, bidders, poseidon6 } = place.fields(LIQUIDATION_FIELDS);
  return { liquidations: liquidations.address(), defaultFund: defaultFund.address(), bidders: bidders.address(), poseidon6: poseidon6.address() };
}

function parseCircuit(place: Place): DeployedCircuit {
  const circuit = place.fields(CIRCUIT_FIELDS);
  const name = circuit.name.matching(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a circuit name');
  const circuitId = circuit.circuitId.fieldElement();
  if (circuitId !== circuitIdOf(name)) throw circuit.circuitId.wrong(`is not the id of circuit ${name}`);
  const kind = circuit.kind.matching(KIND, `one of ${CIRCUIT_KINDS.join(', ')}`) as CircuitKind;
  return {
    name,
    circuitId,
    kind,
    verifier: circuit.verifier.address(),
    verificationKeyHash: circuit.verificationKeyHash.matching(/^0x[0-9a-f]{64}$/, '32 bytes in lower-case hex with 0x'),
    insecure: circuit.insecure.boolean(),
  };
}

/** A value at a place of the file, whose errors name it. */
class Place {
  constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly value: unknown,
  ) {}

  wrong(problem: string): DeploymentFileError {
    const subject = this.name === '' ? this.file : `${this.file}: ${this.name}`;
    return new DeploymentFileError(`${subject} ${problem}`, { file: this.file, field: this.name });
  }

  /** The members of an object that has all of `names`, some of `optional`, and no others. */
  fields<Name extends string, Optional extends string = never>(
    names: readonly Name[], optional: readonly Optional[] = [],
  ): Readonly<Record<Name, Place> & Partial<Record<Optional, Place>>> {
    const { value } = this;
    const allowed: readonly string[] = [...names, ...optional];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong('must be an object');
    const surplus = Object.keys(value).find((key) => !allowed.includes(key));
    if (surplus !== undefined) throw this.wrong(`has "${surplus}", which means nothing here: remove it`);
    const missing = names.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) throw this.wrong(`lacks "${missing}"`);
    const members = Object.keys(value).map((name) => {
      const place = this.name === '' ? name : `${this.name}.${name}`;
      return [name, new Place(this.file, place, (value as Record<string, unknown>)[name])];
    });
    return Object.fromEntries(members) as Record<Name, Place> & Partial<Record<Optional, Place>>;
  }

  list(): readonly Place[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.wrong('must be an array');
    return value.map((entry: unknown, index) => new Place(this.file, `${this.name}[${index}]`, entry));
  }

  equals(expected: string | number): void {
    if (this.value !== expected) throw this.wrong(`must be ${JSON.stringify(expected)}: this version reads no other`);
  }

  matching(pattern: RegExp, what: string): string {
    if (typeof this.value !== 'string' || !pattern.test(this.value)) throw this.wrong(`must be ${what}`);
    return this.value;
  }

  integer(): bigint {
    return BigInt(this.matching(/^(0|[1-9][0-9]{0,77})$/, 'a whole number in a string'));
  }

  fieldElement(): bigint {
    const element = this.integer();
    if (!isFieldElement(element)) throw this.wrong('must lie below the order of the scalar field');
    return element;
  }

  count(): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < 0) throw this.wrong('must be a whole number, 0 or more');
    return this.value;
  }

  isNull(): boolean {
    return this.value === null;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('must be true or false');
    return this.value;
  }

  /** Undefined for null. */
  optionalAddress(): string | undefined {
    return this.isNull() ? undefined : this.address();
  }

  address(): string {
    const text = this.matching(/^0x[0-9a-fA-F]{40}$/, 'an address of 20 bytes in hex with 0x');
    try {
      return getAddress(text);
    } catch (cause) {
      throw new DeploymentFileError(`${this.file}: ${this.name} has a wrong checksum: copy it again`, { file: this.file, field: this.name }, { cause });
    }
  }
}
