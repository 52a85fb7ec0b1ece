// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Collateral, Transfer, Transition} from "../interfaces/ClearingTypes.sol";
import {IClearedCredits} from "../interfaces/IClearedCredits.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {ILiquidationSource} from "../interfaces/ILiquidationSource.sol";
import {GateMode} from "../interfaces/ISolvencyGate.sol";
import {SettlementAsset} from "../interfaces/ISolvencyRegistry.sol";
import {TokenIntake} from "../libraries/TokenIntake.sol";
import {TransitionDeltaWord} from "../libraries/TransitionDeltaWord.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {AccountChanges, Changes} from "./AccountChanges.sol";

/// @title Collateral into accounts, out of them, and from one to another
/// @dev Tokens are in the venue's vault, in its cleared sub-ledger. This contract has none but within a call.
abstract contract CollateralMoves is AccountChanges {
    using SafeERC20 for IERC20;

    /// @inheritdoc IClearingHouse
    function open(uint256 venueId, address controller, Collateral calldata collateral, Transition calldata transition)
        external
        nonReentrant
        returns (uint64 handle)
    {
        if (venueId > type(uint64).max) revert VenueOutOfRange(venueId);
        if (controller == address(0)) revert ZeroController();
        if (collateral.outAmount != 0) revert NothingToTakeOut();
        _requireInTime(collateral.deadline);
        Changes memory changes = _begin(venueId, 1);
        handle = ++_handleCount;
        _registrations[handle] = Registration(controller, uint64(venueId));
        emit AccountOpened(venueId, handle, controller);
        uint256 terms = TransitionTermsWord.ofCollateral(collateralContext(0, controller, msg.sender, collateral));
        _change(changes, handle, transition, terms | TransitionTermsWord.OPENING, _delta(collateral));
        // An account that was just opened has nothing to be signed for.
        _end(changes, msg.data[:0]);
        _takeIn(venueId, handle, collateral);
    }

    /// @inheritdoc IClearingHouse
    function adjust(
        uint64 handle,
        Collateral calldata collateral,
        Transition calldata transition,
        bytes calldata receipt
    ) external nonReentrant {
        if (collateral.inAmount == 0 && collateral.outAmount == 0) {
            revert NothingMoves();
        }
        _requireInTime(collateral.deadline);
        Changes memory changes = _begin(_venueOf(handle), 1);
        _requireOwner(changes.venueId, handle, transition);
        address payer = collateral.inAmount == 0 ? address(0) : msg.sender;
        uint256 terms = TransitionTermsWord.ofCollateral(collateralContext(handle, address(0), payer, collateral));
        _change(changes, handle, transition, terms, _delta(collateral));
        if (collateral.outAmount != 0) _requireMayLeave(changes, transition);
        _end(changes, receipt);
        _takeIn(changes.venueId, handle, collateral);
        _letOut(changes.venueId, handle, collateral);
    }

    /// @inheritdoc IClearingHouse
    function transfer(
        Transfer calldata moved,
        Transition calldata fromSide,
        Transition calldata toSide,
        bytes calldata receipt
    ) external nonReentrant {
        if (moved.amount == 0) revert NothingMoves();
        if (moved.from == moved.to) revert SelfMatch(moved.from);
        _requireInTime(moved.deadline);
        uint256 venueId = _venueOf(moved.from);
        _requireAt(venueId, moved.to);
        _requireOwner(venueId, moved.from, fromSide);
        _requireOwner(venueId, moved.to, toSide);
        Changes memory changes = _begin(venueId, 2);
        _changeBoth(changes, moved, fromSide, toSide);
        _end(changes, receipt);
        (uint256 asset, uint256 amount,) = _worth(venueId, moved.row, moved.amount);
        emit CollateralMoved(moved.from, moved.to, asset, amount);
    }

    /// @inheritdoc IClearingHouse
    function payIn(uint64 handle, uint16 row, uint64 quanta, Transition calldata transition, uint256 covered)
        external
        nonReentrant
    {
        uint256 venueId = _venueOf(handle);
        _requireLiquidations(venueId, handle);
        if (transition.owned) revert NotLiquidations(venueId, msg.sender);
        Changes memory changes = _begin(venueId, 1);
        uint256 delta = TransitionDeltaWord.collateral(row, quanta, 0, 0);
        _change(changes, handle, transition, TransitionTermsWord.ofCollateral(0), delta);
        _end(changes, msg.data[:0]);
        (uint256 asset, uint256 worth, address token) = _worth(venueId, row, quanta);
        if (covered > worth) revert CoveredTooMuch(covered, worth);
        emit CollateralIn(handle, asset, worth);
        if (covered != 0) _deposit(venueId, asset, token, covered);
    }

    /// @inheritdoc IClearingHouse
    function coverLedger(uint256 venueId, uint256 asset, uint256 amount) external nonReentrant {
        if (amount == 0) revert NothingMoves();
        emit LedgerCovered(venueId, asset, amount, msg.sender);
        _deposit(venueId, asset, REGISTRY.settlementAsset(venueId, asset).token, amount);
    }

    /// @inheritdoc IClearedCredits
    function creditCleared(uint256 venueId, bytes32 handle, uint256 asset, uint256 amount) external {
        if (msg.sender != address(REGISTRY.venue(venueId).reserves)) revert NotTheVault(msg.sender);
        // No handle is so large: the last 64 bits alone could be another's.
        if (uint256(handle) > type(uint64).max) revert UnknownHandle(type(uint64).max);
        uint64 known = uint64(uint256(handle));
        _requireAt(venueId, known);
        _credits[known][asset] += amount;
        emit CreditReceived(known, asset, amount);
    }

    /// @inheritdoc IClearingHouse
    function collateralContext(uint64 handle, address controller, address payer, Collateral calldata collateral)
        public
        view
        returns (uint128)
    {
        return uint128(uint256(keccak256(abi.encode(address(this), handle, controller, payer, collateral))));
    }

    /// @inheritdoc IClearingHouse
    function transferContext(Transfer calldata moved) public view returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(address(this), moved))));
    }

    /// @dev Of one row and one amount: what leaves one account is what comes into the other.
    function _changeBoth(
        Changes memory changes,
        Transfer calldata moved,
        Transition calldata fromSide,
        Transition calldata toSide
    ) private {
        uint256 terms = TransitionTermsWord.ofCollateral(transferContext(moved));
        uint256 delta = TransitionDeltaWord.collateral(0, 0, moved.row, moved.amount);
        _change(changes, moved.from, fromSide, terms, delta);
        _requireMayLeave(changes, fromSide);
        delta = TransitionDeltaWord.collateral(moved.row, moved.amount, 0, 0);
        _change(changes, moved.to, toSide, terms, delta);
    }

    /// @dev What no margin depends on leaves under any prices, in any mode.
    function _requireMayLeave(Changes memory changes, Transition calldata transition) private view {
        if (transition.unmargined) return;
        if (REGISTRY.mode(changes.venueId) == GateMode.HALT) revert VenueHalted(changes.venueId);
        _requireNewRiskTable(changes);
    }

    /// @dev From what was moved from the tree first, the rest from the caller.
    function _takeIn(uint256 venueId, uint64 handle, Collateral calldata collateral) private {
        if (collateral.inAmount == 0) return;
        (uint256 asset, uint256 amount, address token) = _worth(venueId, collateral.inRow, collateral.inAmount);
        emit CollateralIn(handle, asset, amount);
        uint256 credit = Math.min(_credits[handle][asset], amount);
        if (credit != 0) _credits[handle][asset] -= credit;
        uint256 rest = amount - credit;
        if (rest == 0) return;
        _deposit(venueId, asset, token, rest);
    }

    /// @dev From the caller into the vault's cleared ledger.
    function _deposit(uint256 venueId, uint256 asset, address token, uint256 amount) private {
        uint256 received = TokenIntake.pull(token, amount);
        ICollateralVault vault = _vault(venueId);
        IERC20(token).forceApprove(address(vault), received);
        // The account has what the proof says: a token that keeps a fee would leave the others short.
        if (received == amount) received = vault.depositCleared(venueId, asset, amount);
        if (received != amount) revert NotInWholeQuanta(asset, received, amount);
    }

    function _letOut(uint256 venueId, uint64 handle, Collateral calldata collateral) private {
        if (collateral.outAmount == 0) return;
        (uint256 asset, uint256 amount,) = _worth(venueId, collateral.outRow, collateral.outAmount);
        address recipient = collateral.recipient;
        emit CollateralOut(handle, asset, amount, recipient);
        uint256 paid = _shared(venueId, asset, amount);
        // A leaf of the tree holds whole quanta: what is left of one stays in the cleared ledger.
        if (recipient == address(0)) paid -= paid % (amount / collateral.outAmount);
        // Who would get nothing keeps the claim until the shortfall is covered.
        if (paid == 0) revert NothingToTakeOut();
        ICollateralVault vault = _vault(venueId);
        if (recipient != address(0)) {
            vault.payCleared(venueId, asset, paid, recipient);
        } else {
            vault.moveToTree(venueId, asset, paid, _registrations[handle].controller, collateral.beneficiary);
        }
    }

    /// @dev Where losses are shared, what leaves is paid in part.
    function _shared(uint256 venueId, uint256 asset, uint256 amount) private returns (uint256 paid) {
        address liquidations = TERMS.liquidationsOf(venueId);
        if (liquidations == address(0)) return amount;
        paid = ILiquidationSource(liquidations).sharePayout(venueId, asset, amount);
        if (paid > amount) revert CoveredTooMuch(paid, amount);
    }

    /// @dev The asset that the row is of, and what the quanta are in token base units, below 2^64 * 2^128.
    function _worth(uint256 venueId, uint16 row, uint64 quanta)
        private
        view
        returns (uint256 asset, uint256 amount, address token)
    {
        asset = REGISTRY.venue(venueId).markets.assetOfRow(venueId, row);
        SettlementAsset memory known = REGISTRY.settlementAsset(venueId, asset);
        return (asset, uint256(quanta) * known.unitsPerQuantum, known.token);
    }

    function _vault(uint256 venueId) private view returns (ICollateralVault) {
        return ICollateralVault(address(REGISTRY.venue(venueId).reserves));
    }

    function _delta(Collateral calldata moved) private pure returns (uint256) {
        return TransitionDeltaWord.collateral(moved.inRow, moved.inAmount, moved.outRow, moved.outAmount);
    }

    /// @dev Who owes nothing and holds no position afterwards has no slice to sell: what no margin depends on leaves, frozen or not.
    function _requireOwner(uint256 venueId, uint64 handle, Transition calldata transition) private view {
        if (!transition.owned) revert OwnerMissing(handle);
        if (!transition.unmargined) _requireNotFrozen(venueId, handle);
    }
}
