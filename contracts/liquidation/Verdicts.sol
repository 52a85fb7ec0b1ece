// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICircuitRotation} from "../interfaces/ICircuitRotation.sol";
import {IGroth16VerifierAccountMargin} from "../interfaces/IGroth16VerifierAccountMargin.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {VerdictClaim} from "../interfaces/LiquidationTypes.sol";
import {IPoseidon5} from "../interfaces/IPoseidon5.sol";
import {Action} from "../interfaces/IPriceBoard.sol";
import {Circuit, CircuitKind} from "../interfaces/ISolvencyRegistry.sol";
import {AccountMarginSignals} from "../libraries/AccountMarginSignals.sol";
import {AccountTermsWord} from "../libraries/AccountTermsWord.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {LiquidationRulesBoard} from "./LiquidationRulesBoard.sol";

/// @title Proofs of how an account stands, and the tables that they are under
abstract contract Verdicts is LiquidationRulesBoard {
    /// @dev Tag of a frame over one account's commitment: docs/statement.md section 1, source 1.
    uint256 private constant TAG_FRAME = 24 + 2 ** 16;

    IPoseidon5 private immutable _poseidon5;

    constructor() {
        _poseidon5 = REGISTRY.POSEIDON5();
    }

    /// @inheritdoc ILiquidations
    function verdictContext(uint64 handle) public view returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(address(this), handle))));
    }

    /// @dev Reverts unless the proof says of the account that it meets the table, or that it does not.
    function _requireVerdict(
        uint256 venueId,
        uint64 handle,
        uint256 commitment,
        VerdictClaim calldata claim,
        bool healthy
    ) internal view {
        Circuit memory circuit = REGISTRY.circuit(claim.circuitId);
        // An exit proof has as many signals, and its equity must not pass for terms.
        if (circuit.kind != CircuitKind.ACCOUNT_MARGIN) revert NotAMarginCircuit(claim.circuitId);
        if (circuit.retiredAt != 0) revert ICircuitRotation.CircuitIsRetired(claim.circuitId);
        uint256 domain = REGISTRY.domainOf(venueId, claim.circuitId);
        uint256[4] memory signals = AccountMarginSignals.ordered(
            AccountMarginSignals.Named({
                frame: _poseidon5.poseidon([TAG_FRAME, domain, 0, commitment, claim.marketCommitment]),
                terms: AccountTermsWord.verdict(healthy, verdictContext(handle)),
                nullifier: 0,
                nullifierNext: 0
            })
        );
        bool holds = IGroth16VerifierAccountMargin(circuit.verifier)
            .verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert VerdictRejected();
    }

    /// @dev Accepted, of this level, and no older than the clearing rules let a table be under which risk is taken.
    /// @return tableTime Unix seconds of its prices
    function _requireFresh(uint256 venueId, uint256 marketCommitment, MarginLevel level)
        internal
        view
        returns (uint64 tableTime)
    {
        // What a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", marketCommitment);
        Market memory table = _boardOf(venueId).market(venueId, marketCommitment);
        if (table.level == MarginLevel.NONE) revert NotAcceptedTable(marketCommitment);
        if (table.level != level) revert WrongTableLevel(marketCommitment);
        tableTime = table.snapshotTime;
        uint256 maxAge = _terms.rulesOf(venueId).tableMaxAge;
        // Sources accept no table from the future; one that did would not pass here either, by underflow.
        uint256 age = block.timestamp - tableTime;
        if (age > maxAge) revert TableTooOldToJudge(age, maxAge);
    }

    /// @dev The venue accepted none of this level since, and it is fresh.
    function _requireLatest(uint256 venueId, uint256 marketCommitment, MarginLevel level)
        internal
        view
        returns (uint64 tableTime)
    {
        uint256 latest = _boardOf(venueId).latestMarket(venueId, level);
        if (marketCommitment != latest) revert NotTheLatestTable(marketCommitment, latest);
        return _requireFresh(venueId, marketCommitment, level);
    }

    /// @dev Prices are fresh enough, and the sequencer is up and was for its grace time.
    function _requirePrices(uint256 venueId) internal view {
        if (!_terms.pricesAllow(venueId, Action.LIQUIDATION)) revert PricesStopped(venueId);
    }
}
