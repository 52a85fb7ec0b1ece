// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISatelliteVault, SatelliteExit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {Paid} from "../../../contracts/interfaces/VaultTypes.sol";
import {Envelope, HubFacts, MessageKind, UsedMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {HatchFixture} from "./HatchFixture.sol";

/// @dev [P-301, P-302] Guards of the hatch one by one: each is what keeps somebody's share.
contract HatchGuardsTest is HatchFixture {
    address private constant CAROL = address(0xC2);
    address private constant NOWHERE = address(0xDEAD);
    uint64 private constant TOLD = 300;

    // ---- the opening ----

    /// @dev Or the round would begin anew whenever somebody likes, and nobody be paid.
    function testASecondOpeningMovesNothing() public {
        withdraw(BOB, farBase, ROW, TOLD);
        openFarHatch();
        uint256 over = block.timestamp + CLAIM_WINDOW;
        registerFor(ALICE, 0, QUANTA);
        pass(1 hours);
        reopen();
        // Home has another base and another tree to say, and falls silent again.
        checkpoint(0);
        openSnapshot();
        acceptClaims([uint256(2 * QUANTA), QUANTA, 0]);
        letStand();
        sync(0);
        pass(HATCH_AFTER);
        reopen();
        (uint256 tree, uint256 floor) = hub.treeOf(1, 0);
        assertEq(tree, 2 * MUCH - TOLD * UNITS, "home's tree");
        assertEq(floor, 2 * MUCH, "the opening's tree");
        registerFor(BOB, 0, QUANTA);
        assertTrue(block.timestamp < over, "in the round");
        vm.warp(over);
        vm.expectEmit(address(satellites[0]));
        emit ISatelliteVault.HatchSettled(0, 2 * MUCH, 2 * MUCH);
        satellites[0].settleHatch(0);
    }

    function reopen() private {
        (,, uint64 stands,, uint64 closedAt) = satellites[0].home();
        vm.expectRevert(ISatelliteVault.SatelliteClosed.selector);
        satellites[0].openHatch();
        (,, uint64 standsNow,, uint64 closedNow) = satellites[0].home();
        assertTrue(stands == farBase && standsNow == farBase, "the base");
        assertEq(closedNow, closedAt, "the opening");
    }

    // ---- proofs ----

    /// @dev What it is without positions under another table says nothing of the base: that one has to be initial and of the base's time.
    function testWithoutPositionsOnlyTheBasesTableNeedNotBeInitial() public {
        (uint64 sentAt,,,,) = satellites[0].home();
        uint256 other = EPOCH_TABLES + farBase + 1;
        mirror.setTable(HELD, other, Market(MarginLevel.MAINTENANCE, sentAt, uint32(ASSETS)));
        openFarHatch();
        SatelliteExit memory e = draftExit(ALICE, 0, QUANTA);
        e.claim.marketCommitment = other;
        refuse(sealExit(e), error1(ISatelliteVault.TableNotInitial.selector, other));
        uint64 old = sentAt - TABLE_AGE - 1;
        mirror.setTable(HELD, other, Market(MarginLevel.INITIAL, old, uint32(ASSETS)));
        refuse(sealExit(e), abi.encodeWithSelector(ISatelliteVault.TableTooOld.selector, old, sentAt));
        mirror.setTable(HELD, other, Market(MarginLevel.INITIAL, sentAt, uint32(ASSETS)));
        register(sealExit(e));
        // With positions the base's own will not do.
        e = draftExit(BOB, 0, QUANTA);
        e.unmargined = false;
        refuse(sealExit(e), error1(ISatelliteVault.TableNotInitial.selector, EPOCH_TABLES + farBase));
        e.unmargined = true;
        register(sealExit(e));
    }

    // ---- what home says that it paid ----

    /// @dev A cancellation in a closed venue makes it less at home, where what was cancelled stays: the leaf does not have it again.
    function testTheFirstThatHomeSaysOfANullifierStays() public {
        tell(ALICE, 3, TOLD);
        tell(ALICE, 3, 100);
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA);
        tell(BOB, 3, TOLD);
        tell(BOB, 3, 100);
        tell(ALICE, 3, 0);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(ALICE), MUCH - TOLD * UNITS, "told before");
        assertEq(far.balanceOf(BOB), MUCH - TOLD * UNITS, "told in the round");
    }

    /// @dev Or shares that were paid would have been of other claims than those that come.
    function testWhatIsToldAfterTheRoundChangesNoClaim() public {
        withdraw(ALICE, farBase, ROW, TOLD);
        withdraw(BOB, farBase, ROW, TOLD);
        bytes memory ofAlice = used(nf(ALICE, farBase), 0);
        bytes memory ofBob = used(nf(BOB, farBase), 0);
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA);
        pass(CLAIM_WINDOW);
        toSatellite(0, ofAlice);
        vm.expectEmit(address(satellites[0]));
        emit ISatelliteVault.HatchSettled(0, 2 * MUCH, 2 * MUCH);
        satellites[0].settleHatch(0);
        toSatellite(0, ofBob);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(ALICE), MUCH, "told before it was settled");
        assertEq(far.balanceOf(BOB), MUCH, "told after");
    }

    /// @dev In the last second of the round it still counts.
    function testWhatIsToldChangesTheClaimsOfItsRowAndAccount() public {
        openFarHatch();
        registerFor(ALICE, 1, QUANTA / 4);
        registerFor(BOB, 0, QUANTA);
        registerFor(BOB, 1, QUANTA / 4);
        pass(CLAIM_WINDOW - 1);
        tell(ALICE, 4, TOLD);
        tell(BOB, 4, 2 * TOLD);
        // Nobody's here.
        tell(CAROL, 4, TOLD);
        pass(1);
        vm.expectEmit(address(satellites[0]));
        emit ISatelliteVault.HatchSettled(0, 2 * MUCH, MUCH);
        satellites[0].settleHatch(0);
        vm.expectEmit(address(satellites[0]));
        emit ISatelliteVault.HatchSettled(1, MUCH, MUCH / 2 - 3 * TOLD * UNITS);
        satellites[0].settleHatch(1);
        collectFor(ALICE, 1);
        collectFor(BOB, 0);
        collectFor(BOB, 1);
        assertEq(odd.balanceOf(ALICE), MUCH / 4 - TOLD * UNITS, "Alice");
        assertEq(far.balanceOf(BOB), MUCH, "Bob's other row");
        assertEq(odd.balanceOf(BOB), MUCH / 4 - 2 * TOLD * UNITS, "Bob");
    }

    // ---- who is paid ----

    /// @dev Of what is marked as collected without an exit, an exit that comes late would not be paid.
    function testOnlyWhatIsRegisteredAndNotYetPaidIsCollected() public {
        openFarHatch();
        registerFor(ALICE, 0, QUANTA / 2);
        registerFor(CAROL, 0, QUANTA);
        tell(CAROL, 3, QUANTA);
        pass(CLAIM_WINDOW);
        nothing(BOB, address(0));
        nothing(CAROL, CAROL);
        collectFor(ALICE, 0);
        // There would be enough for her again.
        nothing(ALICE, ALICE);
        assertEq(far.balanceOf(ALICE), MUCH / 2, "once");
        registerFor(BOB, 0, QUANTA);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(BOB), MUCH, "late");
        nothing(BOB, BOB);
    }

    function nothing(address account, address recipient) private {
        uint256 nullifier = nf(account, farBase);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.NothingOwed.selector, 0, recipient));
        satellites[0].collectExit(nullifier, 0);
    }

    /// @dev Who is late shares with nobody: what the round does not need, or nothing.
    function testNobodyComesLateToARoundThatHasTooLittle() public {
        vm.prank(address(satellites[0]));
        odd.transfer(NOWHERE, 1);
        openFarHatch();
        registerFor(ALICE, 1, QUANTA);
        pass(CLAIM_WINDOW);
        refuse(
            sealExit(draftExit(BOB, 1, 1)), abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 1, 0, UNITS)
        );
        collectFor(ALICE, 1);
        assertEq(odd.balanceOf(ALICE), MUCH - 1, "the pool");
    }

    /// @dev A deposit goes back of what is there for it, never of what an order made somebody else's.
    function testADepositGoesBackOnlyOfWhatIsHeld() public {
        bring(0, 1, BOB, 5_000);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 1, 5_000, BOB);
        toSatellite(0, payload);
        (uint64 number,) = depositFar(0, 1, ALICE, 7_000);
        vm.prank(address(satellites[0]));
        odd.transfer(NOWHERE, MUCH + 1);
        openFarHatch();
        pass(CLAIM_WINDOW);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 1, 6_999, 7_000));
        satellites[0].refundDeposit(number, ALICE);
        odd.mint(address(satellites[0]), 1);
        vm.prank(ALICE);
        satellites[0].refundDeposit(number, ALICE);
        satellites[0].collect(1, BOB);
        assertEq(odd.balanceOf(ALICE), 7_000, "once it is there");
        assertEq(odd.balanceOf(BOB), 5_000, "the order");
    }

    /// @dev Of a pool of any size, whatever comes in while they collect.
    function testFuzz_sharesAreRoundedAgainstTheClaim(uint64[3] memory quanta, uint256 lost, uint256 first) public {
        address[3] memory who = [ALICE, BOB, CAROL];
        (uint64 number,) = depositFar(0, 1, BOB, 7_000);
        lost = bound(lost, 0, MUCH);
        vm.prank(address(satellites[0]));
        odd.transfer(NOWHERE, lost);
        openFarHatch();
        uint256 claims;
        for (uint256 i = 0; i < 3; ++i) {
            quanta[i] = uint64(bound(quanta[i], 1, QUANTA));
            claims += quanta[i] * UNITS;
            registerFor(who[i], 1, quanta[i]);
        }
        pass(CLAIM_WINDOW);
        (uint256 pool, uint256 sum) = (MUCH - lost, 0);
        first = bound(first, 0, 2);
        for (uint256 n = 0; n < 3; ++n) {
            uint256 i = (first + n) % 3;
            collectFor(who[i], 1);
            odd.mint(address(satellites[0]), 1_000);
            uint256 paid = odd.balanceOf(who[i]);
            sum += paid;
            uint256 share = quanta[i] * UNITS * (claims > pool ? pool : claims);
            assertTrue(paid * claims <= share && share < (paid + 1) * claims, "its share");
        }
        assertTrue(sum <= pool, "the pool");
        assertTrue((claims > pool ? pool : claims) - sum < 3, "only dust stays");
        assertEq(odd.balanceOf(address(satellites[0])), pool + 7_000 + 3_000 - sum, "the rest is there");
        vm.prank(BOB);
        satellites[0].refundDeposit(number, NOWHERE);
        assertEq(odd.balanceOf(NOWHERE), lost + 7_000, "the deposit goes back");
    }

    /// @dev A hub's message, without a vault that has what it says: such a one would have to be closed first to say less.
    function tell(address account, uint16 asset, uint64 quanta) private {
        UsedMessage memory said;
        (said.facts.satelliteChainId, said.facts.satellite) = (AWAY, address(satellites[0]));
        (said.nullifiers, said.paid) = (new uint256[](1), new Paid[](1));
        (said.nullifiers[0], said.paid[0]) = (nf(account, farBase), Paid(asset, quanta, 1, 0));
        Envelope memory e =
            Envelope(1, MessageKind.USED, HOME, address(hub), address(registry), HELD, 1, 0, abi.encode(said));
        toSatellite(0, abi.encode(e));
    }
}
