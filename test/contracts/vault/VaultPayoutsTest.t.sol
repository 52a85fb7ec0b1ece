// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {IMarketSource, MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {Paid, Payout, VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {ContractSigner} from "../mocks/ContractSigner.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev Payouts at once.
contract VaultPayoutsTest is VaultFixture {
    uint64 private epoch;

    function setUp() public override {
        super.setUp();
        deposit(ALICE, 0, 1_000_000);
        deposit(ALICE, 1, 5_000 * BTC_UNITS);
        deposit(BOB, 0, 500_000);
        epoch = standingEpoch();
    }

    function error1(bytes4 selector, uint256 a) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }

    function test_theOwnersProofAndTheVenuesSignaturePayAtOnce() public {
        Payout memory p = payoutOf(ALICE, epoch, BTC_ROW, 40);
        bytes memory approval = approved(p);
        uint256 before = btc.balanceOf(ALICE);
        vm.expectEmit(address(vault));
        emit IVaultMessages.NullifierUsed(HELD, nf(ALICE, epoch), 1, 40);
        vm.expectEmit(address(vault));
        emit IVaultMessages.PaidOut(HELD, nf(ALICE, epoch), 1, 4_000, ALICE);
        vm.prank(STRANGER);
        vault.withdraw(HELD, p, approval);
        assertEq(btc.balanceOf(ALICE), before + 4_000, "quanta times units");
        assertEq(vault.treeBalance(HELD, 1), 5_000 * 100 - 4_000, "tree");
        Paid memory paid = vault.paidUnder(nf(ALICE, epoch));
        assertTrue(paid.asset == 1 && paid.quanta == 40 && paid.checkpoint == 1 && paid.requestId == 0, "paid");
        assertTrue(vault.isNullifierUsed(nf(ALICE, epoch)), "used");
        assertFalse(vault.isNullifierUsed(nf(ALICE, epoch + 1)), "the next snapshot will debit it");
    }

    function test_aRowOfATierPaysItsAsset() public {
        withdraw(ALICE, epoch, BTC_TIER, 3);
        assertEq(vault.treeBalance(HELD, 1), 4_997 * 100, "tree");
    }

    /// clearing.md: payout twice across a snapshot.
    function test_afterTheNextSnapshotBothNullifiersAreUsedUp() public {
        openSnapshot();
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        bytes memory approval = approved(p);
        vm.expectEmit(address(vault));
        emit IVaultMessages.NullifierUsed(HELD, nf(ALICE, epoch), 0, 10);
        vm.expectEmit(address(vault));
        emit IVaultMessages.NullifierUsed(HELD, nf(ALICE, epoch + 1), 0, 10);
        vault.withdraw(HELD, p, approval);
        acceptEpoch();
        letStand();
        refuseWithdraw(
            payoutOf(ALICE, epoch + 1, USD_ROW, 10),
            error1(IVaultMessages.NullifierUsedBefore.selector, nf(ALICE, epoch + 1))
        );
        standingEpoch();
        withdraw(ALICE, epoch + 2, USD_ROW, 10);
    }

    function test_aNullifierPaysOnce() public {
        withdraw(ALICE, epoch, USD_ROW, 10);
        bytes memory reason = error1(IVaultMessages.NullifierUsedBefore.selector, nf(ALICE, epoch));
        refuseWithdraw(payoutOf(ALICE, epoch, USD_ROW, 10), reason);
        refuseWithdraw(payoutOf(ALICE, epoch, BTC_ROW, 1), reason);
    }

    function test_K2_aNullifierBeyondTheFieldIsRefused() public {
        Payout memory p = draftPayout(ALICE, epoch, USD_ROW, 10);
        p.claim.nullifier += P;
        refuseWithdraw(
            resealed(p),
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nullifier"), p.claim.nullifier)
        );
        openSnapshot();
        p = draftPayout(ALICE, epoch, USD_ROW, 10);
        p.claim.nullifierNext += P;
        refuseWithdraw(
            resealed(p),
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nullifier"), p.claim.nullifierNext)
        );
    }

    /// clearing.md: dust paid as BTC, and every other term that a proof was not made for.
    function test_aProofPaysOnlyWhatItWasMadeFor() public {
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.row = BTC_ROW;
        refuseWithdraw(p, rejected);
        p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.amount = 11;
        refuseWithdraw(p, rejected);
        p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.recipient = STRANGER;
        refuseWithdraw(p, rejected);
        p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.deadline += 1;
        refuseWithdraw(p, rejected);
        p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.claim.nullifier = nf(BOB, epoch);
        refuseWithdraw(p, rejected);
        p = payoutOf(ALICE, epoch, USD_ROW, 10);
        p.claim.nullifierNext = nf(BOB, epoch + 1);
        refuseWithdraw(p, rejected);
        p = requestOf(ALICE, epoch, USD_ROW, 10);
        refuseWithdraw(p, rejected);
        p = draftPayout(ALICE, epoch, USD_ROW, 10);
        p.unmargined = false;
        p.claim.marketCommitment = initialTable();
        p = resealed(p);
        p.unmargined = true;
        refuseWithdraw(p, rejected);
    }

    /// The whole of what is sealed, for fuzzed terms: nothing but the sealed payout passes.
    function testFuzz_aProofOfOnePayoutIsNoneOfAnother(uint16 row, uint64 amount, address recipient, uint64 deadline)
        public
    {
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        if (row == p.row && amount == p.amount && recipient == p.recipient && deadline == p.deadline) return;
        (p.row, p.amount, p.recipient) = (row, uint64(bound(amount, 1, type(uint64).max)), recipient);
        p.deadline = uint64(bound(deadline, block.timestamp, type(uint64).max));
        if (row == USD_ROW && p.amount == 10 && recipient == ALICE && p.deadline == block.timestamp + 1 hours) return;
        refuseWithdraw(p, abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
    }

    function test_theVenueSignsWhatIsPaid() public {
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        bytes memory other = approved(payoutOf(ALICE, epoch, USD_ROW, 11));
        bytes memory stranger = signed(USER_KEY, approvalHash(p));
        bytes memory move = signed(OPERATOR_KEY, moveHash(p, bytes32(uint256(uint160(ALICE)))));
        bytes memory reason = error1(IVaultMessages.VenueDidNotSign.selector, HELD);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, other);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, stranger);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, move);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, "");
    }

    /// clearing.md: the venue burns nullifiers. Its signature alone does nothing.
    function test_theVenueCannotPayNorUseANullifierUpByItself() public {
        Payout memory p = draftPayout(ALICE, epoch, USD_ROW, 10);
        bytes memory approval = approved(p);
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        vm.startPrank(venueOperator);
        vm.expectRevert(rejected);
        vault.withdraw(HELD, p, approval);
        bytes memory move = signed(OPERATOR_KEY, moveHash(p, "h"));
        vm.stopPrank();
        setHouse(HOUSE);
        p.deadline = type(uint64).max;
        move = signed(OPERATOR_KEY, moveHash(p, "h"));
        vm.startPrank(venueOperator);
        vm.expectRevert(rejected);
        vault.moveToCleared(HELD, p, "h", move);
        vm.stopPrank();
        assertFalse(vault.isNullifierUsed(nf(ALICE, epoch)), "unused");
    }

    function test_anOperatorThatIsAContractSignsByItsAnswer() public {
        ContractSigner operator = new ContractSigner(vm.addr(USER_KEY));
        vm.prank(ADMIN);
        registry.setOperator(HELD, address(operator));
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        bytes memory ofTheOld = approved(p);
        bytes memory ofItsOwner = signed(USER_KEY, approvalHash(p));
        vm.expectRevert(error1(IVaultMessages.VenueDidNotSign.selector, HELD));
        vault.withdraw(HELD, p, ofTheOld);
        vault.withdraw(HELD, p, ofItsOwner);
        assertTrue(vault.isNullifierUsed(nf(ALICE, epoch)), "paid");
    }

    function test_theDeadlineIsTheLastSecond() public {
        Payout memory p = payoutOf(ALICE, epoch, USD_ROW, 10);
        bytes memory approval = approved(p);
        vm.warp(uint256(p.deadline) + 1);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.DeadlinePassed.selector, p.deadline, block.timestamp));
        vault.withdraw(HELD, p, approval);
        vm.warp(p.deadline);
        vault.withdraw(HELD, p, approval);
    }

    function test_nothingAndUnknownRowsAreNotPaid() public {
        refuseWithdraw(payoutOf(ALICE, epoch, USD_ROW, 0), abi.encodeWithSelector(IVaultMessages.ZeroAmount.selector));
        refuseWithdraw(
            payoutOf(ALICE, epoch, 77, 1), abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, HELD, 77)
        );
    }

    // ---- rule 1: the newest epoch that stands ----

    function test_anEpochWhoseWindowsRunPaysNothing() public {
        nextEpoch();
        bytes memory reason = abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, epoch + 1);
        pass(3 hours - 1);
        refuseWithdraw(payoutOf(ALICE, epoch + 1, USD_ROW, 10), reason);
        withdraw(BOB, epoch, USD_ROW, 1);
        pass(1);
        withdraw(ALICE, epoch + 1, USD_ROW, 10);
        refuseWithdraw(
            payoutOf(ALICE, epoch, BTC_ROW, 1),
            abi.encodeWithSelector(IVaultMessages.EpochSuperseded.selector, HELD, epoch, epoch + 1)
        );
    }

    function test_epochsNobodyAcceptedPayNothing() public {
        refuseWithdraw(
            payoutOf(ALICE, epoch + 1, USD_ROW, 10),
            abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, epoch + 1)
        );
        refuseWithdraw(
            payoutOf(ALICE, 0, USD_ROW, 10), abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, 0)
        );
    }

    /// Epoch 0 would be the newest of a venue none of whose epochs stands yet.
    function test_whereNoEpochStandsNothingIsPaid() public {
        vault = newVault();
        vm.prank(OWNER);
        registry.registerVenue(12, vaultConfig());
        vm.prank(PARAMETERS);
        vault.setRules(12, vaultRules(), new VaultLimit[](0));
        Payout memory p = payoutOf(ALICE, 0, USD_ROW, 10);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, 12, 0));
        vault.withdraw(12, p, "");
    }

    /// Epoch 2 failed; once snapshot 3 is open, a leaf of 2 could be paid from twice.
    function test_noSnapshotBeyondTheNextIsOpen() public {
        uint64 failed = nextEpoch();
        bytes memory key = "key";
        vm.prank(ALICE);
        vault.demandReceipt{value: BOND}(HELD, failed, demandOf(ALICE, epoch, failed, key), key);
        letStand();
        assertFalse(vault.stands(HELD, failed), "no answer");
        withdraw(BOB, epoch, USD_ROW, 1);
        openSnapshot();
        refuseWithdraw(
            payoutOf(ALICE, epoch, USD_ROW, 10),
            abi.encodeWithSelector(IVaultMessages.SnapshotTooFar.selector, HELD, epoch, failed + 1)
        );
        acceptEpoch();
        letStand();
        assertEq(vault.newestStanding(HELD), failed + 1, "stands");
        withdraw(ALICE, failed + 1, USD_ROW, 10);
    }

    // ---- tables ----

    /// clearing.md: a stale table. A margined account needs a new one of initial level.
    function test_aMarginedAccountIsPaidUnderANewInitialTableOnly() public {
        Payout memory p = draftPayout(ALICE, epoch, USD_ROW, 10);
        p.unmargined = false;
        refuseWithdraw(resealed(p), error1(IVaultMessages.TableNotInitial.selector, EPOCH_TABLES + epoch));
        p.claim.marketCommitment = initialTable();
        pass(10 minutes + 1);
        refuseWithdraw(
            resealed(p), abi.encodeWithSelector(IVaultMessages.PayoutTableTooOld.selector, 10 minutes + 1, 10 minutes)
        );
        p.claim.marketCommitment = initialTable();
        pass(10 minutes);
        p = resealed(p);
        vault.withdraw(HELD, p, approved(p));
    }

    /// K26: prices are gone, unmargined funds still leave, whatever the age of the epoch's table; another table must be new.
    function test_K26_anUnmarginedAccountNeedsNoPrices() public {
        Payout memory p = draftPayout(BOB, epoch, USD_ROW, 10);
        p.claim.marketCommitment = initialTable();
        pass(1 days);
        p.deadline = uint64(block.timestamp);
        refuseWithdraw(
            resealed(p), abi.encodeWithSelector(IVaultMessages.PayoutTableTooOld.selector, 1 days, 10 minutes)
        );
        p.claim.marketCommitment = 1;
        refuseWithdraw(resealed(p), abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, HELD, 1));
        withdraw(BOB, epoch, USD_ROW, 10);
    }

    // ---- what is there ----

    /// Rule 3: deposits since the leaf's snapshot pay nobody.
    function test_depositsSinceTheSnapshotPayNobody() public {
        deposit(BOB, 1, 1_000_000);
        assertEq(vault.freeBalance(HELD, 1, epoch), 500_000, "free");
        refuseWithdraw(
            payoutOf(ALICE, epoch, BTC_ROW, 5_001),
            abi.encodeWithSelector(IVaultMessages.LedgerTooSmall.selector, HELD, 1, 500_000, 500_100)
        );
        withdraw(ALICE, epoch, BTC_ROW, 5_000);
        assertEq(vault.treeBalance(HELD, 1), 1_000_000, "the deposit is there");
        standingEpoch();
        assertEq(vault.freeBalance(HELD, 1, epoch + 1), 1_000_000, "counted now");
    }

    /// By checkpoint, not by time: all of this is one block.
    function test_depositsAndSnapshotsOfOneBlockAreInOrder() public {
        deposit(BOB, 1, 100);
        openSnapshot();
        deposit(BOB, 1, 200);
        openSnapshot();
        deposit(BOB, 1, 400);
        acceptEpoch();
        letStand();
        assertEq(vault.freeBalance(HELD, 1, epoch + 1), 500_300, "the last checkpoint of the epoch counts");
    }

    function test_aRowThatIsWorthMoreThanAnyLedgerIsRefusedNotWrapped() public {
        refuseWithdraw(
            payoutOf(ALICE, epoch, BTC_ROW, type(uint64).max),
            abi.encodeWithSelector(
                IVaultMessages.LedgerTooSmall.selector, HELD, 1, 500_000, uint256(type(uint64).max) * 100
            )
        );
    }

    // ---- limits ----

    function test_payoutsAtOnceStopAtTheLimitAndFillUpAgain() public {
        limit(0, 1_000);
        epoch = standingEpoch();
        withdraw(ALICE, epoch, USD_ROW, 600);
        bytes4 reached = IVaultMessages.PayoutLimitReached.selector;
        refuseWithdraw(payoutOf(BOB, epoch, USD_ROW, 401), abi.encodeWithSelector(reached, HELD, 0, 400, 401));
        pass(6 minutes);
        refuseWithdraw(payoutOf(BOB, epoch, USD_ROW, 501), abi.encodeWithSelector(reached, HELD, 0, 500, 501));
        withdraw(BOB, epoch, USD_ROW, 500);
        // Another asset has its own.
        withdraw(address(0xC9), epoch, BTC_ROW, 4_000);
        pass(1 hours);
        withdraw(address(0xCA), epoch, USD_ROW, 1_000);
        // Lowered below what was used.
        limit(0, 1);
        epoch = standingEpoch();
        refuseWithdraw(payoutOf(BOB, epoch, USD_ROW, 2), abi.encodeWithSelector(reached, HELD, 0, 1, 2));
        // A request needs no limit.
        request(BOB, epoch, USD_ROW, 2);
    }

    function limit(uint256 asset, uint128 payoutLimit) private {
        VaultLimit[] memory list = new VaultLimit[](1);
        list[0] = VaultLimit(asset, AssetLimit(1e24, 1e24), payoutLimit);
        vm.startPrank(PARAMETERS);
        vault.proposeLimits(HELD, list);
        pass(3 days);
        vault.activateLimits(HELD, list);
        vm.stopPrank();
    }

    // ---- the clearing house ----

    function test_unmarginedAccountsMoveToTheClearingHouseAndBack() public {
        setHouse(HOUSE);
        Payout memory p = moveOf(ALICE, 40, "handle");
        bytes memory approval = signed(OPERATOR_KEY, moveHash(p, "handle"));
        vm.expectEmit(address(vault));
        emit IVaultMessages.MovedToCleared(HELD, nf(ALICE, epoch), 1, 4_000, "handle");
        vault.moveToCleared(HELD, p, "handle", approval);
        assertEq(vault.clearedBalance(HELD, 1), 4_000, "cleared");
        assertEq(vault.treeBalance(HELD, 1), 496_000, "tree");
        assertTrue(vault.isNullifierUsed(nf(ALICE, epoch)), "used up");
        vm.startPrank(HOUSE);
        vm.expectEmit(address(vault));
        emit IVaultMessages.ClearedPaidOut(HELD, 1, 1_000, BOB);
        vault.payCleared(HELD, 1, 1_000, BOB);
        vm.expectEmit(address(vault));
        emit IVaultMessages.MovedToTree(HELD, 1, 500, "ref");
        uint256 depositId = vault.moveToTree(HELD, 1, 500, ALICE, "ref");
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.LedgerTooSmall.selector, HELD, 1, 2_500, 2_501));
        vault.payCleared(HELD, 1, 2_501, BOB);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.ZeroAmount.selector));
        vault.moveToTree(HELD, 1, 0, ALICE, "ref");
        vm.stopPrank();
        assertEq(vault.depositAt(depositId).depositor, ALICE, "a deposit of whom the house named");
        assertEq(vault.freeBalance(HELD, 1, epoch), 496_000, "which pays nobody yet");
    }

    function test_onlyTheHouseTouchesClearedTokensAndMovesNeedOne() public {
        bytes4 not = IVaultMessages.NotClearingHouse.selector;
        Payout memory p = moveOf(ALICE, 40, "handle");
        bytes memory approval = signed(OPERATOR_KEY, moveHash(p, "handle"));
        vm.expectRevert(abi.encodeWithSelector(not, HELD, address(0)));
        vault.moveToCleared(HELD, p, "handle", approval);
        setHouse(HOUSE);
        address[5] memory callers = [OWNER, ADMIN, venueOperator, PARAMETERS, STRANGER];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(not, HELD, callers[i]);
            refused(callers[i], abi.encodeCall(vault.payCleared, (HELD, 1, 1, callers[i])), reason);
            refused(callers[i], abi.encodeCall(vault.moveToTree, (HELD, 1, 1, BOB, "")), reason);
            refused(callers[i], abi.encodeCall(vault.depositCleared, (HELD, 1, 1)), reason);
        }
    }

    function test_aMoveNeedsTheVenueAndAnUnmarginedProof() public {
        setHouse(HOUSE);
        Payout memory p = moveOf(ALICE, 40, "handle");
        bytes memory approval = signed(OPERATOR_KEY, moveHash(p, "other"));
        vm.expectRevert(error1(IVaultMessages.VenueDidNotSign.selector, HELD));
        vault.moveToCleared(HELD, p, "handle", approval);
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        vm.expectRevert(rejected);
        vault.moveToCleared(HELD, p, "other", approval);
        p.unmargined = false;
        p.claim.marketCommitment = initialTable();
        p = sealPayout(p, vault.moveAction("handle", p.deadline));
        approval = signed(OPERATOR_KEY, moveHash(p, "handle"));
        vm.expectRevert(rejected);
        vault.moveToCleared(HELD, p, "handle", approval);
    }

    function moveOf(address account, uint64 amount, bytes32 handle) private view returns (Payout memory p) {
        p = draftPayout(account, epoch, BTC_ROW, amount);
        p.deadline = uint64(block.timestamp + 30 days);
        return sealPayout(p, keccak256(abi.encode("clearproof.move", handle, p.deadline)));
    }

    function test_theActionsAreThoseThatOwnersProveFor() public view {
        assertEq(vault.payoutAction(ALICE, 7), keccak256(abi.encode("clearproof.payout", ALICE, uint64(7))), "payout");
        assertEq(
            vault.requestAction(ALICE, 7), keccak256(abi.encode("clearproof.request", ALICE, uint64(7))), "request"
        );
        assertEq(vault.confirmAction(7), keccak256(abi.encode("clearproof.confirm", uint256(7))), "confirm");
        assertEq(vault.moveAction("h", 7), keccak256(abi.encode("clearproof.move", bytes32("h"), uint64(7))), "move");
        assertEq(
            vault.demandAction(7, "k"), keccak256(abi.encode("clearproof.demand", uint64(7), bytes("k"))), "demand"
        );
    }
}
