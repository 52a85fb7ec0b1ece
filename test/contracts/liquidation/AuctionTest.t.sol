// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {
    Auction,
    LiquidationRules,
    Lot,
    Standing,
    VerdictClaim
} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev What is for sale, at what marks, and since when.
contract AuctionTest is LiquidationFixture {
    function setUp() public override {
        super.setUp();
        start();
    }

    function usual() private pure returns (Lot memory) {
        return lotOf(PERP_ROW, USD_ROW, true);
    }

    function call(Lot memory lot, uint256 table, MarkClaim memory m, MarkClaim memory p, VerdictClaim memory v)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(liquidations.markAuction, (lot, table, m, p, markOf(table, USD_ROW, 100), v));
    }

    function refuseMark(Lot memory lot, bytes memory reason) private {
        MarkClaim memory m = markOf(opens, lot.row, 1_000);
        MarkClaim memory p = markOf(opens, lot.payRow, 100);
        refuse(call(lot, opens, m, p, underWater(address(0))), reason);
    }

    function assertClock(Lot memory lot, uint256 discount, uint256 subsidy) private view {
        (uint24 d, uint24 s) = liquidations.clockOf(lot);
        assertEq(d, discount, "discount");
        assertEq(s, subsidy, "subsidy");
    }

    function test_P239_anAuctionHasTheMarksThatWereProven() public {
        Lot memory lot = usual();
        mark(lot, 1_000, 100, 100);
        Auction memory got = liquidations.auctionOf(lot);
        assertEq(got.marketCommitment, opens, "table");
        assertEq(got.mark, 1_000, "mark");
        assertEq(got.payMark, 100, "pay mark");
        assertEq(got.feeMark, 100, "fee mark");
        assertEq(got.extra, 0, "extra");
        assertEq(got.since, START, "since");
        assertEq(got.tableTime, START, "time of the table");
        lot.accountSells = false;
        assertEq(liquidations.auctionOf(lot).marketCommitment, 0, "the other direction is another auction");
    }

    function test_P239_marksAreProvenUnderTheLatestInitialTable() public {
        Lot memory lot = usual();
        (MarkClaim memory m, MarkClaim memory p) = (markOf(opens, PERP_ROW, 1_000), markOf(opens, USD_ROW, 100));
        VerdictClaim memory v = underWater(address(0));
        refuse(call(lot, keeps, m, p, v), abi.encodeWithSelector(ILiquidations.WrongTableLevel.selector, keeps));
        refuse(call(lot, opens, p, p, v), abi.encodeWithSelector(ILiquidations.WrongRow.selector, USD_ROW, PERP_ROW));
        refuse(call(lot, opens, m, m, v), abi.encodeWithSelector(ILiquidations.WrongRow.selector, PERP_ROW, USD_ROW));
        m.mark += 1;
        refuse(call(lot, opens, m, p, v), abi.encodeWithSelector(IAccountProofs.MarkProofRejected.selector));
        m.mark -= 1;
        p.mark += 1;
        refuse(call(lot, opens, m, p, v), abi.encodeWithSelector(IAccountProofs.MarkProofRejected.selector));
        p = markOf(opens, USD_ROW, 0);
        refuse(call(lot, opens, m, p, v), abi.encodeWithSelector(ILiquidations.NoPayMark.selector, USD_ROW));
        uint256 old = opens;
        newTable(MarginLevel.INITIAL);
        p = markOf(old, USD_ROW, 100);
        refuse(call(lot, old, m, p, v), abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, old, opens));
    }

    function test_P239_feesHaveAMarkOfTheirOwnWhereTheyAreNotThePayRow() public {
        Lot memory lot = lotOf(PERP_ROW, ENTRY_ROW, true);
        (MarkClaim memory m, MarkClaim memory p) = (markOf(opens, PERP_ROW, 1_000), markOf(opens, ENTRY_ROW, 100));
        MarkClaim memory fee = markOf(opens, EUR_ROW, 100);
        VerdictClaim memory v = underWater(address(0));
        bytes memory reason = abi.encodeWithSelector(ILiquidations.WrongRow.selector, EUR_ROW, USD_ROW);
        refuse(abi.encodeCall(liquidations.markAuction, (lot, opens, m, p, fee, v)), reason);
        fee = markOf(opens, USD_ROW, 0);
        reason = abi.encodeWithSelector(ILiquidations.NoPayMark.selector, USD_ROW);
        refuse(abi.encodeCall(liquidations.markAuction, (lot, opens, m, p, fee, v)), reason);
        mark(lot, 1_000, 100, 7);
        assertEq(liquidations.auctionOf(lot).feeMark, 7, "fee mark");
    }

    function test_P239_onlyAnAccountThatIsUnderWaterNowIsMarked() public {
        Lot memory lot = usual();
        (MarkClaim memory m, MarkClaim memory p) = (markOf(opens, PERP_ROW, 1_000), markOf(opens, USD_ROW, 100));
        bytes memory rejected = abi.encodeWithSelector(ILiquidations.VerdictRejected.selector);
        refuse(call(lot, opens, m, p, healthy(keeps)), rejected);
        uint256 old = keeps;
        VerdictClaim memory before = underWater(address(0));
        newTable(MarginLevel.MAINTENANCE);
        refuse(
            call(lot, opens, m, p, before), abi.encodeWithSelector(ILiquidations.NotTheLatestTable.selector, old, keeps)
        );
        house.setStopped(true);
        refuseMark(lot, abi.encodeWithSelector(ILiquidations.PricesStopped.selector, LIQUID));
        house.setStopped(false);
        proofs.setMode(GateMode.HALT);
        refuseMark(lot, abi.encodeWithSelector(IClearingHouse.VenueHalted.selector, LIQUID));
        proofs.setMode(GateMode.WITHDRAW_ONLY);
        mark(lot, 1_000, 100, 100);
        answer();
        refuseMark(lot, abi.encodeWithSelector(ILiquidations.NotInStanding.selector, ACCOUNT, Standing.SOUND));
    }

    function test_P239_instrumentsAreSoldForCashOrEntriesByTheirFirstTiers() public {
        Lot[8] memory wrong = [
            lotOf(PERP_TIER, USD_ROW, true),
            lotOf(PERP_ROW, PERP_TIER, true),
            lotOf(PERP_ROW, BTC_ROW, true),
            lotOf(ROWS, USD_ROW, true),
            lotOf(PERP_ROW, ROWS, true),
            lotOf(USD_ROW, USD_ROW, true),
            lotOf(ENTRY_ROW, ENTRY_ROW, true),
            lotOf(ENTRY_ROW, EUR_ENTRY_ROW, true)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(ILiquidations.NotForSale.selector, wrong[i].row, wrong[i].payRow);
            refuseMark(wrong[i], reason);
        }
        mark(lotOf(BTC_ROW, USD_ROW, true), 1_000, 100, 100);
        mark(lotOf(EUR_ROW, USD_ROW, true), 1_000, 100, 100);
        mark(lotOf(PERP_ROW, ENTRY_ROW, false), 1_000, 100, 100);
        mark(lotOf(ENTRY_ROW, USD_ROW, false), 100, 100, 100);
    }

    function test_P239_anExpiredRowIsSettledAndNotSold() public {
        house.setExpiry(FUTURE_ROW, uint64(START + 50));
        pass(49);
        mark(lotOf(FUTURE_ROW, USD_ROW, true), 1_000, 100, 100);
        pass(1);
        refuseMark(
            lotOf(FUTURE_ROW, USD_ROW, true),
            abi.encodeWithSelector(ILiquidations.RowExpired.selector, FUTURE_ROW, START + 50)
        );
    }

    function test_P239_ofAnOptionThatIsBoughtBackAShareOfTheStrikeCounts() public {
        Lot memory lot = lotOf(CALL_ROW, USD_ROW, false);
        mark(lot, 5, 100, 100);
        assertEq(liquidations.auctionOf(lot).extra, uint256(STRIKE) * STRIKE_SHARE / 1e6, "extra");
        lot.accountSells = true;
        mark(lot, 5, 100, 100);
        assertEq(liquidations.auctionOf(lot).extra, 0, "not of one that is sold");
    }

    function test_P239_theDiscountRisesThenTheSubsidy() public {
        Lot memory lot = usual();
        vm.expectRevert(abi.encodeWithSelector(ILiquidations.NoAuction.selector, ACCOUNT, PERP_ROW, USD_ROW));
        liquidations.clockOf(lot);
        mark(lot, 1_000, 100, 100);
        assertClock(lot, 0, 0);
        pass(1);
        assertClock(lot, MOST_DISCOUNT / FALL, 0);
        pass(FALL / 2 - 1);
        assertClock(lot, MOST_DISCOUNT / 2, 0);
        pass(FALL / 2);
        assertClock(lot, MOST_DISCOUNT, 0);
        pass(FALL / 4);
        assertClock(lot, MOST_DISCOUNT, MOST_SUBSIDY / 4);
        pass(10 * FALL);
        assertClock(lot, MOST_DISCOUNT, MOST_SUBSIDY);
    }

    function test_P239_entriesGoAtTheirMark() public {
        Lot memory lot = lotOf(ENTRY_ROW, USD_ROW, false);
        mark(lot, 100, 100, 100);
        pass(2 * FALL);
        assertClock(lot, 0, 0);
    }

    function test_P239_aClockRunsOnOverANewerTableAndStartsAgainOverAGap() public {
        Lot memory lot = usual();
        mark(lot, 1_000, 100, 100);
        pass(MOST_AGE);
        newTables();
        mark(lot, 900, 100, 100);
        assertEq(liquidations.auctionOf(lot).since, START, "runs on");
        assertEq(liquidations.auctionOf(lot).mark, 900, "the new mark");
        pass(MOST_AGE + 1);
        newTables();
        mark(lot, 800, 100, 100);
        assertEq(liquidations.auctionOf(lot).since, block.timestamp, "starts again");
    }

    function test_P239_anAuctionIsOfOneLiquidationAndOneFeeRow() public {
        Lot memory lot = usual();
        mark(lot, 1_000, 100, 100);
        pass(1);
        newTables();
        answer();
        start();
        assertEq(liquidations.auctionOf(lot).marketCommitment, 0, "of the first one nothing is for sale");
        mark(lot, 1_000, 100, 100);
        LiquidationRules memory rules = usualRules();
        rules.feeRow = EUR_ROW;
        vm.startPrank(PARAMETERS);
        liquidations.proposeRules(LIQUID, rules);
        pass(2 days);
        liquidations.activateRules(LIQUID, rules);
        vm.stopPrank();
        assertEq(liquidations.auctionOf(lot).marketCommitment, 0, "marked in other fees");
    }
}
