// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    ClearedAccount,
    ClearingRules,
    ExpirySettlement,
    ExpiryTerms,
    Settlement,
    Trade,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

/// @dev A clearing house and its terms, as far as liquidations ask them. A side is taken whose proof's first word is the seal of all that the
/// side is of, what the account is now included.
contract MockSaleHouse {
    ISolvencyRegistry public immutable REGISTRY;

    mapping(uint64 handle => ClearedAccount) private _accounts;
    ClearingRules private _rules;
    address private _liquidations;
    bool private _stopped;
    mapping(uint16 row => uint64) private _expiries;
    address private _target;
    bytes private _call;
    bytes public receipt;
    IERC20 public token;

    constructor(ISolvencyRegistry registry, ClearingRules memory rules) {
        (REGISTRY, _rules) = (registry, rules);
    }

    function TERMS() external view returns (MockSaleHouse) {
        return this;
    }

    function setAccount(uint64 handle, uint256 commitment, address controller, uint64 venueId) external {
        _accounts[handle] = ClearedAccount(commitment, controller, venueId);
    }

    function setLiquidations(address liquidations) external {
        _liquidations = liquidations;
    }

    function setStopped(bool stopped) external {
        _stopped = stopped;
    }

    function setBand(uint24 band) external {
        _rules.band = band;
    }

    function setExpiry(uint16 row, uint64 expiry) external {
        _expiries[row] = expiry;
    }

    function setToken(IERC20 token_) external {
        token = token_;
    }

    /// @dev Called while a trade settles.
    function setCall(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function liquidationsOf(uint256) external view returns (address) {
        return _liquidations;
    }

    function rulesOf(uint256) external view returns (ClearingRules memory) {
        return _rules;
    }

    function pricesAllow(uint256, Action action) external view returns (bool) {
        return action == Action.LIQUIDATION && !_stopped;
    }

    function expiryOf(uint256, uint16 row)
        external
        view
        returns (ExpiryTerms memory terms, ExpirySettlement memory settlement)
    {
        terms.expiry = _expiries[row];
        settlement.round = 0;
    }

    function accountOf(uint64 handle) external view returns (ClearedAccount memory) {
        return _accounts[handle];
    }

    function sealOf(Trade memory trade, bool seller, Transition memory side) public view returns (uint256) {
        uint256 now_ = _accounts[seller ? trade.seller : trade.buyer].commitment;
        return
            uint256(keccak256(abi.encode(trade, seller, now_, side.newCommitment, side.marketCommitment, side.owned)));
    }

    function settle(Settlement memory s, bytes memory receipt_) external {
        if (s.buyerSide.proof.a[0] != sealOf(s.trade, false, s.buyerSide)) revert IClearingHouse.TransitionRejected();
        if (s.sellerSide.proof.a[0] != sealOf(s.trade, true, s.sellerSide)) revert IClearingHouse.TransitionRejected();
        receipt = receipt_;
        _enter();
        _accounts[s.trade.buyer].commitment = s.buyerSide.newCommitment;
        _accounts[s.trade.seller].commitment = s.sellerSide.newCommitment;
    }

    function payIn(uint64 handle, uint16, uint64, Transition memory t, uint256 covered) external {
        if (covered != 0) token.transferFrom(msg.sender, address(this), covered);
        _enter();
        _accounts[handle].commitment = t.newCommitment;
    }

    function _enter() private {
        if (_target == address(0)) return;
        (bool ok, bytes memory reason) = _target.call(_call);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
