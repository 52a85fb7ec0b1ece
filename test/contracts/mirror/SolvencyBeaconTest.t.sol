// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {AssetLimit, ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {IMessageOrigin, ISolvencyBeacon} from "../../../contracts/interfaces/ISolvencyBeacon.sol";
import {GateMode, ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    Envelope,
    EpochMessage,
    MessageKind,
    StandingMessage,
    TableMessage
} from "../../../contracts/libraries/CrossChainMessages.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SolvencyBeacon} from "../../../contracts/SolvencyBeacon.sol";
import {SolvencyGate} from "../../../contracts/SolvencyGate.sol";
import {SolvencyRegistry} from "../../../contracts/SolvencyRegistry.sol";
import {MockGateway} from "../mocks/MockGateway.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev A beacon says what the registry says, and whoever relays can change nothing of it.
contract SolvencyBeaconTest is MirrorFixture {
    function epochOf(bytes memory payload) private view returns (EpochMessage memory) {
        return abi.decode(opened(payload).body, (EpochMessage));
    }

    function testEpochMessageIsTheRegistrys() public {
        source.setLimit(1, AssetLimit(900, 3));
        bytes memory payload = makeEpoch();
        Envelope memory envelope = opened(payload);
        assertEq(uint256(envelope.kind), uint256(MessageKind.EPOCH), "kind");
        assertEq(envelope.chainId, HOME, "chain");
        assertEq(envelope.origin, address(beacon), "origin");
        assertEq(envelope.registry, address(registry), "registry");
        assertEq(envelope.venueId, VENUE, "venue");
        assertEq(envelope.sequence, 1, "sequence");
        assertEq(envelope.sentAt, block.timestamp, "time");
        EpochMessage memory message = abi.decode(envelope.body, (EpochMessage));
        assertEq(
            keccak256(abi.encode(message.record)), keccak256(abi.encode(registry.epochAt(VENUE, 1))), "the record"
        );
        assertEq(
            keccak256(abi.encode(message.table)),
            keccak256(abi.encode(Market(MarginLevel.MAINTENANCE, uint64(START), 2))),
            "its table"
        );
        assertEq(message.facts.fund, 10, "fund");
        assertEq(message.facts.valueUnitsPerFundUnit, VALUE_PER_FUND_UNIT, "of which");
        assertEq(message.facts.reserves.length, 2, "reserves");
        assertEq(message.facts.reserves[0], 1_000, "USD");
        assertEq(message.facts.reserves[1], 50_000, "BTC");
        assertEq(message.facts.unitsPerQuantum[1], 100, "units");
        assertEq(message.facts.limits[1].maxDeposits, 900, "limits");
        assertEq(message.facts.limits[1].maxLoans, 3, "loans");
        StandingMessage memory standing = message.standing;
        assertEq(standing.epoch, 1, "epoch");
        assertEq(uint256(standing.mode), uint256(GateMode.OPEN), "mode");
        assertEq(standing.staleAfter, STALE_AFTER, "stale");
        assertEq(standing.haltAfter, HALT_AFTER, "halt");
        assertEq(standing.retired, 0, "none retired");
    }

    /// An asset that was registered after the table is in the snapshot, and none of the epoch's.
    function testFactsAreOfTheTablesAssets() public {
        SettlementAsset[] memory more = new SettlementAsset[](1);
        more[0] = SettlementAsset(address(0xB2), 1);
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(VENUE, more);
        nextEpoch();
        assertEq(registry.lastSnapshot(VENUE).reserves.length, 3, "three in the snapshot");
        assertEq(epochOf(makeEpoch()).facts.reserves.length, 2, "two of the table");
    }

    /// The checkpoint of an epoch is gone once the next snapshot is open.
    function testNoFactsOnceTheNextSnapshotIsOpen() public {
        open();
        EpochMessage memory message = epochOf(makeEpoch());
        assertEq(message.facts.reserves.length, 0, "no reserves");
        assertEq(message.facts.limits.length, 0, "no limits");
        assertEq(message.facts.fund, 0, "no fund");
        assertEq(message.standing.epoch, 1, "the epoch all the same");
    }

    function testSequencesAreAVenuesAndHaveNoGap() public {
        vm.prank(OWNER);
        registry.registerVenue(VENUE + 1, config());
        assertEq(opened(makeStanding()).sequence, 1, "first");
        assertEq(opened(makeEpoch()).sequence, 2, "second");
        assertEq(opened(beacon.makeStanding(VENUE + 1)).sequence, 1, "another venue's first");
        assertEq(opened(beacon.makeTable(VENUE, MARKET)).sequence, 3, "third");
        assertEq(beacon.sequenceOf(VENUE), 3, "last");
    }

    function testStandingsBeforeTheFirstEpoch() public {
        vm.prank(OWNER);
        registry.registerVenue(VENUE + 1, config());
        StandingMessage memory standing =
            abi.decode(opened(beacon.makeStanding(VENUE + 1)).body, (StandingMessage));
        assertEq(standing.epoch, 0, "none");
        assertEq(uint256(standing.mode), uint256(GateMode.HALT), "halt");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyBeacon.NothingAccepted.selector, VENUE + 1));
        beacon.makeEpoch(VENUE + 1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, VENUE + 2));
        beacon.makeStanding(VENUE + 2);
    }

    function testTables() public {
        TableMessage memory message =
            abi.decode(opened(beacon.makeTable(VENUE, INITIAL_TABLE)).body, (TableMessage));
        assertEq(message.marketCommitment, INITIAL_TABLE, "commitment");
        assertEq(uint256(message.table.level), uint256(MarginLevel.INITIAL), "level");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyBeacon.TableNotAccepted.selector, VENUE, 6667));
        beacon.makeTable(VENUE, 6667);
        vm.expectRevert(
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), MARKET + P)
        );
        beacon.makeTable(VENUE, MARKET + P);
    }

    /// What the gate says, with all it knows beyond the registry: and where it says nothing, nothing is made.
    function testStandingIsTheGates() public {
        source.setState(ReserveState.PAUSED);
        StandingMessage memory standing = abi.decode(opened(makeStanding()).body, (StandingMessage));
        assertEq(uint256(standing.mode), uint256(GateMode.REDUCE_ONLY), "paused");
        vm.mockCall(address(gate), abi.encodeCall(gate.mode, (VENUE)), abi.encode(uint256(GateMode.WITHDRAW_ONLY)));
        standing = abi.decode(opened(makeStanding()).body, (StandingMessage));
        assertEq(uint256(standing.mode), uint256(GateMode.WITHDRAW_ONLY), "whatever it says");
    }

    function testAGateOfAnotherRegistryIsRefused() public {
        SolvencyRegistry other = new SolvencyRegistry(OWNER, poseidon3, poseidon5, circuits(), CIRCUIT_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(ISolvencyBeacon.GateOfAnotherRegistry.selector, address(gate), address(other))
        );
        new SolvencyBeacon(gate, other);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("gate"), STRANGER));
        new SolvencyBeacon(ISolvencyGate(STRANGER), registry);
        SolvencyGate second = new SolvencyGate(registry);
        assertEq(address(new SolvencyBeacon(second, registry).GATE()), address(second), "any gate of this one");
    }

    /// Anybody, through any gateway, to any recipient, as often as they like: always the bytes that were made.
    function testRelay() public {
        bytes memory payload = makeEpoch();
        bytes memory recipient = InteroperableAddress.formatEvmV1(AWAY, address(mirror));
        vm.deal(STRANGER, 5);
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(STRANGER);
            bytes32 sendId = beacon.relay{value: i}(payload, gateways[i], recipient);
            assertEq(sendId, bytes32(uint256(1)), "the gateway's id");
            assertEq(address(gateways[i]).balance, i, "its fee");
            MockGateway.Sent memory sent = gateways[i].sent(0);
            assertEq(keccak256(sent.payload), keccak256(payload), "the bytes");
            assertEq(keccak256(sent.sender), keccak256(sender), "in the beacon's name");
            assertEq(keccak256(sent.recipient), keccak256(recipient), "to whom it is asked");
        }
        vm.chainId(AWAY);
        gateways[0].deliverLast();
        gateways[1].deliverLast();
        assertMode(GateMode.OPEN, "taken");
    }

    function testOnlyWhatWasMadeIsRelayed() public {
        bytes memory payload = makeEpoch();
        assertTrue(beacon.isMade(keccak256(payload)), "made");
        bytes memory other = bytes.concat(payload, hex"00");
        vm.expectRevert(abi.encodeWithSelector(IMessageOrigin.NotMadeHere.selector, keccak256(other)));
        beacon.relay(other, gateways[0], sender);
        assertFalse(beacon.isMade(keccak256(other)), "not made");
    }

    /// A gateway that reverts stops itself and nothing else: no epoch, no message, no other gateway.
    function testABrokenGatewayStopsOnlyItself() public {
        gateways[0].setBroken(true);
        bytes memory payload = nextEpochMessage(10);
        bytes memory recipient = InteroperableAddress.formatEvmV1(AWAY, address(mirror));
        vm.expectRevert(MockGateway.Broken.selector);
        beacon.relay(payload, gateways[0], recipient);
        beacon.relay(payload, gateways[1], recipient);
        beacon.relay(payload, gateways[2], recipient);
        vm.chainId(AWAY);
        gateways[1].deliverLast();
        gateways[2].deliverLast();
        assertEq(mirror.venueOf(VENUE).epoch, 2, "two of three");
    }
}
