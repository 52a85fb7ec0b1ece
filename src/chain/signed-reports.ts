import { verifyTypedData, type Signer, type TypedDataField } from 'ethers';

/** Prices of a venue's signed feeds; fields as in IPriceBoard.PriceReport. */
export interface PriceReport {
  readonly feeds: readonly number[];
  /** 10^-8 of the settlement currency. */
  readonly prices: readonly bigint[];
  /** Unix seconds. */
  readonly observedAt: number;
  readonly deadline: number;
  /** Signers ascending. */
  readonly signatures: readonly string[];
}

/** Of a venue without signed feeds. */
export const NO_REPORT: PriceReport = { feeds: [], prices: [], observedAt: 0, deadline: 0, signatures: [] };

/** Volatilities of a table's option rows, in row order. */
export interface VolatilityReport {
  readonly venueId: bigint;
  /** The price round they belong to. */
  readonly round: number;
  /** ppm a year. */
  readonly volatilities: readonly bigint[];
  /** Last second at which the signatures are taken. */
  readonly deadline: number;
}

/** The board that a report is for: the price board for prices, the market board for volatilities. */
export interface ReportTarget {
  readonly chainId: bigint;
  readonly board: string;
}

const PRICE_TYPES: Record<string, TypedDataField[]> = {
  PriceReport: [
    { name: 'venueId', type: 'uint256' }, { name: 'feeds', type: 'uint8[]' }, { name: 'prices', type: 'uint128[]' },
    { name: 'observedAt', type: 'uint64' }, { name: 'deadline', type: 'uint64' },
  ],
};
const VOLATILITY_TYPES: Record<string, TypedDataField[]> = {
  VolatilityReport: [
    { name: 'venueId', type: 'uint256' }, { name: 'round', type: 'uint64' }, { name: 'volatilities', type: 'uint32[]' }, { name: 'deadline', type: 'uint64' },
  ],
};

/** EIP-712 signatures of all signers, in the order the board wants: by address. */
export async function signPriceReport(
  signers: readonly Signer[], target: ReportTarget, venueId: bigint, report: Omit<PriceReport, 'signatures'>,
): Promise<PriceReport> {
  const signatures = await signAll(signers, 'Clearproof PriceBoard', target, PRICE_TYPES, { venueId, ...report });
  return { ...report, signatures };
}

/** EIP-712 signatures of all signers, by address. */
export function signVolatilityReport(signers: readonly Signer[], target: ReportTarget, report: VolatilityReport): Promise<string[]> {
  return signAll(signers, 'Clearproof MarketBoard', target, VOLATILITY_TYPES, { ...report });
}

/** Address of who signed a report for this board; undefined for what is no signature. */
export function volatilitySignerOf({ chainId, board }: ReportTarget, report: VolatilityReport, signature: string): string | undefined {
  try {
    return verifyTypedData({ name: 'Clearproof MarketBoard', version: '1', chainId, verifyingContract: board }, VOLATILITY_TYPES, { ...report }, signature);
  } catch {
    // ethers refuses what has another form than a signature: nobody signed it.
    return undefined;
  }
}

async function signAll(
  signers: readonly Signer[], name: string, { chainId, board }: ReportTarget, types: Record<string, TypedDataField[]>, value: Record<string, unknown>,
): Promise<string[]> {
  const domain = { name, version: '1', chainId, verifyingContract: board };
  const signed = await Promise.all(signers.map(async (signer) => ({
    address: BigInt(await signer.getAddress()), signature: await signer.signTypedData(domain, types, value),
  })));
  return signed.sort((left, right) => (left.address < right.address ? -1 : 1)).map(({ signature }) => signature);
}
