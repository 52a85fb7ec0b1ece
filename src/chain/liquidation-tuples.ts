import { TRADE, TRANSITION } from './clearing-abi.js';

/** Tuples of LiquidationTypes.sol that more than one interface has. */
const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c)';

export const LIQUIDATION_RULES =
  'tuple(uint32 timelock, uint96 bond, uint32 quiet, uint32[4] windows, uint32 fall, uint24 maxDiscount, uint24 maxSubsidy, uint24 penalty, '
  + 'uint24 keeperShare, uint24 fundShare, uint24 strikeShare, uint16 feeRow, uint128 minLot)';
export const STANDING =
  'tuple(uint8 standing, uint32 liquidation, address keeper, uint96 bond, uint64 deadline, uint64 tableTime, uint64 soundAt, uint64 soundTableTime, uint8 dust, '
  + 'uint64 challengedAt)';
export const VERDICT = `tuple(uint256 circuitId, uint256 marketCommitment, ${PROOF} proof)`;
export const LOT = 'tuple(uint64 handle, uint16 row, uint16 payRow, bool accountSells)';
export const AUCTION = 'tuple(uint256 marketCommitment, uint64 mark, uint64 payMark, uint64 feeMark, uint64 extra, uint64 since, uint64 tableTime)';
export const MARK = `tuple(uint256 circuitId, uint16 row, uint64 mark, ${PROOF} proof)`;
export const BID =
  `tuple(${LOT} lot, uint64 quantity, uint64 payment, uint256 nonce, uint256 subsidy, `
  + `tuple(${TRADE} trade, ${TRANSITION} buyerSide, ${TRANSITION} sellerSide) settlement, ${VERDICT} underWater, ${VERDICT} stillBelow)`;
export const FUND_RULES = 'tuple(uint32 timelock, uint24 firstLossBound, uint24 insuranceBound, uint24 sharedBound)';
export const TRANCHES =
  'tuple(uint256 firstLoss, uint256 insurance, uint256 shortfall, uint256 paidFirstLoss, uint256 paidInsurance, uint256 shared, uint256 debts, uint256 subsidies)';
