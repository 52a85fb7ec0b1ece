// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ITradeBonds} from "../../../contracts/interfaces/ITradeBonds.sol";
import {TradeBondsFixture} from "./TradeBondsFixture.sol";

/// @dev Whose the bonds are at the end, whoever walked away and when. "Own": each side's own.
contract TradeBondsCloseTest is TradeBondsFixture {
    uint256 private constant NONE = 0;

    function setUp() public override {
        super.setUp();
        register(agreed());
    }

    function confirm(bool ofSeller) private {
        present(ofSeller);
        pass(window);
        present(ofSeller);
    }

    function close() private {
        vm.prank(STRANGER);
        bonds.close(agreed());
    }

    function assertOwn() private view {
        assertBonds(2 * BOND, 2 * BOND);
    }

    function assertTaken(bool bySeller) private view {
        if (bySeller) assertBonds(BOND, 3 * BOND);
        else assertBonds(3 * BOND, BOND);
    }

    // ---- when ----

    function test_P225_aRunningAgreementIsNotClosed() public {
        present(false);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.AgreementRunning.selector, EXPIRY, EXPIRY));
        bonds.close(agreed());
        expire();
        bytes32 digest = digestOf(agreed());
        vm.expectEmit(address(bonds));
        emit ITradeBonds.AgreementClosed(digest, buyer, BOND, seller, BOND);
        close();
        assertTrue(state().closed, "closed");
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.AgreementOver.selector, digest));
        bonds.close(agreed());
        assertOwn();
    }

    function test_aTradeThatSettledIsClosedAtOnce() public {
        confirm(false);
        house.settle(settlementOf(agreed()), "");
        close();
        assertOwn();
    }

    function test_P225_bondsOfAnUnknownAgreementAreNobodys() public {
        bytes32 digest = digestOf(agreed());
        expire();
        close();
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(ITradeBonds.AgreementUnknown.selector, digestOf(agreed())));
        bonds.close(agreed());
        assertTrue(digest != digestOf(agreed()), "of another chain");
    }

    // ---- walking away, in every order ----

    function test_P225_whoNeverCameLosesToWhoWasConfirmed() public {
        for (uint256 side = 0; side < 2; ++side) {
            setUp();
            confirm(side == 1);
            bytes32 digest = digestOf(agreed());
            (uint256 toBuyer, uint256 toSeller) = side == 1 ? (NONE, 2 * BOND) : (2 * BOND, NONE);
            expire();
            vm.expectEmit(address(bonds));
            emit ITradeBonds.AgreementClosed(digest, buyer, toBuyer, seller, toSeller);
            close();
            assertTaken(side == 1);
        }
    }

    function test_P225_whoNeverCameLosesNothingWhereNobodyDid() public {
        expire();
        close();
        assertOwn();
    }

    /// A side in the last second, whose answer nobody could bring in time.
    function test_P225_aSideThatWasNotConfirmedTakesNothing() public {
        for (uint256 side = 0; side < 2; ++side) {
            setUp();
            vm.warp(EXPIRY);
            present(side == 1);
            expire();
            close();
            assertOwn();
        }
    }

    function test_P225_aSideIsConfirmedByTheHouseTwiceTheWindowApart() public {
        present(false);
        pass(window - 1);
        present(false);
        assertFalse(state().buyer.confirmed, "a second early");
        assertEq(state().buyer.presentedAt, START, "as it was");
        pass(1);
        Transition memory side = sideOf(agreed(), false);
        house.setStopped(true);
        vm.expectRevert();
        bonds.present(agreed(), false, side, "");
        assertFalse(state().buyer.confirmed, "the other side could not come either");
        house.setStopped(false);
        vm.expectEmit(address(bonds));
        emit ITradeBonds.SidePresented(digestOf(agreed()), false, true, side);
        bonds.present(agreed(), false, side, "");
        assertTrue(state().buyer.confirmed, "confirmed");
        pass(window);
        present(false);
        assertTrue(state().buyer.confirmed, "and stays it");
    }

    /// A side that reduces risk can settle where the other, which adds some, can not come: no time of that kind counts.
    function test_P225_theWindowRunsOnlyWhileAnyTradeIsTaken() public {
        for (uint256 kind = 0; kind < 2; ++kind) {
            (GateMode mode, bool stale) = kind == 0 ? (GateMode.REDUCE_ONLY, false) : (GateMode.OPEN, true);
            setUp();
            house.setReducesOnly(mode, stale);
            confirm(false);
            pass(window);
            present(false);
            assertFalse(state().buyer.confirmed || state().buyer.open, "it never ran");
            assertEq(state().buyer.presentedAt, START, "but the buyer is there");
            house.setReducesOnly(GateMode.OPEN, false);
            present(false);
            assertEq(state().buyer.presentedAt, START + 2 * window, "it begins");
            house.setReducesOnly(mode, stale);
            pass(window);
            present(false);
            assertFalse(state().buyer.confirmed, "nor does it end");
            expire();
            close();
            assertOwn();
            setUp();
            present(false);
            house.setReducesOnly(mode, stale);
            pass(window);
            present(false);
            house.setReducesOnly(GateMode.OPEN, false);
            present(false);
            assertTrue(state().buyer.confirmed, "open at both ends");
        }
    }

    function test_P225_aConfirmationIsOfOneCommitment() public {
        confirm(false);
        move(false, 109);
        present(false);
        assertFalse(state().buyer.confirmed, "of another account");
        assertEq(state().buyer.presentedAt, START + window, "the window begins again");
        expire();
        close();
        assertOwn();
    }

    /// Moving first after presenting: the proof is worth nothing any more, and neither is having presented it.
    function test_P225_whoMovesAfterPresentingHasNotPresented() public {
        for (uint256 side = 0; side < 2; ++side) {
            setUp();
            bool mover = side == 1;
            confirm(mover);
            move(mover, 999);
            expire();
            close();
            assertOwn();
            // And loses to a side that waited for it.
            setUp();
            present(mover);
            move(mover, 999);
            confirm(!mover);
            expire();
            close();
            assertTaken(!mover);
        }
    }

    function test_P225_whoMovesWhileTheOtherIsConfirmedLoses() public {
        present(false);
        move(false, 109);
        present(true);
        pass(window);
        present(true);
        // Back in time.
        vm.warp(EXPIRY);
        present(false);
        assertTrue(house.isFilled(777), "then it settles");
        assertOwn();
    }

    function test_P225_nobodyLosesOnceBothWereThere() public {
        for (uint256 side = 0; side < 2; ++side) {
            setUp();
            house.setAsksReceipt(true);
            confirm(false);
            present(true);
            assertTrue(state().met, "both");
            move(side == 1, 999);
            expire();
            close();
            assertOwn();
        }
    }

    function test_P225_twoThatNeverMetAndStandLoseNothing() public {
        house.setAsksReceipt(true);
        confirm(false);
        move(false, 109);
        confirm(true);
        // The same account again, as if it had never been away.
        move(false, 101);
        expire();
        close();
        assertOwn();
    }

    // ---- any order at all ----

    /// The seller does what it likes, and stops and starts as it likes when it presents; the buyer answers what it sees presented
    /// before the next thing happens, and does nothing else.
    function testFuzz_P225_whoAnswersInTimeNeverLoses(uint8[12] memory acts, uint16[12] memory pauses) public {
        house.setAsksReceipt(true);
        for (uint256 i = 0; i < 12; ++i) {
            act(acts[i], true);
            if (!answer()) break;
            uint256 next = block.timestamp + bound(pauses[i], 1, 10 minutes);
            vm.warp(next > EXPIRY ? EXPIRY : next);
        }
        expire();
        if (!state().closed) close();
        assertTrue(bonds.bondOf(buyer) >= 2 * BOND, "nothing lost");
        assertEq(address(bonds).balance, 4 * BOND, "nor gone");
    }

    /// Whoever never presents gets no bond but its own, whatever the other does.
    function testFuzz_P225_whoNeverPresentsTakesNothing(uint8[12] memory acts, uint16[12] memory pauses) public {
        for (uint256 i = 0; i < 12; ++i) {
            act(acts[i], true);
            uint256 next = block.timestamp + bound(pauses[i], 1, 10 minutes);
            vm.warp(next > EXPIRY ? EXPIRY : next);
        }
        expire();
        close();
        assertTrue(bonds.bondOf(buyer) <= 2 * BOND, "nothing taken");
        assertEq(bonds.bondOf(buyer) + bonds.bondOf(seller), 4 * BOND, "nor lost");
    }

    function act(uint8 what, bool ofSeller) private {
        if (what % 4 == 0) move(ofSeller, 1_000 + uint256(what));
        else if (what % 4 == 1) present(ofSeller, what % 8 == 1 ? bytes("signed") : bytes(""));
        else if (what % 4 == 2) move(ofSeller, 201);
        // Funding that the operator settled for the other.
        else move(!ofSeller, 1_000 + uint256(what));
    }

    /// @return whether the agreement still runs
    function answer() private returns (bool) {
        if (house.isFilled(777)) return false;
        bool stands = state().buyer.commitment == house.accountOf(BUYER_HANDLE).commitment;
        if (state().seller.presentedAt != 0 && !stands) present(false);
        return !house.isFilled(777);
    }
}
