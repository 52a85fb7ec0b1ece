// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IDefaultFund, Tranche} from "../interfaces/IDefaultFund.sol";
import {ILiquidationSource} from "../interfaces/ILiquidationSource.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {FundRules, Tranches} from "../interfaces/LiquidationTypes.sol";
import {TokenIntake} from "../libraries/TokenIntake.sol";
import {FundRulesBoard} from "./FundRulesBoard.sol";

/// @notice Token base units of each step of the waterfall: what bounds leave of it, or what is drawn.
struct Room {
    uint256 firstLoss;
    uint256 insurance;
    uint256 shared;
}

/// @title The tranches of each asset, what one epoch may take of them, and how their owner takes from them
abstract contract FundTranches is FundRulesBoard, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev In which bounds hold. Epochs come when the venue publishes them: alone, a venue could begin a period with every draw, or never.
    /// @param since Unix seconds of its first draw; 0 where nothing was drawn
    /// @param epoch of the registry at that time
    /// @param lost losses were shared in it
    /// @param taken in it so far
    struct Period {
        uint64 since;
        uint64 epoch;
        bool lost;
        Room taken;
    }

    /// @dev A tranche of at most this part of what accounts hold has no bound.
    uint256 private constant NEGLIGIBLE = 10_000;

    /// @notice Seconds that bounds hold at least, however many epochs pass.
    uint256 public constant MIN_PERIOD = 1 hours;

    /// @notice Seconds that bounds hold at most, without any epoch.
    uint256 public constant MAX_PERIOD = 1 days;

    mapping(uint256 venueId => mapping(uint256 asset => Tranches)) internal _tranches;
    mapping(address keeper => mapping(address token => uint256)) internal _rewards;
    mapping(uint256 venueId => mapping(uint256 asset => Period)) private _periods;

    modifier onlyVenueAdmin(uint256 venueId) {
        if (msg.sender != _venue(venueId).admin) revert ISolvencyRegistry.NotVenueAdmin(venueId, msg.sender);
        _;
    }

    /// @inheritdoc IDefaultFund
    function proposeWithdrawal(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount, address to)
        external
        onlyVenueAdmin(venueId)
    {
        if (amount == 0) revert NothingSent();
        if (to == address(0)) revert NoRecipient();
        emit WithdrawalProposed(venueId, asset, tranche, amount, to);
        bytes32 digest = keccak256(abi.encode(asset, tranche, amount, to));
        _propose(venueId, ChangeKind.DEFAULT_FUND_WITHDRAWAL, digest);
    }

    /// @inheritdoc IDefaultFund
    function activateWithdrawal(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount, address to)
        external
        nonReentrant
        onlyVenueAdmin(venueId)
    {
        bytes32 digest = keccak256(abi.encode(asset, tranche, amount, to));
        _activate(venueId, ChangeKind.DEFAULT_FUND_WITHDRAWAL, digest);
        Tranches storage held = _tranches[venueId][asset];
        if (held.shortfall != 0 || _period(venueId, asset).lost) {
            revert ShortfallStands(venueId, asset, held.shortfall);
        }
        _requireNothingForSale(venueId);
        bool isFirst = tranche == Tranche.FIRST_LOSS;
        uint256 there = isFirst ? held.firstLoss : held.insurance;
        if (amount > there) revert TrancheTooSmall(there, amount);
        if (isFirst) held.firstLoss = there - amount;
        else held.insurance = there - amount;
        emit Withdrawn(venueId, asset, tranche, amount, to);
        IERC20(_tokenOf(venueId, asset)).safeTransfer(to, amount);
    }

    /// @inheritdoc IDefaultFund
    function tranchesOf(uint256 venueId, uint256 asset) external view returns (Tranches memory) {
        return _tranches[venueId][asset];
    }

    /// @inheritdoc IDefaultFund
    function roomOf(uint256 venueId, uint256 asset)
        external
        view
        returns (uint256 firstLoss, uint256 insurance, uint256 shared)
    {
        Room memory room = _roomOf(venueId, asset, _period(venueId, asset).taken);
        if (!_empties(_tranches[venueId][asset], room)) room.shared = 0;
        return (room.firstLoss, room.insurance, room.shared);
    }

    /// @inheritdoc IDefaultFund
    function rewardOf(address keeper, address token) external view returns (uint256) {
        return _rewards[keeper][token];
    }

    /// @dev Takes step by step, within the bounds: first loss, insurance, and where both are empty then, what is shared.
    /// @param mayShare else only the tranches are drawn on
    /// @return drawn at most `amount` together
    function _draw(uint256 venueId, uint256 asset, uint256 amount, bool mayShare)
        internal
        returns (Room memory drawn)
    {
        Period memory period = _period(venueId, asset);
        Tranches storage held = _tranches[venueId][asset];
        Room memory room = _roomOf(venueId, asset, period.taken);
        drawn.firstLoss = Math.min(amount, room.firstLoss);
        drawn.insurance = Math.min(amount - drawn.firstLoss, room.insurance);
        // Users pay when nobody else can any more; what bounds hold back waits.
        if (mayShare && _empties(held, drawn)) {
            drawn.shared = Math.min(amount - drawn.firstLoss - drawn.insurance, room.shared);
        }
        held.firstLoss -= drawn.firstLoss;
        held.insurance -= drawn.insurance;
        period.taken.firstLoss += drawn.firstLoss;
        period.taken.insurance += drawn.insurance;
        period.taken.shared += drawn.shared;
        if (drawn.shared != 0) period.lost = true;
        _periods[venueId][asset] = period;
    }

    /// @dev All of it or nothing.
    function _drawAll(uint256 venueId, uint256 asset, uint256 amount, bool mayShare)
        internal
        returns (Room memory drawn)
    {
        drawn = _draw(venueId, asset, amount, mayShare);
        uint256 missing = amount - drawn.firstLoss - drawn.insurance - drawn.shared;
        if (missing != 0) revert BoundReached(venueId, asset, missing);
        _tranches[venueId][asset].paidFirstLoss += drawn.firstLoss;
        _tranches[venueId][asset].paidInsurance += drawn.insurance;
    }

    function _add(Tranches storage held, Tranche tranche, uint256 amount) internal {
        if (tranche == Tranche.FIRST_LOSS) held.firstLoss += amount;
        else held.insurance += amount;
    }

    /// @dev From the caller, all of it.
    function _pull(address token, uint256 amount) internal {
        uint256 received = TokenIntake.pull(token, amount);
        if (received != amount) revert TokenTookAFee(received, amount);
    }

    function _tokenOf(uint256 venueId, uint256 asset) internal view returns (address) {
        return REGISTRY.settlementAsset(venueId, asset).token;
    }

    /// @dev Token base units of all accounts that settle on chain.
    function _ledgerOf(uint256 venueId, uint256 asset) internal view returns (uint256) {
        return ICollateralVault(address(_venue(venueId).reserves)).clearedBalance(venueId, asset);
    }

    /// @dev The running period, or a new one.
    function _period(uint256 venueId, uint256 asset) private view returns (Period memory period) {
        period = _periods[venueId][asset];
        uint64 epoch = REGISTRY.latestEpoch(venueId);
        uint256 passed = block.timestamp - period.since;
        bool over = passed >= MAX_PERIOD || (passed >= MIN_PERIOD && epoch != period.epoch);
        if (over) period = Period(uint64(block.timestamp), epoch, false, Room(0, 0, 0));
    }

    /// @dev Bounds are of all that there was to draw on in the period: what comes in counts, and what was drawn stays counted.
    function _roomOf(uint256 venueId, uint256 asset, Room memory taken) private view returns (Room memory room) {
        _timelockOf(venueId);
        FundRules memory rules = rulesOf(venueId);
        Tranches storage held = _tranches[venueId][asset];
        uint256 claims = _ledgerOf(venueId, asset) + held.shortfall;
        uint256 least = claims / NEGLIGIBLE;
        room.firstLoss = _room(held.firstLoss, taken.firstLoss, rules.firstLossBound, least);
        room.insurance = _room(held.insurance, taken.insurance, rules.insuranceBound, least);
        uint256 most = Math.mulDiv(claims, rules.sharedBound, PPM);
        room.shared = Math.saturatingSub(most, taken.shared);
    }

    /// @dev Rounded up: a bound empties a tranche in the end. No bound holds back what is little to those who would share a loss: who adds two
    /// units an hour could else keep any loss from being shared, and leave in full himself.
    function _room(uint256 held, uint256 taken, uint256 bound, uint256 least) private pure returns (uint256) {
        if (held <= least) return held;
        uint256 most = Math.mulDiv(held + taken, bound, PPM, Math.Rounding.Ceil);
        return Math.min(held, Math.saturatingSub(most, taken));
    }

    function _empties(Tranches storage held, Room memory drawn) private view returns (bool) {
        return held.firstLoss == drawn.firstLoss && held.insurance == drawn.insurance;
    }

    /// @dev A venue could else keep a withdrawal ready for ever, and take out what a crash is about to need.
    function _requireNothingForSale(uint256 venueId) private view {
        address liquidations = _terms.liquidationsOf(venueId);
        if (liquidations == address(0)) return;
        uint256 count = ILiquidationSource(liquidations).liquidating(venueId);
        if (count != 0) revert AccountsForSale(venueId, count);
    }
}
