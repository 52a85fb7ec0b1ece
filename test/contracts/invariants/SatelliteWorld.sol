// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {SatelliteExit, SatelliteToken} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {SatelliteHub} from "../../../contracts/satellite/SatelliteHub.sol";
import {SatelliteVault} from "../../../contracts/satellite/SatelliteVault.sol";
import {SatelliteFixture} from "../satellite/SatelliteFixture.sol";

/// @dev A home with two satellites, three users who never trade, and a venue that writes down what they have. Messages stand in queues,
/// one a direction and satellite, and are delivered in any order, twice, late or never.
abstract contract SatelliteWorld is SatelliteFixture {
    uint256 internal constant USERS = 3;

    bytes[][2] internal toHome;
    bytes[][2] internal fromHome;

    /// Accounts as the venue has them, quanta of the satellite's row.
    mapping(uint256 user => mapping(uint256 i => uint256)) internal account;
    mapping(uint64 epoch => mapping(uint256 user => mapping(uint256 i => uint256))) internal leaf;
    mapping(uint256 user => mapping(uint256 i => uint256)) public brought;
    uint256[] internal nullifiers;
    uint64[2] public deposits;
    mapping(uint256 i => mapping(uint64 number => uint256)) internal orderAmount;
    /// An epoch that counted the satellite's claims: when it is too old for anything.
    uint256[2] internal countedUntil;
    uint64[2] internal base;
    /// Somebody relays every nullifier to the closed satellite.
    bool[2] public told;

    /// What must never have happened.
    uint256 public countedTooMuch;
    uint256 public openedTooSoon;
    uint256 public refundedAndMinted;
    uint256 public honestRefused;
    /// What was reached.
    uint256[8] public reached;

    constructor() {
        setUp();
    }

    function userAt(uint256 u) public pure returns (address) {
        return address(uint160(0xD00 + u));
    }

    function tokenOf(uint256 i) public view returns (TestToken) {
        SatelliteToken[] memory list = satelliteTokens(i);
        return TestToken(list[0].token);
    }

    function theHub() external view returns (SatelliteHub) {
        return hub;
    }

    function satelliteAt(uint256 i) external view returns (SatelliteVault) {
        return satellites[i];
    }

    function rowOf(uint256 i) internal pure returns (uint16) {
        return uint16(ROW + 2 * i);
    }

    /// @dev Whether the call was granted; it may be refused.
    function tried(address who, address target, bytes memory call_) internal returns (bool ok, bytes memory got) {
        if (who != address(0)) vm.prank(who);
        (ok, got) = target.call(call_);
    }

    function deliverHome(uint256 i, bytes memory payload) internal returns (bool ok) {
        home();
        bytes memory call_ =
            abi.encodeCall(gateway.deliverFrom, (AWAY + i, address(satellites[i]), address(hub), payload));
        (ok,) = tried(address(0), address(gateway), call_);
    }

    function deliverFar(uint256 i, bytes memory payload) internal returns (bool ok) {
        away(i);
        bytes memory call_ =
            abi.encodeCall(gateway.deliverFrom, (HOME, address(hub), address(satellites[i]), payload));
        (ok,) = tried(address(0), address(gateway), call_);
        home();
    }

    function makeFar(uint256 i) internal returns (bytes memory payload) {
        payload = checkpointOf(i);
        toHome[i].push(payload);
    }

    /// @dev What the hub makes, or nothing where it is silent.
    function makeHome(uint256 i, bytes memory call_) internal returns (bytes memory payload) {
        (bool ok, bytes memory got) = tried(address(0), address(hub), call_);
        if (!ok) return "";
        payload = abi.decode(got, (bytes));
        fromHome[i].push(payload);
    }

    function tellUsed(uint256 i) internal {
        deliverHome(i, makeFar(i));
        for (uint256 from = 0; from < nullifiers.length; from += 64) {
            uint256 count = nullifiers.length - from;
            uint256[] memory some = new uint256[](count > 64 ? 64 : count);
            for (uint256 n = 0; n < some.length; ++n) {
                some[n] = nullifiers[from + n];
            }
            bytes memory payload = makeHome(i, abi.encodeCall(hub.makeUsed, (i + 1, some)));
            if (payload.length == 0 || !deliverFar(i, payload)) ++honestRefused;
        }
    }

    function noteUsed(address who, uint64 epoch) internal {
        if (vault.isNullifierUsed(nf(who, epoch))) nullifiers.push(nf(who, epoch));
        if (vault.isNullifierUsed(nf(who, epoch + 1))) nullifiers.push(nf(who, epoch + 1));
    }

    /// @dev What the honest venue signs, of a leaf that stands.
    function withdrawCall(uint256 i, uint256 u, uint64 epoch, uint64 quanta, bool outbox)
        internal
        view
        returns (bytes memory)
    {
        Payout memory p = draftPayout(userAt(u), epoch, rowOf(i), quanta);
        if (outbox) p.recipient = hub.outboxOf(i + 1, userAt(u));
        p = resealed(p);
        return abi.encodeCall(vault.withdraw, (HELD, p, approved(p)));
    }

    function exitCall(uint256 i, uint256 u, uint64 quanta) internal returns (bytes memory) {
        SatelliteExit memory e;
        (e.claim.circuitId, e.claim.epoch, e.claim.marketCommitment) = (MARGIN, base[i], EPOCH_TABLES + base[i]);
        (e.claim.nullifier, e.claim.nullifierNext) = (nf(userAt(u), base[i]), nf(userAt(u), base[i] + 1));
        (e.unmargined, e.quanta, e.recipient) = (true, quanta, userAt(u));
        AccountTerms memory terms;
        (terms.healthy, terms.withdraws, terms.unmargined) = (true, true, true);
        terms.payload = uint80(rowOf(i)) + uint80(quanta) * 2 ** 16;
        away(i);
        terms.context = mirror.contextOf(address(satellites[i]), satellites[i].exitAction(0, userAt(u)));
        home();
        e.claim.proof.a[0] = mirror.sealOf(HELD, e.claim, terms);
        return abi.encodeCall(satellites[i].registerExit, (e));
    }

    function isClosed(uint256 i) public view returns (bool) {
        (,,,, uint64 closedAt) = satellites[i].home();
        return closedAt != 0;
    }

    /// @dev Base units that orders credited.
    function ordersPaid(uint256 i) public view returns (uint256 sum) {
        for (uint64 n = 1; n <= hub.stateOf(i + 1).orders; ++n) {
            if (satellites[i].isOrderTaken(n)) sum += orderAmount[i][n];
        }
    }
}
