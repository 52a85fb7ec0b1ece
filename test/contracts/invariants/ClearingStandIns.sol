// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingRules, ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {Groth16Proof} from "../../../contracts/interfaces/Groth16Proof.sol";
import {IGroth16Verifier} from "../../../contracts/interfaces/IGroth16Verifier.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {ILiquidationSource} from "../../../contracts/interfaces/ILiquidationSource.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

interface IStatement {
    function holds(uint256 circuitId, uint256 secret, uint256[5] memory signals) external view returns (bool);
}

/// @dev Verifier of a circuit that asks whether the statement is true.
contract StatementVerifier is IGroth16Verifier {
    bytes32 public immutable verificationKeyHash;
    bool public constant isDevelopmentKey = true;
    uint256 private immutable _circuitId;
    IStatement private immutable _statement;

    constructor(IStatement statement, uint256 circuitId) {
        (_statement, _circuitId) = (statement, circuitId);
        verificationKeyHash = bytes32(circuitId);
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[5] calldata signals
    ) external view returns (bool) {
        return _statement.holds(_circuitId, a[0], signals);
    }
}

/// @dev The same of many; the key of a circuit is its number.
contract StatementBatch {
    IStatement private immutable _statement;

    constructor(IStatement statement) {
        _statement = statement;
    }

    function verify(bytes32 keyHash, Groth16Proof[] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool)
    {
        for (uint256 i = 0; i < proofs.length; ++i) {
            uint256[5] memory one;
            for (uint256 j = 0; j < 5; ++j) {
                one[j] = signals[i][j];
            }
            if (!_statement.holds(uint256(keyHash), proofs[i].a[0], one)) return false;
        }
        return proofs.length == signals.length;
    }
}

/// @dev Terms of one venue with one perpetual, and liquidations, as far as a clearing house asks.
contract TermsStandIn is ILiquidationSource {
    ISolvencyRegistry public immutable REGISTRY;

    uint32 public period;
    mapping(uint64 handle => bool) public isFrozen;
    mapping(uint16 row => ExpiryTerms) private _expiries;
    mapping(uint16 row => ExpirySettlement) private _settlements;
    mapping(uint32 period => int64) private _sums;
    ClearingRules private _rules;
    uint16 private immutable _perpetual;

    constructor(ISolvencyRegistry registry, ClearingRules memory rules, uint16 perpetual) {
        (REGISTRY, _rules, _perpetual) = (registry, rules, perpetual);
    }

    function accrue(int64 rate) external {
        _sums[period + 1] = _sums[period] + rate;
        ++period;
    }

    function record(ExpiryTerms calldata terms, ExpirySettlement calldata settlement) external {
        (_expiries[terms.row], _settlements[terms.row]) = (terms, settlement);
    }

    function setLiquidated(uint64 handle, bool liquidated) external {
        isFrozen[handle] = liquidated;
    }

    function liquidating(uint256) external pure returns (uint256) {
        return 0;
    }

    function sharePayout(uint256, uint256, uint256 amount) external pure returns (uint256) {
        return amount;
    }

    function standing(uint256) external view returns (ClearingRules memory, uint32) {
        return (_rules, period);
    }

    function pricesAllow(uint256, Action) external pure returns (bool) {
        return true;
    }

    function liquidationsOf(uint256) external view returns (address) {
        return address(this);
    }

    function expiryOf(uint256, uint16 row) public view returns (ExpiryTerms memory, ExpirySettlement memory) {
        return (_expiries[row], _settlements[row]);
    }

    function rateSince(uint32 fromPeriod) public view returns (int64) {
        return _sums[period] - _sums[fromPeriod];
    }

    function fundingSince(uint256, uint32 fromPeriod)
        external
        view
        returns (uint16 payRow, uint16[] memory groups, int64[] memory rates)
    {
        if (fromPeriod > period) revert IClearingTerms.FundingPeriodUnknown(fromPeriod, period);
        (groups, rates) = (new uint16[](1), new int64[](1));
        (groups[0], rates[0]) = (_perpetual, rateSince(fromPeriod));
        payRow = 0;
    }
}
