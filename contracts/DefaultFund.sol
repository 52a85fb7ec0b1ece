// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FundRulesBoard} from "./fund/FundRulesBoard.sol";
import {FundTranches, Room} from "./fund/FundTranches.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IDefaultFund, Tranche} from "./interfaces/IDefaultFund.sol";
import {Tranches} from "./interfaces/LiquidationTypes.sol";

/// @title What pays where a defaulter cannot
/// @dev Internal accounting only: tokens sent directly belong to nobody. Venues share no tranche, whatever token they have in common.
contract DefaultFund is FundTranches {
    using SafeERC20 for IERC20;

    /// @param house whose cleared ledgers it covers
    /// @param minTimelock seconds, the shortest a venue may have
    constructor(IClearingHouse house, uint256 minTimelock) FundRulesBoard(house, minTimelock) {}

    /// @inheritdoc IDefaultFund
    function contribute(uint256 venueId, uint256 asset, Tranche tranche, uint256 amount) external nonReentrant {
        _timelockOf(venueId);
        if (amount == 0) revert NothingSent();
        emit Contributed(venueId, asset, tranche, msg.sender, amount);
        _pull(_tokenOf(venueId, asset), amount);
        _add(_tranches[venueId][asset], tranche, amount);
    }

    /// @inheritdoc IDefaultFund
    function cover(uint256 venueId, uint256 asset) external nonReentrant returns (uint256 covered) {
        Tranches storage held = _tranches[venueId][asset];
        Room memory drawn = _draw(venueId, asset, held.shortfall, false);
        covered = drawn.firstLoss + drawn.insurance;
        if (covered == 0) return 0;
        held.shortfall -= covered;
        emit ShortfallCovered(venueId, asset, covered);
        IERC20(_tokenOf(venueId, asset)).forceApprove(address(HOUSE), covered);
        HOUSE.coverLedger(venueId, asset, covered);
    }

    /// @inheritdoc IDefaultFund
    function withdrawReward(address token) external nonReentrant {
        uint256 amount = _rewards[msg.sender][token];
        if (amount == 0) revert NoReward(msg.sender, token);
        delete _rewards[msg.sender][token];
        emit RewardWithdrawn(msg.sender, token, amount);
        IERC20(token).safeTransfer(msg.sender, amount);
    }

    // ---- The venue's liquidation contract only ----

    /// @inheritdoc IDefaultFund
    function draw(uint256 venueId, uint256 asset, uint256 amount)
        external
        nonReentrant
        onlyLiquidations(venueId)
        returns (uint256 covered)
    {
        Room memory drawn = _drawAll(venueId, asset, amount, true);
        Tranches storage held = _tranches[venueId][asset];
        held.shortfall += drawn.shared;
        held.shared += drawn.shared;
        held.debts += amount;
        emit Drawn(venueId, asset, drawn.firstLoss, drawn.insurance, drawn.shared);
        covered = drawn.firstLoss + drawn.insurance;
        if (covered != 0) IERC20(_tokenOf(venueId, asset)).safeTransfer(msg.sender, covered);
    }

    /// @inheritdoc IDefaultFund
    function subsidise(uint256 venueId, uint256 asset, uint256 amount, address to)
        external
        nonReentrant
        onlyLiquidations(venueId)
    {
        if (amount == 0) return;
        _drawAll(venueId, asset, amount, false);
        _tranches[venueId][asset].subsidies += amount;
        emit SubsidyPaid(venueId, asset, amount, to);
        IERC20(_tokenOf(venueId, asset)).safeTransfer(to, amount);
    }

    /// @inheritdoc IDefaultFund
    function takePenalty(
        uint256 venueId,
        uint256 asset,
        uint256 amount,
        address keeper,
        uint24 keeperShare,
        uint24 fundShare
    ) external nonReentrant onlyLiquidations(venueId) {
        if (amount == 0) return;
        if (uint256(keeperShare) + fundShare > PPM) revert InvalidRules("fundShare", fundShare);
        address token = _tokenOf(venueId, asset);
        uint256 keeperPart = Math.mulDiv(amount, keeperShare, PPM);
        uint256 fundPart = Math.mulDiv(amount, fundShare, PPM);
        emit PenaltyTaken(venueId, asset, amount, keeper, keeperPart);
        _pull(token, amount);
        _rewards[keeper][token] += keeperPart;
        Tranches storage held = _tranches[venueId][asset];
        held.insurance += fundPart;
        held.firstLoss += amount - keeperPart - fundPart;
    }

    /// @inheritdoc IDefaultFund
    function sharePayout(uint256 venueId, uint256 asset, uint256 amount)
        external
        nonReentrant
        onlyLiquidations(venueId)
        returns (uint256 paid)
    {
        Tranches storage held = _tranches[venueId][asset];
        uint256 shortfall = held.shortfall;
        if (shortfall == 0) return amount;
        uint256 ledger = _ledgerOf(venueId, asset);
        // What accounts hold is no more than both together; of more, the house finds that the ledger lacks it.
        uint256 lost = Math.min(amount - Math.mulDiv(amount, ledger, ledger + shortfall), shortfall);
        paid = amount - lost;
        held.shortfall = shortfall - lost;
        emit LossShared(venueId, asset, amount, paid);
    }
}
