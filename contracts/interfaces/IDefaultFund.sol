// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "./IClearingHouse.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";
import {FundRules, Tranches} from "./LiquidationTypes.sol";

/// @notice Who a tranche stands for.
enum Tranche {
    FIRST_LOSS,
    INSURANCE
}

/// @title What pays where a defaulter cannot: the venue's first loss, the insurance fund, then everybody in proportion
/// @notice docs/decisions/0010-liquidation.md. One for all venues of a clearing house. Amounts are token base units of a settlement asset.
interface IDefaultFund is IVenueTimelock {
    event FundRulesProposed(uint256 indexed venueId, FundRules rules);
    event FundRulesActivated(uint256 indexed venueId, FundRules rules);
    event Contributed(uint256 indexed venueId, uint256 indexed asset, Tranche tranche, address from, uint256 amount);
    event WithdrawalProposed(
        uint256 indexed venueId, uint256 indexed asset, Tranche tranche, uint256 amount, address to
    );
    event Withdrawn(uint256 indexed venueId, uint256 indexed asset, Tranche tranche, uint256 amount, address to);
    event Drawn(uint256 indexed venueId, uint256 indexed asset, uint256 firstLoss, uint256 insurance, uint256 shared);
    event SubsidyPaid(uint256 indexed venueId, uint256 indexed asset, uint256 amount, address to);
    event PenaltyTaken(
        uint256 indexed venueId, uint256 indexed asset, uint256 amount, address keeper, uint256 keeperPart
    );
    event ShortfallCovered(uint256 indexed venueId, uint256 indexed asset, uint256 amount);
    event LossShared(uint256 indexed venueId, uint256 indexed asset, uint256 amount, uint256 paid);
    event RewardWithdrawn(address indexed keeper, address indexed token, uint256 amount);

    error NotLiquidations(uint256 venueId, address caller);
    error NoRecipient();
    error NothingSent();
    error TrancheTooSmall(uint256 held, uint256 wanted);
    error BoundReached(uint256 venueId, uint256 asset, uint256 missing);
    error AccountsForSale(uint256 venueId, uint256 count);
    error ShortfallStands(uint256 venueId, uint256 asset, uint256 shortfall);
    error TokenTookAFee(uint256 received, uint256 wanted);
    error NoReward(address keeper, address token);

    /// @notice Adds to a tranche. Anybody. A token that keeps a fee is refused.
    function contribute(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount) external;

    /// @notice Pays a shortfall from the tranches, within their bounds: into the cleared ledger. Anybody.
    function cover(uint256 venueId, uint256 asset) external returns (uint256 covered);

    /// @notice Takes what penalties earned the caller, of all venues.
    function withdrawReward(address token) external;

    // ---- The venue's liquidation contract only ----

    /// @notice Pays a debt in the order of the waterfall, within the period's bounds; sends the covered part to the caller.
    /// @dev What is not covered becomes a shortfall, where both tranches are empty then. Reverts with BoundReached where the bounds leave less
    /// than `amount`.
    function draw(uint256 venueId, uint256 asset, uint256 amount) external returns (uint256 covered);

    /// @notice Pays a bidder from the tranches, within the period's bounds; never shared. Reverts with BoundReached where they leave less.
    function subsidise(uint256 venueId, uint256 asset, uint256 amount, address to) external;

    /// @notice Pulls a penalty from the caller, who had it from the bidder, and splits it.
    /// @dev From the caller and nobody else: a venue names its liquidation contract itself, and one could else take what others let the fund take.
    /// @param keeper gets `keeperShare` ppm of it, the insurance fund `fundShare` ppm; the rest is first loss
    function takePenalty(
        uint256 venueId,
        uint256 asset,
        uint256 amount,
        address keeper,
        uint24 keeperShare,
        uint24 fundShare
    ) external;

    /// @notice What of a payout is paid, where the cleared ledger is short; the rest leaves the shortfall.
    function sharePayout(uint256 venueId, uint256 asset, uint256 amount) external returns (uint256 paid);

    // ---- Set-up: parameter admin, after the timelock; the very first rules are active at once. Withdrawals: venue admin ----

    function proposeRules(uint256 venueId, FundRules calldata rules) external;
    function activateRules(uint256 venueId, FundRules calldata rules) external;
    function proposeWithdrawal(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount, address to) external;
    /// @dev Not while the ledger is short, nor in a period in which it became so, nor while an account of the venue is being liquidated.
    function activateWithdrawal(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount, address to) external;

    // ---- Views ----

    function rulesOf(uint256 venueId) external view returns (FundRules memory);
    function tranchesOf(uint256 venueId, uint256 asset) external view returns (Tranches memory);
    /// @notice What this period's bounds leave of each step: as much as `draw` takes. `shared` is 0 where they hold a tranche back.
    function roomOf(uint256 venueId, uint256 asset)
        external
        view
        returns (uint256 firstLoss, uint256 insurance, uint256 shared);
    function rewardOf(address keeper, address token) external view returns (uint256);
    function HOUSE() external view returns (IClearingHouse);
}
