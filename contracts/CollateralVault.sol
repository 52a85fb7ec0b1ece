// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExitClaim, IAccountProofs, MarkClaim, SignerClaim} from "./interfaces/IAccountProofs.sol";
import {MarginClaim} from "./interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {IVaultPayouts} from "./interfaces/IVaultPayouts.sol";
import {IVaultWindUp} from "./interfaces/IVaultWindUp.sol";
import {Payout} from "./interfaces/VaultTypes.sol";
import {VaultLedger} from "./vault/VaultLedger.sol";
import {VaultPayouts} from "./vault/VaultPayouts.sol";
import {VaultState} from "./vault/VaultState.sol";
import {VaultViews} from "./vault/VaultViews.sol";
import {VaultWindUp} from "./vault/VaultWindUp.sol";

/// @title Holds venues' collateral, pays on the owner's proof, and winds a venue up when it goes silent
/// @dev What pays and what winds up runs at two more addresses, fixed for good: one contract has no room.
contract CollateralVault is VaultViews {
    VaultPayouts public immutable PAYOUTS;
    VaultWindUp public immutable WIND_UP;

    /// @param owner_ decides which tokens are accepted, and nothing else
    /// @param gate checks account proofs, for good
    /// @param payouts made for the same registry and gate, and so is `windUp`
    constructor(
        address owner_,
        ISolvencyRegistry registry,
        IAccountProofs gate,
        uint256 minTimelock,
        VaultPayouts payouts,
        VaultWindUp windUp
    ) VaultState(registry, gate, minTimelock) VaultLedger(owner_) {
        _requirePart(payouts, registry, gate);
        _requirePart(windUp, registry, gate);
        PAYOUTS = payouts;
        WIND_UP = windUp;
    }

    /// @inheritdoc IVaultPayouts
    function withdraw(uint256, Payout calldata, bytes calldata) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function requestWithdrawal(uint256, Payout calldata, SignerClaim calldata) external returns (uint256) {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function deferRequest(uint256, uint64, bytes32, bytes calldata) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function payRequest(uint256) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function confirmRequest(uint256, MarginClaim calldata, SignerClaim calldata) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function cancelRequest(uint256) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultPayouts
    function moveToCleared(uint256, Payout calldata, bytes32, bytes calldata) external {
        _runs(address(PAYOUTS));
    }

    /// @inheritdoc IVaultWindUp
    function demandReceipt(uint256, uint64, MarginClaim calldata, bytes calldata) external payable returns (uint256) {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function demandReceiptOfDeposit(uint64, uint256, bytes calldata) external payable returns (uint256) {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function answerDemand(uint256, bytes calldata) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function reclaimBond(uint256) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function openHatch(uint256, uint64) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function reportMark(uint256, uint256, MarkClaim calldata) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function registerExit(uint256, ExitClaim calldata) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function settleRound(uint256) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function collectExit(uint256, uint256, uint256[] calldata) external {
        _runs(address(WIND_UP));
    }

    /// @inheritdoc IVaultWindUp
    function refundDeposit(uint256, address) external {
        _runs(address(WIND_UP));
    }

    function _requirePart(VaultState part, ISolvencyRegistry registry, IAccountProofs gate) private view {
        if (address(part).code.length == 0) revert NoCode("part", address(part));
        bool same = address(part.REGISTRY()) == address(registry) && address(part.GATE()) == address(gate);
        if (!same) revert PartOfAnotherVault(address(part));
    }

    /// @dev Runs the call in this contract's place, and ends it with the answer.
    function _runs(address part) private {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let done := delegatecall(gas(), part, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(done) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }
}
