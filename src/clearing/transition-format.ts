import { canonicalText, type JsonObjectValue } from '../attestation/canonical-json.js';
import { openEnvelope, readAddress, readElement, readProof } from '../attestation/format-fields.js';
import { proofToJson } from '../groth16/proof-json.js';
import type { CollateralAmount } from '../statement/transition.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import { HOUSE_FIELDS, houseToJson, readAmount, readBytes32, readFlag, readHandle, readHouse, readPeriod, readRow, readTime } from './file-fields.js';
import type { CollateralRequest, ProvenTransition, PublicTrade, TransitionFile, TransitionPurpose } from './proven-transition.js';

export const TRANSITION_FORMAT = 'clearproof-transition';
const KINDS = ['trade', 'open', 'adjust', 'transfer', 'expiry', 'funding'] as const;
const TRANSITION_FIELDS = ['circuitId', 'marketCommitment', 'newCommitment', 'reducing', 'unmargined', 'owned', 'proof'];
const MAX_LENGTH = 32_768;

/** Text of a proven transition's file: public. @throws AddressChecksumError */
export function serializeTransition({ purpose, transition, ...house }: TransitionFile): string {
  return `${canonicalText({
    format: TRANSITION_FORMAT, version: 1, ...houseToJson(house, TRANSITION_FORMAT), purpose: purposeToJson(purpose), transition: transitionToJson(transition),
  })}\n`;
}

/** Members of a proven transition. */
export function transitionToJson({ circuitId, marketCommitment, newCommitment, reducing, unmargined, owned, proof }: ProvenTransition): JsonObjectValue {
  return {
    circuitId: circuitId.toString(), marketCommitment: marketCommitment.toString(), newCommitment: newCommitment.toString(), reducing, unmargined, owned,
    proof: { ...proofToJson(proof) },
  };
}

/** Reads a proven transition strictly; whether the proof holds the chain says. @throws the errors of bundles */
export function parseTransition(text: string, file = 'transition'): TransitionFile {
  const { fields } = openEnvelope(text, { file }, TRANSITION_FORMAT, [...HOUSE_FIELDS, 'purpose', 'transition'], MAX_LENGTH);
  return Object.freeze({ ...readHouse(fields), purpose: readPurpose(fields.field('purpose')), transition: readTransition(fields.field('transition')) });
}

function purposeToJson(purpose: TransitionPurpose): JsonObjectValue {
  switch (purpose.kind) {
    case 'trade':
      return { kind: 'trade', seller: purpose.seller, trade: publicTradeToJson(purpose.trade) };
    case 'open':
      return { kind: 'open', controller: purpose.controller, payer: purpose.payer, collateral: collateralToJson(purpose.collateral) };
    case 'adjust':
      return { kind: 'adjust', handle: purpose.handle.toString(), payer: purpose.payer, collateral: collateralToJson(purpose.collateral) };
    case 'transfer': {
      const { handle, from, to, collateral } = purpose;
      return { kind: 'transfer', handle: handle.toString(), from: from.toString(), to: to.toString(), collateral: collateralToJson(collateral) };
    }
    case 'expiry':
      return { kind: 'expiry', handle: purpose.handle.toString(), row: purpose.row.toString() };
    case 'funding':
      return { kind: 'funding', handle: purpose.handle.toString(), fromPeriod: purpose.fromPeriod.toString() };
  }
}

/** Members of what the chain sees of a trade. */
export function publicTradeToJson({ buyer, seller, expiry, commitment }: PublicTrade): JsonObjectValue {
  return { buyer: buyer.toString(), seller: seller.toString(), expiry: expiry.toString(), commitment: commitment.toString() };
}

function collateralToJson({ in: coming, out: leaving, recipient, beneficiary, deadline }: CollateralRequest): JsonObjectValue {
  const amount = ({ row, amount: quanta }: CollateralAmount): JsonObjectValue => ({ row: row.toString(), amount: quanta.toString() });
  return {
    ...(coming === undefined ? {} : { in: amount(coming) }), ...(leaving === undefined ? {} : { out: amount(leaving) }),
    ...(recipient === undefined ? {} : { recipient }), beneficiary, deadline: deadline.toString(),
  };
}

/** Fields beside the kind. */
const PURPOSE_FIELDS: Readonly<Record<TransitionPurpose['kind'], readonly string[]>> = {
  trade: ['seller', 'trade'], open: ['controller', 'payer', 'collateral'], adjust: ['handle', 'payer', 'collateral'],
  transfer: ['handle', 'from', 'to', 'collateral'], expiry: ['handle', 'row'], funding: ['handle', 'fromPeriod'],
};

function readPurpose(node: JsonNode): TransitionPurpose {
  const kind = node.object(['kind', ...Object.values(PURPOSE_FIELDS).flat()]).field('kind').choice(KINDS);
  return Object.freeze(purposeOf(kind, node.object(['kind', ...PURPOSE_FIELDS[kind]])));
}

function purposeOf(kind: TransitionPurpose['kind'], fields: JsonObject): TransitionPurpose {
  const handle = (name = 'handle'): bigint => readHandle(fields.field(name));
  const address = (name: string): string => readAddress(fields.field(name));
  switch (kind) {
    case 'trade':
      return { kind, seller: readFlag(fields.field('seller')), trade: readPublicTrade(fields.field('trade')) };
    case 'open':
      return { kind, controller: address('controller'), payer: address('payer'), collateral: readCollateral(fields.field('collateral')) };
    case 'adjust':
      return { kind, handle: handle(), payer: address('payer'), collateral: readCollateral(fields.field('collateral')) };
    case 'transfer':
      return { kind, handle: handle(), from: handle('from'), to: handle('to'), collateral: readCollateral(fields.field('collateral')) };
    case 'expiry':
      return { kind, handle: handle(), row: readRow(fields.field('row')) };
    case 'funding':
      return { kind, handle: handle(), fromPeriod: readPeriod(fields.field('fromPeriod')) };
  }
}

/** Reads what the chain sees of a trade strictly. */
export function readPublicTrade(node: JsonNode): PublicTrade {
  const fields = node.object(['buyer', 'seller', 'expiry', 'commitment']);
  return Object.freeze({
    buyer: readHandle(fields.field('buyer')), seller: readHandle(fields.field('seller')), expiry: readTime(fields.field('expiry')),
    commitment: readElement(fields.field('commitment')),
  });
}

function readCollateral(node: JsonNode): CollateralRequest {
  const fields = node.object(['in', 'out', 'recipient', 'beneficiary', 'deadline']);
  const [coming, leaving, recipient] = [fields.optional('in'), fields.optional('out'), fields.optional('recipient')];
  return Object.freeze({
    ...(coming === undefined ? {} : { in: readCollateralAmount(coming) }), ...(leaving === undefined ? {} : { out: readCollateralAmount(leaving) }),
    ...(recipient === undefined ? {} : { recipient: readAddress(recipient) }), beneficiary: readBytes32(fields.field('beneficiary')),
    deadline: readTime(fields.field('deadline')),
  });
}

function readCollateralAmount(node: JsonNode): CollateralAmount {
  const fields = node.object(['row', 'amount']);
  return Object.freeze({ row: readRow(fields.field('row')), amount: readAmount(fields.field('amount'), 1n) });
}

/** Reads a proven transition strictly. */
export function readTransition(node: JsonNode): ProvenTransition {
  const fields = node.object(TRANSITION_FIELDS);
  return Object.freeze({
    circuitId: readElement(fields.field('circuitId')), marketCommitment: readElement(fields.field('marketCommitment')),
    newCommitment: readElement(fields.field('newCommitment')), reducing: readFlag(fields.field('reducing')), unmargined: readFlag(fields.field('unmargined')),
    owned: readFlag(fields.field('owned')), proof: readProof(fields.field('proof')),
  });
}
