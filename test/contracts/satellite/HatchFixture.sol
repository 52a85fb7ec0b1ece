// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {SatelliteExit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {SatelliteFixture} from "./SatelliteFixture.sol";

/// @dev A satellite whose collateral backs two accounts of an epoch that stands, each with half of it.
abstract contract HatchFixture is SatelliteFixture {
    uint256 internal constant MUCH = 1_000_000;
    uint64 internal constant QUANTA = uint64(MUCH / UNITS);
    uint64 internal farBase;

    function setUp() public virtual override {
        super.setUp();
        bringToTree(0, 0, ALICE, MUCH);
        bringToTree(0, 0, BOB, MUCH);
        bringToTree(0, 1, ALICE, MUCH);
        farBase = standClaims([uint256(2 * QUANTA), QUANTA, 0]);
    }

    /// @dev Home falls silent.
    function openFarHatch() internal {
        away(0);
        pass(HATCH_AFTER);
        satellites[0].openHatch();
        home();
    }

    function draftExit(address account, uint16 token, uint64 quanta) internal view returns (SatelliteExit memory e) {
        e.claim.circuitId = MARGIN;
        e.claim.epoch = farBase;
        e.claim.marketCommitment = EPOCH_TABLES + farBase;
        e.claim.nullifier = nf(account, farBase);
        e.claim.nullifierNext = nf(account, farBase + 1);
        (e.unmargined, e.token, e.quanta, e.recipient) = (true, token, quanta, account);
    }

    function sealExit(SatelliteExit memory e) internal returns (SatelliteExit memory) {
        AccountTerms memory terms;
        (terms.healthy, terms.withdraws, terms.unmargined) = (true, true, e.unmargined);
        terms.payload = uint80(ROW + e.token) + uint80(e.quanta) * 2 ** 16;
        away(0);
        terms.context =
            mirror.contextOf(address(satellites[0]), satellites[0].exitAction(e.token, e.recipient));
        home();
        e.claim.proof.a[0] = mirror.sealOf(HELD, e.claim, terms);
        return e;
    }

    function register(SatelliteExit memory e) internal {
        away(0);
        satellites[0].registerExit(e);
        home();
    }

    function registerFor(address account, uint16 token, uint64 quanta) internal {
        register(sealExit(draftExit(account, token, quanta)));
    }

    function refuse(SatelliteExit memory e, bytes memory reason) internal {
        away(0);
        vm.expectRevert(reason);
        satellites[0].registerExit(e);
        home();
    }

    function collectFor(address account, uint16 token) internal {
        satellites[0].collectExit(nf(account, farBase), token);
    }

    /// @dev Of what the home vault has under them.
    function used(uint256 first, uint256 second) internal returns (bytes memory) {
        uint256[] memory nullifiers = new uint256[](second == 0 ? 1 : 2);
        nullifiers[0] = first;
        if (second != 0) nullifiers[1] = second;
        return hub.makeUsed(1, nullifiers);
    }
}
