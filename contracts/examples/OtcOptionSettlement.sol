// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {SolvencyGated} from "../SolvencyGated.sol";
import {IOtcOptionSettlement, OptionKind, OptionState, OptionStatus, OptionTerms} from "./IOtcOptionSettlement.sol";
import {TokenCredits} from "./TokenCredits.sol";

/// @title Options agreed between two parties, whose writer has a proven account at a venue and posts a part of what it may owe
/// @dev Only `write` adds risk, and only it asks the gate. No role.
contract OtcOptionSettlement is IOtcOptionSettlement, SolvencyGated, TokenCredits {
    /// @notice Seconds the prices behind a writer's proof may be old.
    uint256 public immutable MAX_TABLE_AGE;
    /// @notice Seconds after the expiry in which a price must come.
    uint256 public constant PRICE_WINDOW = 7 days;
    uint256 private constant QUANTITY_SCALE = 1e18;

    mapping(bytes32 optionId => OptionState) private _options;
    mapping(uint256 account => bool) private _wrote;

    constructor(ISolvencyGate gate, uint256 venueId, uint256 maxTableAge) SolvencyGated(gate, venueId) {
        MAX_TABLE_AGE = maxTableAge;
    }

    /// @inheritdoc IOtcOptionSettlement
    function offer(OptionTerms calldata terms) external nonReentrant returns (bytes32 optionId) {
        if (msg.sender != terms.buyer) revert NotBuyer(msg.sender);
        if (terms.writer == address(0)) revert InvalidTerms("writer");
        if (address(terms.oracle).code.length == 0) revert InvalidTerms("oracle");
        if (terms.strike == 0) revert InvalidTerms("strike");
        if (terms.quantity == 0) revert InvalidTerms("quantity");
        if (terms.expiry <= terms.offerUntil) revert InvalidTerms("expiry");
        optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.NONE);
        _options[optionId].status = OptionStatus.OFFERED;
        emit OptionOffered(optionId, terms);
        _pull(terms.token, terms.premium);
    }

    /// @inheritdoc IOtcOptionSettlement
    function withdrawOffer(OptionTerms calldata terms) external nonReentrant {
        if (msg.sender != terms.buyer) revert NotBuyer(msg.sender);
        bytes32 optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.OFFERED);
        _options[optionId].status = OptionStatus.WITHDRAWN;
        emit OfferWithdrawn(optionId);
        _credit(terms.token, terms.buyer, terms.premium);
    }

    /// @inheritdoc IOtcOptionSettlement
    function write(OptionTerms calldata terms, MarginClaim calldata claim) external nonReentrant whenOpen {
        if (msg.sender != terms.writer) revert NotWriter(msg.sender);
        bytes32 optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.OFFERED);
        if (block.timestamp > terms.offerUntil) revert OfferEnded(terms.offerUntil, block.timestamp);
        uint256 account = _requireMargin(claim, MarginLevel.INITIAL, MAX_TABLE_AGE, writeAction(terms));
        // One snapshot of one account comforts one buyer.
        if (_wrote[account]) revert AccountWroteBefore(account);
        _wrote[account] = true;
        _options[optionId].status = OptionStatus.WRITTEN;
        _options[optionId].account = account;
        emit OptionWritten(optionId, account, claim.epoch);
        _pull(terms.token, terms.bond);
        _credit(terms.token, terms.writer, terms.premium);
    }

    /// @inheritdoc IOtcOptionSettlement
    function fixPrice(OptionTerms calldata terms) external nonReentrant {
        bytes32 optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.WRITTEN);
        uint128 price = _priceOf(terms);
        uint256 owed = payoffOf(terms, price);
        uint256 fromBond = Math.min(owed, terms.bond);
        emit PriceFixed(optionId, price, owed, owed - fromBond);
        if (owed == fromBond) {
            _settle(optionId);
        } else {
            OptionState storage option = _options[optionId];
            option.status = OptionStatus.UNPAID;
            option.unpaid = owed - fromBond;
            option.dueAt = uint64(block.timestamp) + terms.topUpWindow;
        }
        _credit(terms.token, terms.buyer, fromBond);
        _credit(terms.token, terms.writer, terms.bond - fromBond);
    }

    /// @inheritdoc IOtcOptionSettlement
    function topUp(OptionTerms calldata terms, uint256 amount) external nonReentrant {
        bytes32 optionId = optionIdOf(terms);
        OptionState storage option = _options[optionId];
        // Paying late undoes no default, and is welcome all the same.
        if (option.status != OptionStatus.DEFAULTED) _requireStatus(optionId, OptionStatus.UNPAID);
        if (amount > option.unpaid) revert TopUpTooLarge(amount, option.unpaid);
        option.unpaid -= amount;
        emit ToppedUp(optionId, msg.sender, amount, option.unpaid);
        if (option.unpaid == 0) _settle(optionId);
        _pull(terms.token, amount);
        _credit(terms.token, terms.buyer, amount);
    }

    /// @inheritdoc IOtcOptionSettlement
    function declareDefault(OptionTerms calldata terms) external {
        bytes32 optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.UNPAID);
        OptionState storage option = _options[optionId];
        if (block.timestamp <= option.dueAt) revert NotDueYet(option.dueAt, block.timestamp);
        option.status = OptionStatus.DEFAULTED;
        emit WriterDefaulted(optionId, terms.writer, option.account, option.unpaid);
    }

    /// @inheritdoc IOtcOptionSettlement
    function voidUnpriced(OptionTerms calldata terms) external nonReentrant {
        bytes32 optionId = optionIdOf(terms);
        _requireStatus(optionId, OptionStatus.WRITTEN);
        uint256 dueAt = uint256(terms.expiry) + PRICE_WINDOW;
        if (block.timestamp <= dueAt) revert NotDueYet(dueAt, block.timestamp);
        emit OptionVoided(optionId);
        _settle(optionId);
        _credit(terms.token, terms.writer, terms.bond);
    }

    /// @inheritdoc IOtcOptionSettlement
    function optionAt(bytes32 optionId) external view returns (OptionState memory) {
        return _options[optionId];
    }

    /// @inheritdoc IOtcOptionSettlement
    function writeAction(OptionTerms calldata terms) public pure returns (bytes32) {
        // Parties, prices and the deadline are all in the terms, and the gate adds this contract.
        return keccak256(abi.encode("OtcOptionSettlement.write", optionIdOf(terms)));
    }

    /// @inheritdoc IOtcOptionSettlement
    function optionIdOf(OptionTerms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IOtcOptionSettlement
    function payoffOf(OptionTerms calldata terms, uint128 price) public pure returns (uint256) {
        (uint256 high, uint256 low) =
            terms.kind == OptionKind.CALL ? (price, terms.strike) : (terms.strike, uint256(price));
        // Below 2^128 * 2^128.
        return high > low ? (high - low) * terms.quantity / QUANTITY_SCALE : 0;
    }

    function _settle(bytes32 optionId) private {
        _options[optionId].status = OptionStatus.SETTLED;
        emit OptionSettled(optionId);
    }

    /// @dev A price of the expiry or later, positive, complete and fresh.
    function _priceOf(OptionTerms calldata terms) private view returns (uint128) {
        if (block.timestamp < terms.expiry) revert NotExpired(terms.expiry, block.timestamp);
        (uint80 roundId, int256 answer,, uint256 updatedAt, uint80 answeredInRound) = terms.oracle.latestRoundData();
        if (answeredInRound < roundId) revert RoundIncomplete(roundId, answeredInRound);
        if (answer <= 0) revert PriceNotPositive(answer);
        if (answer > int256(uint256(type(uint128).max))) revert PriceOutOfRange(answer);
        if (updatedAt < terms.expiry) revert PriceBeforeExpiry(updatedAt, terms.expiry);
        // An answer from the future fails here too, by underflow.
        uint256 age = block.timestamp - updatedAt;
        if (age > terms.maxPriceAge) revert PriceTooOld(age, terms.maxPriceAge);
        return uint128(uint256(answer));
    }

    function _requireStatus(bytes32 optionId, OptionStatus expected) private view {
        OptionStatus status = _options[optionId].status;
        if (status != expected) revert WrongStatus(optionId, status);
    }
}
