// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearedAccount, Settlement, Trade, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";

/// @dev A clearing house as far as bonds ask it. It takes a side whose proof's first word is the seal of trade, side and what the
/// account is now: what was made for another is rejected as a prover's false proof would be.
contract MockTradeHouse {
    uint64 private constant VENUE = 5;

    mapping(uint64 handle => ClearedAccount) private _accounts;
    mapping(uint256 commitment => bool) public isFilled;
    bool private _stopped;
    GateMode private _mode;
    bool private _stale;
    bool private _asksReceipt;
    uint256 private _period;
    uint256 private _gasOfSettlement;
    uint256 private _gasOfCheck;
    address private _target;
    bytes private _call;

    function setAccount(uint64 handle, uint256 commitment, address controller) external {
        _accounts[handle] = ClearedAccount(commitment, controller, VENUE);
    }

    function setStopped(bool stopped) external {
        _stopped = stopped;
    }

    /// @dev The house takes what reduces risk alone, as the sides here are said to.
    function setReducesOnly(GateMode mode_, bool stale) external {
        (_mode, _stale) = (mode_, stale);
    }

    /// @dev Registry and terms too.
    function REGISTRY() external view returns (MockTradeHouse) {
        return this;
    }

    function TERMS() external view returns (MockTradeHouse) {
        return this;
    }

    function mode(uint256 venueId) external view returns (GateMode) {
        return venueId == VENUE ? _mode : GateMode.HALT;
    }

    function pricesAllow(uint256 venueId, Action action) external view returns (bool) {
        return venueId == VENUE && (action != Action.NEW_RISK || !_stale);
    }

    function setAsksReceipt(bool asks) external {
        _asksReceipt = asks;
    }

    /// @dev Funding accrued: no proof of the period before is taken, and no account changed.
    function setPeriod(uint256 period) external {
        _period = period;
    }

    function setGasOfCheck(uint256 amount) external {
        _gasOfCheck = amount;
    }

    function setGasOfSettlement(uint256 amount) external {
        _gasOfSettlement = amount;
    }

    /// @dev Called while a trade settles.
    function setCall(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function accountOf(uint64 handle) external view returns (ClearedAccount memory) {
        return _accounts[handle];
    }

    function sealOf(Trade memory trade, bool seller, Transition memory side) public view returns (uint256) {
        uint256 now_ = _accounts[seller ? trade.seller : trade.buyer].commitment;
        return uint256(keccak256(abi.encode(trade, seller, now_, side.newCommitment, side.marketCommitment, _period)));
    }

    function checkSide(Trade memory trade, bool seller, Transition memory side) public view {
        if (isFilled[trade.commitment]) revert IClearingHouse.TradeFilled(trade.commitment);
        if (block.timestamp > trade.expiry) revert IClearingHouse.TradeExpired(trade.expiry, block.timestamp);
        if (_stopped) revert IClearingHouse.NewRiskStopped(1);
        if (_gasOfCheck != 0) this.burn(2, _gasOfCheck);
        if (side.proof.a[0] != sealOf(trade, seller, side)) revert IClearingHouse.TransitionRejected();
    }

    function settle(Settlement memory s, bytes memory receipt) external {
        checkSide(s.trade, false, s.buyerSide);
        checkSide(s.trade, true, s.sellerSide);
        // As a verifier behind a verifier: who starves it is noticed only two calls up.
        if (_gasOfSettlement != 0) this.burn(2, _gasOfSettlement);
        if (_asksReceipt && keccak256(receipt) != keccak256("signed")) revert IClearingHouse.OpeningsNotSigned(1);
        if (_target != address(0)) _enter();
        isFilled[s.trade.commitment] = true;
        _accounts[s.trade.buyer].commitment = s.buyerSide.newCommitment;
        _accounts[s.trade.seller].commitment = s.sellerSide.newCommitment;
    }

    function _enter() private {
        (bool ok, bytes memory reason) = _target.call(_call);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function burn(uint256 levels, uint256 amount) external view {
        if (levels != 0) return this.burn(levels - 1, amount);
        uint256 until = gasleft() > amount ? gasleft() - amount : 0;
        while (gasleft() > until) {}
    }
}
