// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpiryTerms, Settlement, Trade, Transition} from "../interfaces/ClearingTypes.sol";
import {ICircuitRotation} from "../interfaces/ICircuitRotation.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IGroth16VerifierAccountMargin} from "../interfaces/IGroth16VerifierAccountMargin.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {IMarketBoard, Instrument, InstrumentKind} from "../interfaces/IMarketBoard.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {Auction, Bid, LiquidationRules, Lot, VerdictClaim} from "../interfaces/LiquidationTypes.sol";
import {IPoseidon5} from "../interfaces/IPoseidon5.sol";
import {IPoseidon6} from "../interfaces/IPoseidon6.sol";
import {Action} from "../interfaces/IPriceBoard.sol";
import {Circuit, CircuitKind, ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {IVenueTimelock} from "../interfaces/IVenueTimelock.sol";
import {AccountMarginSignals} from "../libraries/AccountMarginSignals.sol";
import {AccountTermsWord} from "../libraries/AccountTermsWord.sol";
import {LiquidationBounds} from "../libraries/LiquidationBounds.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {ScalarField} from "../libraries/ScalarField.sol";

/// @title Whether proofs, tables, prices and rows are what a liquidation needs
/// @notice Made by a liquidation contract for itself. Only reads, and reverts with errors of ILiquidations.
contract LiquidationJudge {
    /// @dev Tag of a frame over one account's commitment: docs/statement.md section 1, source 1.
    uint256 private constant TAG_FRAME = 24 + 2 ** 16;
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
    uint256 private constant WORD_BYTES = 32;

    IClearingHouse private immutable _house;
    ISolvencyRegistry private immutable _registry;
    IClearingTerms private immutable _terms;
    IPoseidon5 private immutable _poseidon5;
    IPoseidon6 private immutable _poseidon6;

    constructor(IClearingHouse house, IPoseidon6 poseidon6) {
        if (address(poseidon6).code.length == 0) revert IVenueTimelock.NoCode("poseidon6", address(poseidon6));
        uint256 got = poseidon6.poseidon([uint256(1), 2, 3, 4, 5, 6]);
        if (got != POSEIDON6_VECTOR) {
            revert ISolvencyRegistry.PoseidonMismatch(address(poseidon6), got, POSEIDON6_VECTOR);
        }
        (_house, _registry, _terms) = (house, house.REGISTRY(), house.TERMS());
        (_poseidon5, _poseidon6) = (_registry.POSEIDON5(), poseidon6);
    }

    /// @notice Reverts unless a venue can have these rules: one whose tables follow from a board, for which is the latest only a board says. The
    /// timelock is not looked at.
    function requireRules(uint256 venueId, LiquidationRules calldata rules) external view {
        _requireBoard(venueId);
        if (rules.bond == 0 || rules.bond > type(uint96).max / LiquidationBounds.PRESSING) {
            revert IVenueTimelock.InvalidRules("bond", rules.bond);
        }
        uint256 longest = type(uint32).max;
        for (uint256 i = 0; i < rules.windows.length; ++i) {
            uint256 window = rules.windows[i];
            if (window < LiquidationBounds.MIN_WINDOW || window > longest) {
                revert IVenueTimelock.InvalidRules("windows", window);
            }
            longest = window;
        }
        if (rules.fall == 0) revert IVenueTimelock.InvalidRules("fall", 0);
        // A price outside the band has no proof.
        uint256 most = uint256(rules.maxDiscount) + rules.penalty;
        if (most >= _terms.rulesOf(venueId).band) revert IVenueTimelock.InvalidRules("maxDiscount", most);
        uint256 shares = uint256(rules.keeperShare) + rules.fundShare;
        if (shares > LiquidationPrices.PPM) revert IVenueTimelock.InvalidRules("keeperShare", shares);
        // Else who sells to himself would earn more of the fund than he pays into it.
        uint256 kept = rules.penalty * (LiquidationPrices.PPM - rules.keeperShare);
        if (rules.maxSubsidy * LiquidationPrices.PPM > kept) {
            revert IVenueTimelock.InvalidRules("maxSubsidy", rules.maxSubsidy);
        }
        if (rules.strikeShare > LiquidationPrices.PPM) {
            revert IVenueTimelock.InvalidRules("strikeShare", rules.strikeShare);
        }
        InstrumentKind fee = _instrument(venueId, rules.feeRow).kind;
        if (fee != InstrumentKind.CASH) revert IVenueTimelock.InvalidRules("feeRow", uint256(fee));
    }

    /// @notice Reverts unless the proof says of the account with this commitment that it meets the table, or that it does not.
    /// @param context what the proof was made for
    function requireVerdict(
        uint256 venueId,
        uint256 commitment,
        uint128 context,
        VerdictClaim calldata claim,
        bool healthy
    ) external view {
        Circuit memory circuit = _registry.circuit(claim.circuitId);
        // An exit proof has as many signals, and its equity must not pass for terms.
        if (circuit.kind != CircuitKind.ACCOUNT_MARGIN) revert ILiquidations.NotAMarginCircuit(claim.circuitId);
        if (circuit.retiredAt != 0) revert ICircuitRotation.CircuitIsRetired(claim.circuitId);
        uint256 domain = _registry.domainOf(venueId, claim.circuitId);
        uint256[4] memory signals = AccountMarginSignals.ordered(
            AccountMarginSignals.Named({
                frame: _poseidon5.poseidon([TAG_FRAME, domain, 0, commitment, claim.marketCommitment]),
                terms: AccountTermsWord.verdict(healthy, context),
                nullifier: 0,
                nullifierNext: 0
            })
        );
        bool holds = IGroth16VerifierAccountMargin(circuit.verifier)
            .verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert ILiquidations.VerdictRejected();
    }

    /// @notice Reverts unless the table is accepted, and no older than the clearing rules let one be under which risk is taken.
    /// @return tableTime Unix seconds of its prices
    function requireFresh(uint256 venueId, uint256 marketCommitment) external view returns (uint64 tableTime) {
        (tableTime,) = _requireFresh(venueId, marketCommitment);
    }

    /// @notice Reverts unless the table is the last one that the venue accepted of this level, and fresh.
    function requireLatest(uint256 venueId, uint256 marketCommitment, MarginLevel level)
        external
        view
        returns (uint64 tableTime)
    {
        MarginLevel got;
        (tableTime, got) = _requireFresh(venueId, marketCommitment);
        if (got != level) revert ILiquidations.WrongTableLevel(marketCommitment);
        uint256 latest = _boardOf(venueId).latestMarket(venueId, level);
        if (marketCommitment != latest) revert ILiquidations.NotTheLatestTable(marketCommitment, latest);
    }

    /// @notice Reverts unless prices are fresh enough, and the sequencer is up and was for its grace time.
    function requirePrices(uint256 venueId) external view {
        if (!_terms.pricesAllow(venueId, Action.LIQUIDATION)) revert ILiquidations.PricesStopped(venueId);
    }

    /// @notice Reverts unless a bid is for what the auction sells, at its price, and by who says so.
    /// @param rate discount and penalty together, ppm, below the band it was checked against
    function requireBid(uint256 venueId, address caller, Bid calldata bid, Auction calldata auction, uint24 rate)
        external
        view
    {
        requireRunning(venueId, bid.lot.row);
        _requireTrade(venueId, caller, auction.marketCommitment, bid);
        _requirePrice(auction, bid, rate);
    }

    /// @notice Reverts once the row has expired: later tables mark it by prices of later, and it is worth what is recorded.
    function requireRunning(uint256 venueId, uint16 row) public view {
        (ExpiryTerms memory dated,) = _terms.expiryOf(venueId, row);
        if (dated.expiry != 0 && dated.expiry <= block.timestamp) revert ILiquidations.RowExpired(row, dated.expiry);
    }

    /// @notice Reverts unless both rows are first tiers, and one can be sold for the other.
    /// @return extra what counts beside the mark of an option that is bought back, else 0
    function requireForSale(uint256 venueId, Lot calldata lot, uint24 strikeShare)
        external
        view
        returns (uint64 extra)
    {
        requireRunning(venueId, lot.row);
        Instrument memory sold = _instrument(venueId, lot.row);
        InstrumentKind pay = _instrument(venueId, lot.payRow).kind;
        // Spot would be a loan out of what others deposited; and entries are settled in cash.
        bool paid = pay == InstrumentKind.CASH || (pay == InstrumentKind.ENTRY && sold.kind != InstrumentKind.ENTRY);
        if (sold.kind == InstrumentKind.NONE || lot.row == lot.payRow || !paid) {
            revert ILiquidations.NotForSale(lot.row, lot.payRow);
        }
        bool boughtBack = sold.kind == InstrumentKind.OPTION && !lot.accountSells;
        return boughtBack ? LiquidationPrices.extraOf(sold.strike, strikeShare) : 0;
    }

    /// @notice Whether the row is an entry row: it is exchanged for cash at its mark, and nothing is taken or given besides.
    function isAtPar(uint256 venueId, uint16 row) external view returns (bool) {
        return _instrument(venueId, row).kind == InstrumentKind.ENTRY;
    }

    /// @notice Whether a table's prices of then are still ones that risk is taken under.
    function isFresh(uint256 venueId, uint64 tableTime) external view returns (bool) {
        return block.timestamp - tableTime <= _terms.rulesOf(venueId).tableMaxAge;
    }

    /// @dev What is settled is what the terms say, between this account, without its owner, and one that its owner bids with.
    function _requireTrade(uint256 venueId, address caller, uint256 marketCommitment, Bid calldata bid) private view {
        Settlement calldata settlement = bid.settlement;
        Trade calldata trade = settlement.trade;
        bool sells = bid.lot.accountSells;
        if ((sells ? trade.seller : trade.buyer) != bid.lot.handle) revert ILiquidations.NotTheTrade("handle");
        Transition calldata own = sells ? settlement.sellerSide : settlement.buyerSide;
        Transition calldata bidders = sells ? settlement.buyerSide : settlement.sellerSide;
        uint64 bidder = sells ? trade.buyer : trade.seller;
        if (own.owned) revert ILiquidations.NotTheTrade("owned");
        // The house takes from this contract what no owner proved: it must not be the bidder's side too.
        if (!bidders.owned) revert IClearingHouse.OwnerMissing(bidder);
        if (caller != _house.accountOf(bidder).controller) revert IClearingHouse.NotController(bidder, caller);
        _requireTable(own.marketCommitment, marketCommitment);
        _requireTable(bidders.marketCommitment, marketCommitment);
        if (_tradeCommitment(venueId, marketCommitment, bid) != trade.commitment) {
            revert ILiquidations.NotTheTrade("commitment");
        }
    }

    /// @dev H(tag, base, parties, amounts, market commitment, nonce): docs/decisions/0009-clearing-house.md.
    function _tradeCommitment(uint256 venueId, uint256 marketCommitment, Bid calldata bid)
        private
        view
        returns (uint256)
    {
        ScalarField.requireElement("nonce", bid.nonce);
        if (bid.quantity == 0) revert ILiquidations.NotTheTrade("quantity");
        Trade calldata trade = bid.settlement.trade;
        // The house takes no expiry of more than 40 bits.
        uint256 parties = uint256(trade.buyer) | uint256(trade.seller) << SELLER | uint256(trade.expiry) << EXPIRY;
        uint256 amounts = uint256(bid.lot.row) | uint256(bid.lot.payRow) << PAY_ROW | uint256(bid.quantity) << QUANTITY
            | uint256(bid.payment) << PAYMENT;
        return
            _poseidon6.poseidon([TAG_TRADE, _registry.baseOf(venueId), parties, amounts, marketCommitment, bid.nonce]);
    }

    function _requirePrice(Auction memory auction, Bid calldata bid, uint256 rate) private pure {
        uint256 offered = LiquidationPrices.offered(auction, bid.payment);
        if (bid.lot.accountSells) {
            uint256 least = LiquidationPrices.leastWhenSold(auction, bid.quantity, rate);
            if (offered < least) revert ILiquidations.PriceTooLow(offered, least);
        } else {
            uint256 most = LiquidationPrices.mostWhenBought(auction, bid.quantity, rate);
            if (offered > most) revert ILiquidations.PriceTooHigh(offered, most);
        }
    }

    function _requireTable(uint256 got, uint256 wanted) private pure {
        if (got != wanted) revert ILiquidations.OtherTable(got, wanted);
    }

    function _requireBoard(uint256 venueId) private view {
        (bool ok, bytes memory answer) =
            address(_registry.venue(venueId).markets).staticcall(abi.encodeCall(IMarketBoard.PRICES, ()));
        if (!ok || answer.length != WORD_BYTES) revert ILiquidations.NoMarketBoard(venueId);
    }

    /// @dev A first tier; kind NONE for any other row.
    function _instrument(uint256 venueId, uint16 row) private view returns (Instrument memory listed) {
        IMarketBoard board = _boardOf(venueId);
        if (row >= board.instrumentCount(venueId)) return listed;
        listed = board.instrument(venueId, row);
        if (listed.continues) listed.kind = InstrumentKind.NONE;
    }

    function _requireFresh(uint256 venueId, uint256 marketCommitment)
        private
        view
        returns (uint64 tableTime, MarginLevel level)
    {
        // What a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", marketCommitment);
        Market memory table = _boardOf(venueId).market(venueId, marketCommitment);
        (tableTime, level) = (table.snapshotTime, table.level);
        if (level == MarginLevel.NONE) revert ILiquidations.NotAcceptedTable(marketCommitment);
        uint256 maxAge = _terms.rulesOf(venueId).tableMaxAge;
        // Sources accept no table from the future; one that did would not pass here either, by underflow.
        uint256 age = block.timestamp - tableTime;
        if (age > maxAge) revert ILiquidations.TableTooOldToJudge(age, maxAge);
    }

    /// @dev A venue with rules for liquidations has one: what tables a venue has never changes.
    function _boardOf(uint256 venueId) private view returns (IMarketBoard) {
        return IMarketBoard(address(_registry.venue(venueId).markets));
    }
}
