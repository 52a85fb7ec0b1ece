import { canonicalText, type JsonObjectValue } from '../attestation/canonical-json.js';
import { openEnvelope, readAddress, readElement, readProof, requireChecksum } from '../attestation/format-fields.js';
import { HOUSE_FIELDS, houseToJson, readAmount, readFlag, readHandle, readHouse, readRow } from '../clearing/file-fields.js';
import { publicTradeToJson, readPublicTrade, readTransition, transitionToJson } from '../clearing/transition-format.js';
import { proofToJson } from '../groth16/proof-json.js';
import type { JsonNode } from '../venue/json-node.js';
import type { Lot } from './auction.js';
import type { Bid, BidFile, BidSettlement, ProvenVerdict } from './bid.js';

export const BID_FORMAT = 'clearproof-bid';
const FIELDS = [...HOUSE_FIELDS, 'liquidations', 'lot', 'quantity', 'payment', 'nonce', 'subsidy', 'settlement', 'underWater', 'stillBelow'];
const MAX_LENGTH = 65_536;
/** Token base units fit in a word of the chain. */
const MAX_TOKENS = 2n ** 256n - 1n;

/** Text of a bid's file: it tells what the account holds, so write it with SECRET_FILE. @throws AddressChecksumError */
export function serializeBid({ liquidations, bid, ...house }: BidFile): string {
  requireChecksum(liquidations, { file: BID_FORMAT, field: 'liquidations' });
  const { lot, quantity, payment, nonce, subsidy, settlement, underWater, stillBelow } = bid;
  return `${canonicalText({
    format: BID_FORMAT, version: 1, ...houseToJson(house, BID_FORMAT), liquidations, lot: lotToJson(lot), quantity: quantity.toString(), payment: payment.toString(),
    nonce: nonce.toString(), subsidy: subsidy.toString(), settlement: settlementToJson(settlement), underWater: verdictToJson(underWater),
    ...(stillBelow === undefined ? {} : { stillBelow: verdictToJson(stillBelow) }),
  })}\n`;
}

/** Reads a bid strictly; whether its proofs hold the chain says. @throws the errors of bundles */
export function parseBid(text: string, file = 'bid'): BidFile {
  const { fields } = openEnvelope(text, { file }, BID_FORMAT, FIELDS, MAX_LENGTH);
  const stillBelow = fields.optional('stillBelow');
  return Object.freeze({
    ...readHouse(fields), liquidations: readAddress(fields.field('liquidations')),
    bid: Object.freeze({
      lot: readLot(fields.field('lot')), quantity: readAmount(fields.field('quantity'), 1n), payment: readAmount(fields.field('payment'), 0n),
      nonce: readElement(fields.field('nonce')), subsidy: fields.field('subsidy').bigInteger(0n, MAX_TOKENS), settlement: readSettlement(fields.field('settlement')),
      underWater: readVerdict(fields.field('underWater')), stillBelow: stillBelow === undefined ? undefined : readVerdict(stillBelow),
    } satisfies Bid),
  });
}

function lotToJson({ handle, row, payRow, accountSells }: Lot): JsonObjectValue {
  return { handle: handle.toString(), row: row.toString(), payRow: payRow.toString(), accountSells };
}

function readLot(node: JsonNode): Lot {
  const fields = node.object(['handle', 'row', 'payRow', 'accountSells']);
  return Object.freeze({
    handle: readHandle(fields.field('handle')), row: readRow(fields.field('row')), payRow: readRow(fields.field('payRow')), accountSells: readFlag(fields.field('accountSells')),
  });
}

function settlementToJson({ trade, buyerSide, sellerSide }: BidSettlement): JsonObjectValue {
  return { trade: publicTradeToJson(trade), buyerSide: transitionToJson(buyerSide), sellerSide: transitionToJson(sellerSide) };
}

function readSettlement(node: JsonNode): BidSettlement {
  const fields = node.object(['trade', 'buyerSide', 'sellerSide']);
  return Object.freeze({
    trade: readPublicTrade(fields.field('trade')), buyerSide: readTransition(fields.field('buyerSide')), sellerSide: readTransition(fields.field('sellerSide')),
  });
}

function verdictToJson({ circuitId, marketCommitment, proof }: ProvenVerdict): JsonObjectValue {
  return { circuitId: circuitId.toString(), marketCommitment: marketCommitment.toString(), proof: { ...proofToJson(proof) } };
}

function readVerdict(node: JsonNode): ProvenVerdict {
  const fields = node.object(['circuitId', 'marketCommitment', 'proof']);
  return Object.freeze({
    circuitId: readElement(fields.field('circuitId')), marketCommitment: readElement(fields.field('marketCommitment')), proof: readProof(fields.field('proof')),
  });
}
