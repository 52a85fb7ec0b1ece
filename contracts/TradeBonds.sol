// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ClearedAccount, Settlement, Trade, Transition} from "./interfaces/ClearingTypes.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {Action} from "./interfaces/IPriceBoard.sol";
import {GateMode} from "./interfaces/ISolvencyGate.sol";
import {Agreement, AgreementSide, AgreementState, ITradeBonds} from "./interfaces/ITradeBonds.sol";
import {AddressSignature} from "./libraries/AddressSignature.sol";

/// @title Bonds for walking away from an agreed trade
contract TradeBonds is ITradeBonds, EIP712, ReentrancyGuardTransient {
    bytes32 private constant AGREEMENT =
        keccak256("Agreement(uint256 tradeCommitment,uint64 buyer,uint64 seller,uint64 expiry,uint256 bond)");

    /// @inheritdoc ITradeBonds
    uint64 public constant RESPONSE_WINDOW = 2 minutes;

    IClearingHouse public immutable HOUSE;

    /// @dev Wei that is not held for an agreement. All of them, and two bonds an open agreement, are this contract's balance.
    mapping(address account => uint256) private _free;
    mapping(bytes32 agreement => AgreementState) private _states;
    /// @dev The last one presented, for the settlement that the other side's starts.
    mapping(bytes32 agreement => mapping(bool seller => Transition)) private _presented;
    mapping(bytes32 agreement => mapping(address controller => bool)) private _cancelled;

    constructor(IClearingHouse house) EIP712("Clearproof TradeBonds", "1") {
        if (address(house).code.length == 0) revert IClearingHouse.NoCode("house", address(house));
        HOUSE = house;
    }

    // ---- Bonds ----

    /// @inheritdoc ITradeBonds
    function addBond() external payable {
        _free[msg.sender] += msg.value;
        emit BondAdded(msg.sender, msg.value);
    }

    /// @inheritdoc ITradeBonds
    function withdrawBond(uint256 amount) external nonReentrant {
        _take(msg.sender, amount);
        emit BondWithdrawn(msg.sender, amount);
        (bool sent,) = msg.sender.call{value: amount}("");
        if (!sent) revert BondNotSent(msg.sender);
    }

    /// @inheritdoc ITradeBonds
    function bondOf(address account) external view returns (uint256) {
        return _free[account];
    }

    // ---- Agreements ----

    /// @inheritdoc ITradeBonds
    function register(Agreement calldata agreement, bytes calldata buyerSignature, bytes calldata sellerSignature)
        external
        nonReentrant
    {
        Trade calldata trade = agreement.trade;
        bytes32 digest = agreementDigest(agreement);
        AgreementState storage state = _states[digest];
        if (state.registered) revert AgreementKnown(digest);
        if (block.timestamp > trade.expiry) revert AgreementOver(digest);
        if (HOUSE.isFilled(trade.commitment)) revert IClearingHouse.TradeFilled(trade.commitment);
        (state.registered, state.bond) = (true, agreement.bond);
        state.buyer.controller = _hold(digest, trade.buyer, agreement.bond, buyerSignature);
        state.seller.controller = _hold(digest, trade.seller, agreement.bond, sellerSignature);
        emit AgreementRegistered(digest, trade.commitment, agreement.bond);
    }

    /// @inheritdoc ITradeBonds
    function cancel(Agreement calldata agreement) external {
        bytes32 digest = agreementDigest(agreement);
        if (_states[digest].registered) revert AgreementKnown(digest);
        Trade calldata trade = agreement.trade;
        bool isParty = msg.sender == HOUSE.accountOf(trade.buyer).controller
            || msg.sender == HOUSE.accountOf(trade.seller).controller;
        if (!isParty) revert NotAParty(msg.sender);
        _cancelled[digest][msg.sender] = true;
        emit AgreementCancelled(digest, msg.sender);
    }

    /// @inheritdoc ITradeBonds
    function present(Agreement calldata agreement, bool seller, Transition calldata side, bytes calldata receipt)
        external
        nonReentrant
    {
        (bytes32 digest, AgreementState storage state) = _open(agreement);
        Trade calldata trade = agreement.trade;
        if (block.timestamp > trade.expiry) revert AgreementOver(digest);
        HOUSE.checkSide(trade, seller, side);
        AgreementSide storage own = seller ? state.seller : state.buyer;
        _note(own, HOUSE.accountOf(seller ? trade.seller : trade.buyer));
        emit SidePresented(digest, seller, own.confirmed, side);
        bool met = seller ? _stands(state.buyer, trade.buyer) : _stands(state.seller, trade.seller);
        if (met) {
            if (_settles(digest, trade, seller, side, receipt)) return _close(digest, state, state.bond, state.bond);
            if (_isTaken(digest, trade, !seller)) state.met = true;
            else _unnote(digest, !seller, seller ? state.buyer : state.seller);
        }
        _presented[digest][seller] = side;
    }

    /// @inheritdoc ITradeBonds
    function close(Agreement calldata agreement) external nonReentrant {
        (bytes32 digest, AgreementState storage state) = _open(agreement);
        Trade calldata trade = agreement.trade;
        (uint256 toBuyer, uint256 toSeller) = (state.bond, state.bond);
        if (!HOUSE.isFilled(trade.commitment)) {
            if (block.timestamp <= trade.expiry) revert AgreementRunning(trade.expiry, block.timestamp);
            bool buyerStands = _stands(state.buyer, trade.buyer);
            bool sellerStands = _stands(state.seller, trade.seller);
            if (!state.met && buyerStands != sellerStands) {
                if (buyerStands && state.buyer.confirmed) (toBuyer, toSeller) = (2 * toBuyer, 0);
                if (sellerStands && state.seller.confirmed) (toBuyer, toSeller) = (0, 2 * toSeller);
            }
        }
        _close(digest, state, toBuyer, toSeller);
    }

    /// @inheritdoc ITradeBonds
    function stateOf(bytes32 agreement) external view returns (AgreementState memory) {
        return _states[agreement];
    }

    /// @inheritdoc ITradeBonds
    function agreementDigest(Agreement calldata agreement) public view returns (bytes32) {
        Trade calldata trade = agreement.trade;
        return _hashTypedDataV4(
            keccak256(abi.encode(AGREEMENT, trade.commitment, trade.buyer, trade.seller, trade.expiry, agreement.bond))
        );
    }

    // ---- Parts ----

    /// @dev Of the account's controller, who must have signed.
    function _hold(bytes32 digest, uint64 handle, uint256 bond, bytes calldata signature)
        private
        returns (address controller)
    {
        controller = HOUSE.accountOf(handle).controller;
        if (_cancelled[digest][controller]) revert CancelledBySigner(digest, controller);
        if (!AddressSignature.isBy(controller, digest, signature)) revert NotSigned(handle);
        _take(controller, bond);
    }

    function _take(address account, uint256 amount) private {
        uint256 free = _free[account];
        if (amount > free) revert BondTooSmall(account, free, amount);
        _free[account] = free - amount;
    }

    function _open(Agreement calldata agreement) private view returns (bytes32 digest, AgreementState storage state) {
        digest = agreementDigest(agreement);
        state = _states[digest];
        if (!state.registered) revert AgreementUnknown(digest);
        if (state.closed) revert AgreementOver(digest);
    }

    function _note(AgreementSide storage side, ClearedAccount memory account) private {
        uint256 commitment = account.commitment;
        // A side that reduces risk settles where one that adds some does not: it would win against who could not come.
        bool open = HOUSE.REGISTRY().mode(account.venueId) == GateMode.OPEN
            && HOUSE.TERMS().pricesAllow(account.venueId, Action.NEW_RISK);
        if (side.presentedAt == 0 || side.commitment != commitment || (open && !side.open)) {
            (side.presentedAt, side.open, side.confirmed) = (uint64(block.timestamp), open, false);
            side.commitment = commitment;
        } else if (open && block.timestamp >= side.presentedAt + RESPONSE_WINDOW) {
            side.confirmed = true;
        }
    }

    /// @dev Its bond is at stake again: what was presented settles no more, and there is time to come back, for nobody is confirmed at once.
    function _unnote(bytes32 digest, bool seller, AgreementSide storage side) private {
        (side.presentedAt, side.open, side.confirmed) = (0, false, false);
        emit PresenceLost(digest, seller);
    }

    /// @dev Presented, and the account is what it was then: its proof still speaks of it.
    function _stands(AgreementSide storage side, uint64 handle) private view returns (bool) {
        return side.presentedAt != 0 && HOUSE.accountOf(handle).commitment == side.commitment;
    }

    function _settles(
        bytes32 digest,
        Trade calldata trade,
        bool seller,
        Transition calldata side,
        bytes calldata receipt
    ) private returns (bool) {
        Transition memory own = side;
        Transition memory other = _presented[digest][!seller];
        Settlement memory settlement = seller ? Settlement(trade, other, own) : Settlement(trade, own, other);
        uint256 gasBefore = gasleft();
        try HOUSE.settle(settlement, receipt) {
            return true;
        } catch (bytes memory reason) {
            _requireNotStarved(gasBefore);
            emit SettlementRefused(digest, reason);
            return false;
        }
    }

    /// @dev Whether the house still takes what a side presented: its account may be as it was, and its proof of a funding period that is over, or
    /// of a table that is too old.
    function _isTaken(bytes32 digest, Trade calldata trade, bool seller) private view returns (bool) {
        Transition memory side = _presented[digest][seller];
        uint256 gasBefore = gasleft();
        try HOUSE.checkSide(trade, seller, side) {
            return true;
        } catch {
            _requireNotStarved(gasBefore);
            return false;
        }
    }

    /// @dev Whoever starves a call would be taken for one who tried to settle, or take the other's presence away. One that ran out leaves a 64th
    /// at each level: less than an eighth at eight of them.
    function _requireNotStarved(uint256 gasBefore) private view {
        if (gasleft() <= gasBefore / 8) revert TooLittleGas();
    }

    function _close(bytes32 digest, AgreementState storage state, uint256 toBuyer, uint256 toSeller) private {
        state.closed = true;
        _free[state.buyer.controller] += toBuyer;
        _free[state.seller.controller] += toSeller;
        emit AgreementClosed(digest, state.buyer.controller, toBuyer, state.seller.controller, toSeller);
    }
}
