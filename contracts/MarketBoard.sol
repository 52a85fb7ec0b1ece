// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICircuitRotation} from "./interfaces/ICircuitRotation.sol";
import {IGroth16VerifierMarketTable} from "./interfaces/IGroth16VerifierMarketTable.sol";
import {Acceptance, IMarketBoard, MarketSubmission, PriceRound} from "./interfaces/IMarketBoard.sol";
import {IMarketSource, MarginLevel, Market} from "./interfaces/IMarketSource.sol";
import {IPriceBoard} from "./interfaces/IPriceBoard.sol";
import {Circuit, CircuitKind, ISolvencyRegistry, VenueConfig} from "./interfaces/ISolvencyRegistry.sol";
import {MarketTableSignals} from "./libraries/MarketTableSignals.sol";
import {ScalarField} from "./libraries/ScalarField.sol";
import {TableVector} from "./libraries/TableVector.sol";
import {InstrumentList} from "./market/InstrumentList.sol";
import {ParameterSets} from "./market/ParameterSets.sol";
import {VenueTimelock} from "./market/VenueTimelock.sol";

/// @title Market tables that follow from the price board's rounds and from parameters that went through a timelock
contract MarketBoard is InstrumentList, ParameterSets {
    /// @dev A table as stored, one slot. `place` of its circuit among the registry's.
    struct StoredMarket {
        MarginLevel level;
        uint64 snapshotTime;
        uint32 settlementAssets;
        uint8 place;
    }

    mapping(uint256 venueId => mapping(uint256 commitment => StoredMarket)) private _markets;
    mapping(uint256 venueId => mapping(uint256 commitment => Acceptance)) private _acceptances;
    mapping(uint256 venueId => mapping(MarginLevel => uint256 commitment)) private _latest;

    constructor(ISolvencyRegistry registry, IPriceBoard prices, uint256 minTimelock)
        VenueTimelock(registry, minTimelock)
        InstrumentList(prices)
    {}

    /// @inheritdoc IMarketBoard
    function acceptMarket(uint256 venueId, MarketSubmission calldata submission) external {
        VenueConfig memory venue = _venue(venueId);
        _requireSubmitter(venueId, venue.operator, submission);
        _requireNewMarket(venueId, submission);
        _requireRound(venueId, submission.round);
        // Before the first set the empty one would do, over no row at all.
        if (parametersDigest(venueId) == 0) revert NoParameters(venueId);
        _requireActive(venueId, submission.parameters);
        (uint256[] memory v, Acceptance memory acceptance) = _vectorAndSource(venueId, submission);
        uint8 place = _verify(venueId, venue.valueScale, submission, v);

        Market memory accepted = Market(submission.level, submission.round.time, submission.settlementAssets);
        _markets[venueId][submission.commitment] =
            StoredMarket(accepted.level, accepted.snapshotTime, accepted.settlementAssets, place);
        _acceptances[venueId][submission.commitment] = acceptance;
        _latest[venueId][submission.level] = submission.commitment;
        emit MarketAccepted(
            venueId,
            submission.commitment,
            submission.circuitId,
            accepted,
            acceptance,
            parametersDigest(venueId),
            submission.volatilities
        );
    }

    /// @inheritdoc IMarketSource
    function market(uint256 venueId, uint256 commitment) external view returns (Market memory) {
        StoredMarket storage known = _markets[venueId][commitment];
        return Market(known.level, known.snapshotTime, known.settlementAssets);
    }

    /// @inheritdoc IMarketSource
    function circuitOf(uint256 venueId, uint256 commitment) external view returns (uint256) {
        StoredMarket storage known = _markets[venueId][commitment];
        return known.level == MarginLevel.NONE ? 0 : REGISTRY.circuitAt(known.place);
    }

    /// @inheritdoc IMarketBoard
    function valueScale(uint256 venueId) external view returns (uint8) {
        return _venue(venueId).valueScale;
    }

    /// @inheritdoc IMarketBoard
    function latestMarket(uint256 venueId, MarginLevel level) external view returns (uint256) {
        return _latest[venueId][level];
    }

    /// @inheritdoc IMarketBoard
    function acceptanceOf(uint256 venueId, uint256 commitment) external view returns (Acceptance memory) {
        return _acceptances[venueId][commitment];
    }

    /// @dev The operator; or anybody, where the operator withholds tables of the level, and nothing in the table is anybody's choice. Of
    /// initial level margined accounts leave under them, of maintenance level they are challenged and sold. Volatilities go with options,
    /// and options with values of the prover's choice.
    function _requireSubmitter(uint256 venueId, address operator, MarketSubmission calldata submission) private view {
        if (msg.sender == operator) return;
        uint256 newest = _markets[venueId][_latest[venueId][submission.level]].snapshotTime;
        bool withheld = block.timestamp - newest > _rulesOf(venueId).tableMaxAge;
        if (submission.volatilities.length != 0 || !withheld) {
            revert ISolvencyRegistry.NotOperator(venueId, msg.sender);
        }
    }

    /// @dev The commitment is new, the level one that tables have, its assets registered, and the round after the level's last.
    function _requireNewMarket(uint256 venueId, MarketSubmission calldata submission) private view {
        uint256 commitment = submission.commitment;
        ScalarField.requireElement("marketCommitment", commitment);
        if (_markets[venueId][commitment].level != MarginLevel.NONE) revert MarketExists(venueId, commitment);
        if (submission.level == MarginLevel.NONE) revert InvalidMarketLevel(commitment);
        uint256 registered = REGISTRY.settlementAssets(venueId).length;
        if (submission.settlementAssets == 0 || submission.settlementAssets > registered) {
            revert InvalidAssetCount(submission.settlementAssets, registered);
        }
        uint256 last = _acceptances[venueId][_latest[venueId][submission.level]].round;
        if (submission.round.id <= last) revert RoundNotNewer(submission.level, submission.round.id, last);
    }

    /// @dev The price board opened this round with these prices, and not long ago.
    function _requireRound(uint256 venueId, PriceRound calldata round) private view {
        bytes32 got = keccak256(abi.encode(round.id, round.time, round.prices));
        bytes32 expected = PRICES.roundDigest(venueId, round.id);
        if (got != expected) revert NotTheRound(round.id, got, expected);
        uint256 age = block.timestamp - round.time;
        uint256 maxAge = _rulesOf(venueId).tableMaxAge;
        if (age > maxAge) revert RoundTooOld(age, maxAge);
    }

    function _vectorAndSource(uint256 venueId, MarketSubmission calldata submission)
        private
        returns (uint256[] memory v, Acceptance memory acceptance)
    {
        acceptance.round = submission.round.id;
        (v, acceptance.volatilities) = _vectorOf(venueId, submission);
    }

    /// @return place of the circuit among the registry's
    function _verify(uint256 venueId, uint256 scale, MarketSubmission calldata submission, uint256[] memory v)
        private
        view
        returns (uint8 place)
    {
        uint256 circuitId = submission.circuitId;
        Circuit memory circuit = REGISTRY.circuit(circuitId);
        if (circuit.kind != CircuitKind.MARKET_TABLE) revert NotAMarketTableCircuit(circuitId);
        if (circuit.retiredAt != 0) revert ICircuitRotation.CircuitIsRetired(circuitId);
        MarketTableSignals.Named memory named;
        named.domain = REGISTRY.domainOf(venueId, circuitId);
        named.marketCommitment = submission.commitment;
        named.level = uint256(submission.level);
        named.snapshotTime = submission.round.time;
        named.valueScale = scale;
        named.settlementAssets = submission.settlementAssets;
        named.z = TableVector.point(REGISTRY.baseOf(venueId), submission.commitment, submission.round.time, v);
        named.tableValue = TableVector.evaluate(v, named.z);
        bool holds = IGroth16VerifierMarketTable(circuit.verifier)
            .verifyProof(submission.proof.a, submission.proof.b, submission.proof.c, MarketTableSignals.ordered(named));
        if (!holds) revert TableProofRejected();
        return circuit.place;
    }
}
