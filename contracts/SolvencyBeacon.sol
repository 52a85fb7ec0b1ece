// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MessageOrigin} from "./crosschain/MessageOrigin.sol";
import {Circuit} from "./interfaces/CircuitTypes.sol";
import {MarginLevel, Market} from "./interfaces/IMarketSource.sol";
import {ISolvencyBeacon} from "./interfaces/ISolvencyBeacon.sol";
import {ISolvencyGate} from "./interfaces/ISolvencyGate.sol";
import {
    EpochRecord,
    ISolvencyRegistry,
    ReserveSnapshot,
    SettlementAsset,
    VenueConfig
} from "./interfaces/ISolvencyRegistry.sol";
import {CoverageFacts, EpochMessage, MessageKind, StandingMessage, TableMessage} from "./libraries/CrossChainMessages.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @dev The one question to a gate that is not in ISolvencyGate: whose it is.
interface IRegistryGate {
    function REGISTRY() external view returns (ISolvencyRegistry);
}

/// @title Says to other chains what the registry says here
/// @dev Everything is read when a message is made; nothing can be told to it.
contract SolvencyBeacon is ISolvencyBeacon, MessageOrigin {
    /// @inheritdoc ISolvencyBeacon
    ISolvencyRegistry public immutable REGISTRY;
    /// @inheritdoc ISolvencyBeacon
    ISolvencyGate public immutable GATE;

    constructor(ISolvencyGate gate, ISolvencyRegistry registry) {
        if (address(gate).code.length == 0) revert ISolvencyRegistry.NoCode("gate", address(gate));
        if (address(IRegistryGate(address(gate)).REGISTRY()) != address(registry)) {
            revert GateOfAnotherRegistry(address(gate), address(registry));
        }
        (GATE, REGISTRY) = (gate, registry);
    }

    /// @inheritdoc ISolvencyBeacon
    function makeEpoch(uint256 venueId) external returns (bytes memory payload) {
        VenueConfig memory config = REGISTRY.venue(venueId);
        EpochMessage memory message;
        message.standing = _standing(venueId, config);
        uint64 epoch = message.standing.epoch;
        if (epoch == 0) revert NothingAccepted(venueId);
        message.record = REGISTRY.epochAt(venueId, epoch);
        message.table = config.markets.market(venueId, message.record.marketCommitment);
        message.facts = _facts(venueId, config, epoch, message.table.settlementAssets);
        return _make(venueId, MessageKind.EPOCH, abi.encode(message));
    }

    /// @inheritdoc ISolvencyBeacon
    function makeStanding(uint256 venueId) external returns (bytes memory payload) {
        StandingMessage memory message = _standing(venueId, REGISTRY.venue(venueId));
        return _make(venueId, MessageKind.STANDING, abi.encode(message));
    }

    /// @inheritdoc ISolvencyBeacon
    function makeTable(uint256 venueId, uint256 marketCommitment) external returns (bytes memory payload) {
        // What a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", marketCommitment);
        Market memory table = REGISTRY.venue(venueId).markets.market(venueId, marketCommitment);
        if (table.level == MarginLevel.NONE) revert TableNotAccepted(venueId, marketCommitment);
        return _make(venueId, MessageKind.TABLE, abi.encode(TableMessage(marketCommitment, table)));
    }

    /// @inheritdoc ISolvencyBeacon
    function sequenceOf(uint256 venueId) external view returns (uint64) {
        return _lastSequence(venueId);
    }

    function _make(uint256 venueId, MessageKind kind, bytes memory body) private returns (bytes memory) {
        return _makeMessage(venueId, venueId, kind, address(REGISTRY), body);
    }

    function _standing(uint256 venueId, VenueConfig memory config) private view returns (StandingMessage memory) {
        return StandingMessage({
            epoch: REGISTRY.latestEpoch(venueId),
            mode: GATE.mode(venueId),
            retired: _retired(),
            staleAfter: config.staleAfter,
            haltAfter: config.haltAfter
        });
    }

    /// @dev Nothing once the next snapshot is open: the checkpoint that the epoch was held against is replaced then.
    function _facts(uint256 venueId, VenueConfig memory config, uint64 epoch, uint256 assets)
        private
        view
        returns (CoverageFacts memory facts)
    {
        ReserveSnapshot memory snapshot = REGISTRY.lastSnapshot(venueId);
        if (snapshot.epoch != epoch) return facts;
        SettlementAsset[] memory registered = REGISTRY.settlementAssets(venueId);
        facts.fund = snapshot.fund;
        facts.valueUnitsPerFundUnit = config.valueUnitsPerFundUnit;
        facts.reserves = new uint256[](assets);
        facts.unitsPerQuantum = new uint128[](assets);
        for (uint256 i = 0; i < assets; ++i) {
            facts.reserves[i] = snapshot.reserves[i];
            facts.unitsPerQuantum[i] = registered[i].unitsPerQuantum;
        }
        facts.limits = config.reserves.limits(venueId, assets);
    }

    function _retired() private view returns (uint256 set) {
        uint256[] memory circuitIds = REGISTRY.circuitIds();
        for (uint256 i = 0; i < circuitIds.length; ++i) {
            Circuit memory known = REGISTRY.circuit(circuitIds[i]);
            if (known.retiredAt != 0) set |= 1 << known.place;
        }
    }
}
