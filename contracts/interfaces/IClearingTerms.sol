// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClearingRules, ExpirySettlement, ExpiryTerms, PerpetualTerms} from "./ClearingTypes.sol";
import {ParameterSet, PriceRound} from "./IMarketBoard.sol";
import {Action} from "./IPriceBoard.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";

/// @title What venues' clearing houses go by: rules, what expired rows are worth, what perpetuals pay
/// @notice docs/decisions/0009-clearing-house.md. Roles are those of the registry's venue record. Holds nothing and changes no account.
interface IClearingTerms is IVenueTimelock {
    event ClearingRulesProposed(uint256 indexed venueId, ClearingRules rules);
    event LiquidationsProposed(uint256 indexed venueId, address liquidations);
    event ExpiryProposed(uint256 indexed venueId, uint16 indexed row, ExpiryTerms terms);
    event PerpetualProposed(uint256 indexed venueId, uint16 indexed row, uint16 payRow, PerpetualTerms terms);
    event ClearingRulesActivated(uint256 indexed venueId, ClearingRules rules);
    event LiquidationsActivated(uint256 indexed venueId, address liquidations);
    event ExpiryListed(uint256 indexed venueId, uint16 indexed row, ExpiryTerms terms);
    event ExpiryRecorded(uint256 indexed venueId, uint16 indexed row, ExpirySettlement settlement);
    event PerpetualListed(uint256 indexed venueId, uint16 indexed row, uint16 group, PerpetualTerms terms);
    event FundingAccrued(uint256 indexed venueId, uint32 indexed period, uint64 round, int64[] rates);

    error NoMarketBoard(uint256 venueId);
    error InvalidTerms(uint16 row, bytes32 what, uint256 value);
    error RowWithoutParameters(uint16 row, uint256 words);
    error ValueOutOfRange(uint16 row, uint256 value);
    error ExpiryNotListed(uint256 venueId, uint16 row);
    error ExpiryListedBefore(uint256 venueId, uint16 row);
    error NotADatedRow(uint256 venueId, uint16 row);
    error ExpiryPassed(uint64 expiry, uint256 now_);
    error NotYetExpired(uint64 expiry, uint64 roundTime);
    error NotTheFirstRound(uint64 round, uint64 time);
    error SettlementRecorded(uint256 venueId, uint16 row);
    error SettlementNotRecorded(uint256 venueId, uint16 row);
    error NotAPerpetual(uint256 venueId, uint16 row);
    error PerpetualListedBefore(uint256 venueId, uint16 row);
    error TooManyPerpetuals(uint256 venueId);
    error OtherPayRow(uint16 got, uint16 expected);
    error NoPerpetuals(uint256 venueId);
    error RoundNotLater(uint64 round, uint64 last);
    error PeriodRunning(uint64 until, uint64 roundTime);
    error FundingPeriodUnknown(uint32 period, uint32 current);

    // ---- Records ----

    /// @notice Fixes what an expired row is worth. Anybody.
    /// @dev An option delivers where its base value is above (put: below) the strike; a future always, for nothing more. Where
    /// `deliver` quanta are not what the row is of, by the multipliers, the row is settled in cash.
    /// @param round the first one at or after the expiry
    /// @param before the round before it; its id is 0 where there is none
    /// @param parameters the active set of the market board
    function recordExpiry(
        uint256 venueId,
        uint16 row,
        PriceRound calldata round,
        PriceRound calldata before,
        ParameterSet calldata parameters
    ) external;

    /// @notice Adds what perpetuals pay since the last time; the period goes up by one. Anybody, once in MIN_PERIOD.
    /// @dev A round no older than the venue's `tableMaxAge`. What one round adds is at most `maxRate` of the index value: time beyond an
    /// interval is lost, so that nobody can wait for a price and charge a month by it.
    function accrueFunding(uint256 venueId, PriceRound calldata round, ParameterSet calldata parameters) external;

    // ---- Set-up: parameter admin, after the timelock; the very first rules are active at once ----

    function proposeRules(uint256 venueId, ClearingRules calldata rules) external;
    function activateRules(uint256 venueId, ClearingRules calldata rules) external;
    function proposeLiquidations(uint256 venueId, address liquidations) external;
    function activateLiquidations(uint256 venueId, address liquidations) external;
    /// @notice Lists what a future or an option becomes. What is paid and delivered in has no cap on its last tier. Its time must not have passed when it is activated: else the venue would choose
    /// among known prices.
    function proposeExpiry(uint256 venueId, ExpiryTerms calldata terms) external;
    function activateExpiry(uint256 venueId, ExpiryTerms calldata terms) external;
    /// @param payRow cash row that funding is paid in: one for all perpetuals of the venue, the first listing's
    function proposePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow) external;
    function activatePerpetual(uint256 venueId, PerpetualTerms calldata terms, uint16 payRow) external;

    // ---- What a clearing house asks ----

    /// @notice Rules and funding period now.
    /// @dev Reverts with NoRules before the first rules.
    function standing(uint256 venueId) external view returns (ClearingRules memory rules, uint32 period);

    /// @notice Whether the venue's prices are fresh enough for this; true where its tables are stated and no board has prices.
    function pricesAllow(uint256 venueId, Action action) external view returns (bool);

    /// @notice What perpetuals owe since a period.
    /// @dev Reverts with FundingPeriodUnknown for a period after the present one. Any difference of two sums fits.
    /// @return payRow cash row it is paid in
    /// @return groups of the perpetuals in the tables, at most three; none where none is listed
    /// @return rates 10^-6 quanta of `payRow` a quantum, paid by longs, of each
    function fundingSince(uint256 venueId, uint32 fromPeriod)
        external
        view
        returns (uint16 payRow, uint16[] memory groups, int64[] memory rates);

    /// @notice Zeros for a row without terms; `settlement.round` is 0 before it is recorded.
    function expiryOf(uint256 venueId, uint16 row)
        external
        view
        returns (ExpiryTerms memory terms, ExpirySettlement memory settlement);

    /// @notice Says which accounts are being liquidated; zero where nothing does, and then none is.
    function liquidationsOf(uint256 venueId) external view returns (address);

    // ---- Views ----

    /// @notice Zeros before the first rules.
    function rulesOf(uint256 venueId) external view returns (ClearingRules memory);
    /// @notice Funded perpetuals with their groups in the tables, and the cash row all are paid in.
    function perpetualsOf(uint256 venueId)
        external
        view
        returns (PerpetualTerms[] memory terms, uint16[] memory groups, uint16 payRow);
    /// @notice Funding period now, from 0.
    function periodOf(uint256 venueId) external view returns (uint32);
    /// @notice Sum of rates up to a period, of each perpetual: 10^-6 quanta of the pay row a quantum, paid by longs, in [-2^62, 2^62).
    /// @dev Reverts with FundingPeriodUnknown for a period after the present one. A sum stops at its bounds: were it to stop accruals
    /// instead, or to outgrow what a proof takes, accounts with perpetuals would be locked.
    function cumulativeRates(uint256 venueId, uint32 period) external view returns (int64[] memory);
}
