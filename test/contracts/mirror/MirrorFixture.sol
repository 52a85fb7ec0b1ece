// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Circuit} from "../../../contracts/interfaces/CircuitTypes.sol";
import {GatewaySet} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {MirrorCircuit, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {CrossChainMessages, Envelope} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SolvencyBeacon} from "../../../contracts/SolvencyBeacon.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {GateFixture} from "../gate/GateFixture.sol";
import {MockGateway} from "../mocks/MockGateway.sol";
import {MockMirrorProofs} from "../mocks/MockMirrorProofs.sol";

/// @dev The home chain of GateFixture with a beacon, and on another chain a mirror behind two of three gateways. Tests say where they are;
/// the clock is one.
abstract contract MirrorFixture is GateFixture {
    uint256 internal constant HOME = 31337;
    uint256 internal constant AWAY = 9000;
    uint64 internal constant GATEWAY_DELAY = 2 days;
    uint64 internal constant STANDING_STALE = 20 minutes;
    uint64 internal constant STANDING_HALT = 2 hours;
    address internal constant MIRROR_ADMIN = address(0xE0);

    SolvencyBeacon internal beacon;
    SolvencyMirror internal mirror;
    MockMirrorProofs internal proofs;
    MockGateway[3] internal gateways;
    bytes internal sender;
    bytes32 internal source_;

    function setUp() public virtual override {
        super.setUp();
        beacon = new SolvencyBeacon(gate, registry);
        sender = InteroperableAddress.formatEvmV1(HOME, address(beacon));
        source_ = keccak256(sender);
        vm.chainId(AWAY);
        proofs = new MockMirrorProofs();
        for (uint256 i = 0; i < 3; ++i) {
            gateways[i] = new MockGateway();
        }
        mirror = newMirror(setOf(3, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        vm.chainId(HOME);
    }

    function newMirror(GatewaySet memory set, MirrorRules memory rules) internal virtual returns (SolvencyMirror) {
        return new SolvencyMirror(
            MIRROR_ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            proofs,
            pinned(),
            rules,
            set,
            GATEWAY_DELAY
        );
    }

    function setOf(uint256 count, uint8 threshold) internal view returns (GatewaySet memory set) {
        set.gateways = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            set.gateways[i] = address(gateways[i]);
        }
        set.threshold = threshold;
    }

    /// @dev Every circuit of the registry, each under a key of its own.
    function pinned() internal view returns (MirrorCircuit[] memory list) {
        uint256[] memory ids = registry.circuitIds();
        list = new MirrorCircuit[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            Circuit memory known = registry.circuit(ids[i]);
            list[i] = MirrorCircuit(ids[i], known.kind, known.place, keyOf(ids[i]));
        }
    }

    function keyOf(uint256 circuitId) internal pure returns (bytes32) {
        return keccak256(abi.encode("key", circuitId));
    }

    function makeEpoch() internal returns (bytes memory) {
        return beacon.makeEpoch(VENUE);
    }

    function makeStanding() internal returns (bytes memory) {
        return beacon.makeStanding(VENUE);
    }

    /// @dev Accepts the next epoch at home and makes its message, `later` seconds on, under the same table.
    function nextEpochMessage(uint256 later) internal returns (bytes memory) {
        vm.warp(block.timestamp + later);
        nextEpoch();
        return makeEpoch();
    }

    /// @dev An accepted epoch over books of one's own, over the same table.
    function acceptEpoch(EpochSubmission memory submission) internal {
        open();
        submit(seal(submission, HOME, address(registry), VENUE));
    }

    /// @dev By two gateways: the mirror takes it.
    function deliver(bytes memory payload) internal {
        vm.chainId(AWAY);
        gateways[0].deliverFrom(HOME, address(beacon), address(mirror), payload);
        gateways[1].deliverFrom(HOME, address(beacon), address(mirror), payload);
        vm.chainId(HOME);
    }

    function deliverBy(uint256 gateway, bytes memory payload) internal {
        vm.chainId(AWAY);
        gateways[gateway].deliverFrom(HOME, address(beacon), address(mirror), payload);
        vm.chainId(HOME);
    }

    /// @dev The first delivery waits, the second is refused for this.
    function refuseDelivery(bytes memory payload, bytes memory reason) internal {
        vm.chainId(AWAY);
        gateways[0].deliverFrom(HOME, address(beacon), address(mirror), payload);
        vm.expectRevert(reason);
        gateways[1].deliverFrom(HOME, address(beacon), address(mirror), payload);
        vm.chainId(HOME);
    }

    function open_(bytes calldata payload) external pure returns (Envelope memory) {
        return CrossChainMessages.decode(payload);
    }

    function opened(bytes memory payload) internal view returns (Envelope memory) {
        return this.open_(payload);
    }

    function assertMode(GateMode expected, string memory what) internal view {
        assertEq(uint256(mirror.mode(VENUE)), uint256(expected), what);
    }

    function assertHomeMode(GateMode expected, string memory what) internal view {
        assertEq(uint256(gate.mode(VENUE)), uint256(expected), what);
    }

    // ---- what an honest prover signs off for a consumer behind a mirror, derived without the mirror's code ----

    function mirrorWord(uint256 chain, address behind, address consumer, bytes32 action)
        internal
        pure
        returns (uint256)
    {
        uint256 scope =
            uint256(keccak256(abi.encode("clearproof.mirror.scope", chain, behind, consumer))) % 2 ** 80;
        uint256 context =
            uint256(keccak256(abi.encode("clearproof.mirror.context", chain, behind, consumer, action))) % 2 ** 128;
        return 1 + 16 * scope + 2 ** 96 * context;
    }

    function homeFrame(uint256 circuitId, uint256 epoch, uint256 root, uint256 table) internal view returns (uint256) {
        uint256 homeDomain = domainAt(HOME, address(registry), VENUE, circuitId);
        return poseidon5.poseidon([uint256(24), homeDomain, epoch, root, table]);
    }

    function mirrorClaim(address consumer, bytes32 action, uint64 epoch, uint256 table)
        internal
        view
        returns (MarginClaim memory claim)
    {
        claim.circuitId = MARGIN;
        claim.epoch = epoch;
        claim.marketCommitment = table;
        claim.nullifier = NULLIFIER;
        claim.nullifierNext = NEXT;
        uint256 word = mirrorWord(AWAY, address(mirror), consumer, action);
        return sealMargin(claim, homeFrame(MARGIN, epoch, ROOT, table), word);
    }
}
