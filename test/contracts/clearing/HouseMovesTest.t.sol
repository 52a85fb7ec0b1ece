// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral, Transfer, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearedCredits} from "../../../contracts/interfaces/IClearedCredits.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Deposit, Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev Collateral between two accounts, and between tree and clearing house.
contract HouseMovesTest is HouseFixture {
    uint256 private constant OTHER = 10;

    function moving(uint64 amount) private view returns (Transfer memory) {
        return Transfer(alice, bob, USD_ROW, amount, uint64(block.timestamp + 1 hours));
    }

    function sides(Transfer memory m) private returns (Transition memory from, Transition memory to) {
        from = sealTransfer(m, false, draftTransition(table));
        to = sealTransfer(m, true, draftTransition(table));
    }

    function rejected() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector);
    }

    // ---- between accounts ----

    function test_P216_whatLeavesOneAccountComesIntoTheOtherAndNoTokenMoves() public {
        Transfer memory m = moving(250);
        (Transition memory from, Transition memory to) = sides(m);
        uint256 cleared = vault.clearedBalance(HELD, 0);
        bytes memory receipt = receiptOfTwo(alice, from, bob, to);
        vm.expectEmit(address(house));
        emit IClearingHouse.AccountChanged(
            alice,
            commitmentOf(alice),
            from.newCommitment,
            table,
            COLLATERAL + OWNED + periodWord() + contextWord(keccak256(abi.encode(address(house), m))),
            uint256(250) * 2 ** 96
        );
        house.transfer(m, from, to, receipt);
        assertEq(commitmentOf(alice), from.newCommitment, "alice");
        assertEq(commitmentOf(bob), to.newCommitment, "bob");
        assertEq(vault.clearedBalance(HELD, 0), cleared, "no token moved");
    }

    function test_P216_aTransferThatIsNotBothSidesOfOneAmountIsRefused() public {
        Transfer memory m = moving(250);
        (Transition memory from, Transition memory to) = sides(m);
        (, Transition memory more) = sides(moving(251));
        refuseTransfer(m, from, more, rejected());
        refuseTransfer(moving(251), from, more, rejected());
        refuseTransfer(m, to, from, rejected());
        Transfer memory back = Transfer(bob, alice, USD_ROW, 250, m.deadline);
        refuseTransfer(back, from, to, rejected());
        Transfer memory other = Transfer(alice, bob, BTC_ROW, 250, m.deadline);
        refuseTransfer(other, from, to, rejected());
    }

    function test_P216_aTransferIsOfTwoAccountsOfOneVenueByTheirOwnersInTime() public {
        Transfer memory m = moving(250);
        (Transition memory from, Transition memory to) = sides(m);
        m.to = alice;
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.SelfMatch.selector, alice));
        m.to = 99;
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99));
        m.to = openedAtOther();
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.OtherVenue.selector, m.to, OTHER, HELD));
        m.to = bob;
        to.owned = false;
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.OwnerMissing.selector, bob));
        (from.owned, to.owned) = (false, true);
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.OwnerMissing.selector, alice));
        from.owned = true;
        m.amount = 0;
        refuseTransfer(m, from, to, abi.encodeWithSelector(IClearingHouse.NothingMoves.selector));
        m.amount = 250;
        vm.warp(m.deadline + 1);
        refuseTransfer(
            m, from, to, abi.encodeWithSelector(IClearingHouse.DeadlineMissed.selector, m.deadline, m.deadline + 1)
        );
    }

    function test_P216_onlyCashAndSpotMovesBetweenAccounts() public {
        Transfer memory m = Transfer(alice, bob, 9, 250, uint64(block.timestamp));
        (Transition memory from, Transition memory to) = sides(m);
        refuseTransfer(m, from, to, abi.encodeWithSignature("NotASettlementRow(uint256,uint256)", HELD, 9));
    }

    function test_P215_aNewTableOfWhoReceivesExcusesNoOldOneOfWhoGives() public {
        Transfer memory m = moving(250);
        Transition memory from = sealTransfer(m, false, draftTransition(table));
        vm.warp(block.timestamp + TABLE_AGE + 1);
        uint256 newer = initialTable();
        Transition memory to = sealTransfer(m, true, draftTransition(newer));
        refuseTransfer(
            m, from, to, abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
        (from, to) = (sealTransfer(m, false, draftTransition(newer)), sealTransfer(m, true, draftTransition(table)));
        bytes memory receipt = receiptOfTwo(alice, from, bob, to);
        house.transfer(m, from, to, receipt);
        assertEq(commitmentOf(bob), to.newCommitment, "bob, under the old one");
    }

    function test_P215_whatMarginDependsOnIsTransferredAsItLeaves() public {
        Transfer memory m = moving(250);
        (Transition memory from, Transition memory to) = sides(m);
        vm.warp(block.timestamp + TABLE_AGE + 1);
        refuseTransfer(
            m, from, to, abi.encodeWithSelector(IClearingHouse.ClearingTableTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
        // What comes in needs no new table, and what nothing depends on leaves under an old one, even a halted venue's.
        vm.warp(block.timestamp + HALT_AFTER);
        from = draftTransition(table);
        from.unmargined = true;
        m.deadline = uint64(block.timestamp);
        from = sealTransfer(m, false, from);
        to = sealTransfer(m, true, to);
        bytes memory receipt = receiptOfTwo(alice, from, bob, to);
        house.transfer(m, from, to, receipt);
        assertEq(commitmentOf(bob), to.newCommitment, "bob");
    }

    // ---- from the tree ----

    function moveFromTree(uint64 handle, uint64 amount) private returns (uint256) {
        return moveFromTreeTo(bytes32(uint256(handle)), amount, "");
    }

    function moveFromTreeTo(bytes32 handle, uint64 amount, bytes memory reason) private returns (uint256 epoch) {
        deposit(ALICE, 0, amount);
        letStand();
        epoch = standingEpoch();
        Payout memory p = draftPayout(ALICE, uint64(epoch), USD_ROW, amount);
        p = sealPayout(p, vault.moveAction(handle, p.deadline));
        bytes memory approval = signed(OPERATOR_KEY, moveHash(p, handle));
        if (reason.length != 0) vm.expectRevert(reason);
        vault.moveToCleared(HELD, p, handle, approval);
    }

    function test_P216_whatWasMovedFromTheTreeIsTakenInFirst() public {
        moveFromTree(alice, 600);
        assertEq(house.creditOf(alice, 0), 600, "credit");
        (uint256 had, uint256 cleared) = (usd.balanceOf(ALICE), vault.clearedBalance(HELD, 0));
        Collateral memory c = bringing(USD_ROW, 250);
        adjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)));
        assertEq(house.creditOf(alice, 0), 350, "less what was taken in");
        assertEq(usd.balanceOf(ALICE), had, "nothing of her own");
        assertEq(vault.clearedBalance(HELD, 0), cleared, "it was cleared already");
        c.inAmount = 400;
        adjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)));
        assertEq(house.creditOf(alice, 0), 0, "all of it");
        assertEq(had - usd.balanceOf(ALICE), 50, "and the rest of her own");
    }

    function test_P216_aCreditIsOfOneHandleAndOneAsset() public {
        moveFromTree(alice, 600);
        uint256 had = usd.balanceOf(BOB);
        Collateral memory c = bringing(USD_ROW, 250);
        adjust(BOB, bob, c, sealAdjust(bob, BOB, c, draftTransition(table)));
        assertEq(had - usd.balanceOf(BOB), 250, "bob pays for himself");
        c = bringing(BTC_ROW, 1);
        adjust(ALICE, alice, c, sealAdjust(alice, ALICE, c, draftTransition(table)));
        assertEq(house.creditOf(alice, 0), 600, "untouched");
    }

    function test_P216_theVaultMovesNothingToAHandleNobodyOpened() public {
        bytes4 unknown = IClearingHouse.UnknownHandle.selector;
        moveFromTreeTo(bytes32(uint256(99)), 600, abi.encodeWithSelector(unknown, 99));
        // Numbers that no handle is, though its last 64 bits are alice's.
        bytes32 odd = bytes32(uint256(alice) + 2 ** 64);
        moveFromTreeTo(odd, 600, abi.encodeWithSelector(unknown, type(uint64).max));
        assertEq(house.creditOf(alice, 0), 0, "no credit");
    }

    function test_P216_onlyTheVenuesVaultBringsCredits() public {
        bytes32 handle = bytes32(uint256(alice));
        refusedBy(
            STRANGER,
            abi.encodeCall(IClearedCredits.creditCleared, (HELD, handle, 0, 5)),
            abi.encodeWithSelector(IClearingHouse.NotTheVault.selector, STRANGER)
        );
        // Of another venue: its own vault for its own handles only.
        refusedBy(
            address(source),
            abi.encodeCall(IClearedCredits.creditCleared, (HELD, handle, 0, 5)),
            abi.encodeWithSelector(IClearingHouse.NotTheVault.selector, address(source))
        );
        refusedBy(
            address(source),
            abi.encodeCall(IClearedCredits.creditCleared, (VENUE, handle, 0, 5)),
            abi.encodeWithSelector(IClearingHouse.OtherVenue.selector, alice, HELD, VENUE)
        );
        vm.expectEmit(address(house));
        emit IClearedCredits.CreditReceived(alice, 0, 5);
        vm.prank(address(vault));
        house.creditCleared(HELD, handle, 0, 5);
    }

    // ---- to the tree ----

    function test_P216_collateralGoesBackToTheTreeAsADepositOfTheController() public {
        Collateral memory c = taking(USD_ROW, 300, address(0));
        c.beneficiary = "alice at the venue";
        Transition memory t = draftTransition(table);
        t.unmargined = true;
        t = sealAdjust(alice, address(0), c, t);
        uint256 tree = vault.treeBalance(HELD, 0);
        Collateral memory other = c;
        other.beneficiary = "somebody else";
        refuseAdjust(STRANGER, alice, other, t, rejected());
        c.beneficiary = "alice at the venue";
        vm.expectEmit(address(vault));
        emit IVaultMessages.MovedToTree(HELD, 0, 300, "alice at the venue");
        vm.prank(STRANGER);
        house.adjust(alice, c, t, "");
        assertEq(vault.treeBalance(HELD, 0) - tree, 300, "covers tree accounts again");
        Deposit memory made = vault.depositAt(3);
        assertEq(made.depositor, ALICE, "the controller's");
    }

    function openedAtOther() private returns (uint64) {
        vm.prank(OWNER);
        registry.registerVenue(OTHER, vaultConfig());
        terms.setRules(OTHER, rulesWith(TABLE_AGE, BAND));
        terms.setPeriod(OTHER, PERIOD);
        return openedEmptyAt(OTHER, ALICE);
    }
}
