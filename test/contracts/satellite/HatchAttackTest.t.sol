// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {SatelliteExit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {HatchFixture} from "./HatchFixture.sol";

/// @dev What anybody can do to the hatch of others, with messages that are true.
contract HatchAttackTest is HatchFixture {
    /// Messages of the round move the clock of home on; the table that an exit is healthy under is as old as the base.
    function testMessagesOfTheRoundShutNobodyOut() public {
        (uint64 sentAt,,,,) = satellites[0].home();
        mirror.setTable(HELD, 777, Market(MarginLevel.INITIAL, sentAt, uint32(ASSETS)));
        openFarHatch();
        checkpoint(0);
        lease(0);
        (uint64 now_,,,,) = satellites[0].home();
        assertTrue(now_ > sentAt + TABLE_AGE, "heard of home in the round");
        SatelliteExit memory e = draftExit(ALICE, 0, QUANTA);
        (e.unmargined, e.claim.marketCommitment) = (false, 777);
        register(sealExit(e));
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        assertEq(far.balanceOf(ALICE), MUCH, "paid");
    }

    /// A token that does not answer when somebody settles must not make the round pay nothing, for good.
    function testATokenThatDoesNotAnswerSettlesNothing() public {
        openFarHatch();
        registerFor(ALICE, 1, QUANTA);
        pass(CLAIM_WINDOW);
        bytes memory asked = abi.encodeCall(odd.balanceOf, (address(satellites[0])));
        vm.mockCall(address(odd), asked, "");
        try satellites[0].settleHatch(1) {} catch {}
        try satellites[0].collectExit(nf(ALICE, farBase), 1) {} catch {}
        vm.mockCall(address(odd), asked, abi.encode(MUCH));
        collectFor(ALICE, 1);
        assertEq(odd.balanceOf(ALICE), MUCH, "paid once the token answers");
    }
}
