// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ClearedAccount, Trade, Transition} from "../interfaces/ClearingTypes.sol";
import {IDefaultFund} from "../interfaces/IDefaultFund.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {AccountStanding, Auction, Bid, LiquidationRules, Lot, Standing} from "../interfaces/LiquidationTypes.sol";
import {SettlementAsset} from "../interfaces/ISolvencyRegistry.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {TokenIntake} from "../libraries/TokenIntake.sol";
import {Auctions} from "./Auctions.sol";

/// @title Slices of accounts under water, and what they owe when nothing is left to sell
abstract contract Slices is Auctions {
    using SafeERC20 for IERC20;

    /// @inheritdoc ILiquidations
    function take(Bid calldata bid, bytes calldata receipt) external nonReentrant {
        uint64 handle = bid.lot.handle;
        ClearedAccount memory account = _account(handle);
        uint256 venueId = account.venueId;
        _requireStanding(handle, Standing.LIQUIDATING);
        LiquidationRules memory rules = _rulesOf(venueId);
        Auction memory auction = _auctionOf(bid.lot, rules.feeRow);
        // Entries go at their mark, and nothing is taken or given besides.
        if (_judge.isAtPar(venueId, bid.lot.row)) (rules.penalty, rules.maxDiscount, rules.maxSubsidy) = (0, 0, 0);
        _judge.requireLatest(venueId, auction.marketCommitment, MarginLevel.INITIAL);
        (uint24 discount, uint24 subsidy) = _ratesNow(rules, auction);
        _judge.requireBid(venueId, msg.sender, bid, auction, discount + rules.penalty);
        _requireUnderWater(account, handle, address(0), bid.underWater);
        HOUSE.settle(bid.settlement, receipt);
        _requireNeeded(venueId, auction, bid, rules.minLot);
        uint256 penalty = _takePenalty(venueId, auction, bid, rules);
        _subsidise(venueId, auction, bid, rules.feeRow, subsidy);
        _emitSold(bid, penalty);
    }

    /// @inheritdoc ILiquidations
    function payDebt(uint64 handle, uint16 row, uint64 quanta, Transition calldata transition) external nonReentrant {
        if (quanta == 0) revert NothingToPay();
        uint256 venueId = _account(handle).venueId;
        _requireStanding(handle, Standing.LIQUIDATING);
        (uint256 asset, SettlementAsset memory known) = _assetOf(venueId, row);
        uint256 amount = uint256(quanta) * known.unitsPerQuantum;
        uint256 covered = FUND.draw(venueId, asset, amount);
        if (covered != 0) IERC20(known.token).forceApprove(address(HOUSE), covered);
        HOUSE.payIn(handle, row, quanta, transition, covered);
        emit DebtPaid(handle, row, quanta, amount, covered);
    }

    /// @dev Afterwards the account is still below initial margin; or the slice was dust, of which one quantum can be more than that.
    function _requireNeeded(uint256 venueId, Auction memory auction, Bid calldata bid, uint256 minLot) private {
        uint64 handle = bid.lot.handle;
        if (bid.stillBelow.circuitId != 0) {
            uint256 under = bid.stillBelow.marketCommitment;
            if (under != auction.marketCommitment) revert OtherTable(under, auction.marketCommitment);
            return _requireVerdict(
                venueId, _account(handle).commitment, verdictContext(handle, address(0)), bid.stillBelow, false
            );
        }
        AccountStanding storage known = _standings[handle];
        bool isDust = LiquidationPrices.sliceValue(auction, bid.quantity) < minLot;
        if (!isDust || known.dust >= MOST_DUST) revert TooMuchDust(handle);
        ++known.dust;
    }

    function _takePenalty(uint256 venueId, Auction memory auction, Bid calldata bid, LiquidationRules memory rules)
        private
        returns (uint256 amount)
    {
        uint256 quanta = LiquidationPrices.penaltyQuanta(auction, bid.quantity, rules.penalty);
        if (quanta == 0) return 0;
        (uint256 asset, SettlementAsset memory known) = _assetOf(venueId, rules.feeRow);
        amount = quanta * known.unitsPerQuantum;
        uint256 received = TokenIntake.pull(known.token, amount);
        if (received != amount) revert IDefaultFund.TokenTookAFee(received, amount);
        IERC20(known.token).forceApprove(address(FUND), amount);
        address keeper = _standings[bid.lot.handle].keeper;
        FUND.takePenalty(venueId, asset, amount, keeper, rules.keeperShare, rules.fundShare);
    }

    function _subsidise(uint256 venueId, Auction memory auction, Bid calldata bid, uint16 feeRow, uint24 subsidy)
        private
    {
        if (bid.subsidy == 0) return;
        (uint256 asset, SettlementAsset memory known) = _assetOf(venueId, feeRow);
        uint256 most = LiquidationPrices.subsidyQuanta(auction, bid.quantity, subsidy) * known.unitsPerQuantum;
        if (bid.subsidy > most) revert SubsidyTooLarge(bid.subsidy, most);
        FUND.subsidise(venueId, asset, bid.subsidy, msg.sender);
    }

    function _emitSold(Bid calldata bid, uint256 penalty) private {
        Lot calldata lot = bid.lot;
        Trade calldata trade = bid.settlement.trade;
        emit SliceSold(
            lot.handle,
            lot.accountSells ? trade.buyer : trade.seller,
            lot.row,
            lot.payRow,
            lot.accountSells,
            bid.quantity,
            bid.payment,
            bid.nonce,
            penalty,
            bid.subsidy
        );
    }

    function _assetOf(uint256 venueId, uint16 row) private view returns (uint256 asset, SettlementAsset memory known) {
        asset = _venue(venueId).markets.assetOfRow(venueId, row);
        known = REGISTRY.settlementAsset(venueId, asset);
    }
}
