// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ClearedAccount, Settlement, Trade, Transition} from "../interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {IPoseidon6} from "../interfaces/IPoseidon6.sol";
import {AccountStanding, Auction, Bid, LiquidationRules, Lot, Standing} from "../interfaces/LiquidationTypes.sol";
import {ISolvencyRegistry, SettlementAsset} from "../interfaces/ISolvencyRegistry.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {Auctions} from "./Auctions.sol";

/// @title Slices of accounts under water, and what they owe when nothing is left to sell
abstract contract Slices is Auctions {
    using SafeERC20 for IERC20;

    /// @dev Tag as in src/commitment/tags.ts, layout as in src/commitment/trade-commitment.ts.
    uint256 private constant TAG_TRADE = 29;
    uint256 private constant SELLER = 64;
    uint256 private constant EXPIRY = 128;
    uint256 private constant PAY_ROW = 16;
    uint256 private constant QUANTITY = 32;
    uint256 private constant PAYMENT = 96;

    /// @dev Poseidon of (1, 2, 3, 4, 5, 6), circomlib's constants.
    uint256 private constant POSEIDON6_VECTOR =
        20400040500897583745843009878988256314335038853985262692600694741116813247201;

    /// @inheritdoc ILiquidations
    IPoseidon6 public immutable POSEIDON6;

    constructor(IPoseidon6 poseidon6) {
        if (address(poseidon6).code.length == 0) revert NoCode("poseidon6", address(poseidon6));
        uint256 got = poseidon6.poseidon([uint256(1), 2, 3, 4, 5, 6]);
        if (got != POSEIDON6_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon6), got, POSEIDON6_VECTOR);
        }
        POSEIDON6 = poseidon6;
    }

    /// @inheritdoc ILiquidations
    function take(Bid calldata bid, bytes calldata receipt) external nonReentrant {
        uint64 handle = bid.lot.handle;
        ClearedAccount memory account = _account(handle);
        uint256 venueId = account.venueId;
        _requireStanding(handle, Standing.LIQUIDATING);
        LiquidationRules memory rules = _rulesOf(venueId);
        Auction memory auction = _auctionOf(bid.lot);
        _requireFresh(venueId, auction.marketCommitment, MarginLevel.INITIAL);
        _requireTrade(venueId, auction.marketCommitment, bid);
        (uint24 discount, uint24 subsidy) = _ratesNow(rules, auction);
        _requirePrice(auction, bid, uint256(discount) + rules.penalty);
        _requireUnderWater(account, handle, bid.underWater);
        HOUSE.settle(bid.settlement, receipt);
        _requireNeeded(venueId, auction, bid, rules.minLot);
        uint256 penalty = _takePenalty(venueId, auction, bid, rules);
        _subsidise(venueId, auction, bid, subsidy);
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

    /// @dev What is settled is what the terms say, between this account, without its owner, and one that its owner bids with.
    function _requireTrade(uint256 venueId, uint256 marketCommitment, Bid calldata bid) private view {
        Settlement calldata settlement = bid.settlement;
        Trade calldata trade = settlement.trade;
        bool sells = bid.lot.accountSells;
        if ((sells ? trade.seller : trade.buyer) != bid.lot.handle) revert NotTheTrade("handle");
        Transition calldata own = sells ? settlement.sellerSide : settlement.buyerSide;
        Transition calldata bidders = sells ? settlement.buyerSide : settlement.sellerSide;
        uint64 bidder = sells ? trade.buyer : trade.seller;
        if (own.owned) revert NotTheTrade("owned");
        // The house takes from this contract what no owner proved: it must not be the bidder's side too.
        if (!bidders.owned) revert IClearingHouse.OwnerMissing(bidder);
        if (msg.sender != HOUSE.accountOf(bidder).controller) revert IClearingHouse.NotController(bidder, msg.sender);
        _requireTable(own.marketCommitment, marketCommitment);
        _requireTable(bidders.marketCommitment, marketCommitment);
        if (_tradeCommitment(venueId, marketCommitment, bid) != trade.commitment) revert NotTheTrade("commitment");
    }

    /// @dev H(tag, base, parties, amounts, market commitment, nonce): docs/decisions/0009-clearing-house.md.
    function _tradeCommitment(uint256 venueId, uint256 marketCommitment, Bid calldata bid)
        private
        view
        returns (uint256)
    {
        ScalarField.requireElement("nonce", bid.nonce);
        if (bid.quantity == 0) revert NotTheTrade("quantity");
        Trade calldata trade = bid.settlement.trade;
        // The house takes no expiry of more than 40 bits.
        uint256 parties = uint256(trade.buyer) | uint256(trade.seller) << SELLER | uint256(trade.expiry) << EXPIRY;
        uint256 amounts = uint256(bid.lot.row) | uint256(bid.lot.payRow) << PAY_ROW | uint256(bid.quantity) << QUANTITY
            | uint256(bid.payment) << PAYMENT;
        return POSEIDON6.poseidon([TAG_TRADE, REGISTRY.baseOf(venueId), parties, amounts, marketCommitment, bid.nonce]);
    }

    /// @param rate discount and penalty together, ppm, below the band it was checked against
    function _requirePrice(Auction memory auction, Bid calldata bid, uint256 rate) private pure {
        uint256 offered = LiquidationPrices.offered(auction, bid.payment);
        if (bid.lot.accountSells) {
            uint256 least = LiquidationPrices.leastWhenSold(auction, bid.quantity, rate);
            if (offered < least) revert PriceTooLow(offered, least);
        } else {
            uint256 most = LiquidationPrices.mostWhenBought(auction, bid.quantity, rate);
            if (offered > most) revert PriceTooHigh(offered, most);
        }
    }

    /// @dev Afterwards the account is still below initial margin; or the slice was dust, of which one quantum can be more than that.
    function _requireNeeded(uint256 venueId, Auction memory auction, Bid calldata bid, uint256 minLot) private {
        uint64 handle = bid.lot.handle;
        if (bid.stillBelow.circuitId != 0) {
            _requireTable(bid.stillBelow.marketCommitment, auction.marketCommitment);
            return _requireVerdict(venueId, handle, _account(handle).commitment, bid.stillBelow, false);
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
        (uint256 asset, SettlementAsset memory known) = _assetOf(venueId, bid.lot.payRow);
        amount = LiquidationPrices.penaltyQuanta(auction, bid.quantity, rules.penalty) * known.unitsPerQuantum;
        if (amount == 0) return 0;
        address keeper = _standings[bid.lot.handle].keeper;
        FUND.takePenalty(venueId, asset, msg.sender, amount, keeper, rules.keeperShare, rules.fundShare);
    }

    function _subsidise(uint256 venueId, Auction memory auction, Bid calldata bid, uint24 subsidy) private {
        if (bid.subsidy == 0) return;
        (uint256 asset, SettlementAsset memory known) = _assetOf(venueId, bid.lot.payRow);
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
        asset = _boardOf(venueId).assetOfRow(venueId, row);
        known = REGISTRY.settlementAsset(venueId, asset);
    }

    function _requireTable(uint256 got, uint256 wanted) private pure {
        if (got != wanted) revert OtherTable(got, wanted);
    }
}
