// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {
    IMarketBoard,
    InstrumentKind,
    InstrumentListing,
    ParameterSet,
    PriceRound
} from "../../../contracts/interfaces/IMarketBoard.sol";
import {TermsFixture} from "./TermsFixture.sol";

/// @dev Which terms of dated rows are listed, and what fixes their settlement.
contract TermsExpiryTest is TermsFixture {
    uint64 private expiry;
    PriceRound private before;

    function refuseListing(ExpiryTerms memory t, bytes memory reason) private {
        refused(abi.encodeCall(terms.proposeExpiry, (CLEARED, t)), reason);
    }

    /// @dev The row settles in cash at `expiry`, with a round the second before it.
    function listed(uint16 row) private {
        ExpiryTerms memory t = cashTerms(row);
        listExpiry(t);
        expiry = t.expiry;
        vm.warp(expiry - 1);
        before = openCleared();
    }

    function recordCall(uint16 row, PriceRound memory round, PriceRound memory last)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(terms.recordExpiry, (CLEARED, row, round, last, clearedParameters()));
    }

    function refuseRecord(PriceRound memory round, PriceRound memory last, bytes memory reason) private {
        refusedOf(STRANGER, recordCall(CALL, round, last), reason);
    }

    // ---- listing ----

    function test_onlyFuturesAndOptionsExpire() public {
        uint16[7] memory rows = [USD_ROW, BTC_ROW, ENTRY_ROW, BTC_PERP, ETH_PERP, ROWS, type(uint16).max];
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IClearingTerms.NotADatedRow.selector, CLEARED, rows[i]);
            refuseListing(cashTerms(rows[i]), reason);
        }
    }

    function test_furtherTiersAreNamedByTheirFirst() public {
        refuseListing(cashTerms(BTC_PERP_TIER), invalidTerms(BTC_PERP_TIER, "tier", BTC_PERP_TIER));
        ExpiryTerms memory t = cashTerms(CALL);
        t.payRow = BTC_PERP_TIER;
        refuseListing(t, invalidTerms(BTC_PERP_TIER, "tier", BTC_PERP_TIER));
    }

    function test_whatIsPaidInIsCash() public {
        uint16[4] memory rows = [BTC_ROW, ENTRY_ROW, FUTURE, ROWS];
        InstrumentKind[4] memory kinds =
            [InstrumentKind.SPOT, InstrumentKind.ENTRY, InstrumentKind.FUTURE, InstrumentKind.NONE];
        for (uint256 i = 0; i < rows.length; ++i) {
            ExpiryTerms memory t = cashTerms(CALL);
            t.payRow = rows[i];
            refuseListing(t, invalidTerms(rows[i], "payRow", uint256(kinds[i])));
        }
    }

    function test_whatIsDeliveredIsSpotOfTheSamePrice() public {
        ExpiryTerms memory t = physicalTerms(CALL, 1);
        t.deliverRow = EUR_ROW;
        refuseListing(t, invalidTerms(CALL, "deliverRow", uint256(InstrumentKind.CASH)));
        t.deliverRow = ETH_ROW;
        refuseListing(t, invalidTerms(CALL, "deliverFeed", ETH_FEED));
        t = cashTerms(CALL);
        t.deliverRow = BTC_ROW;
        refuseListing(t, invalidTerms(CALL, "deliverRow", BTC_ROW));
    }

    /// Who holds as much of it as the cap lets him could not receive what he is owed.
    function test_P218_whatIsPaidAndDeliveredInIsUncapped() public {
        ExpiryTerms memory t = cashTerms(CALL);
        t.payRow = CAPPED_CHF_ROW;
        refuseListing(t, invalidTerms(CAPPED_CHF_ROW, "cap", 5));
        t = physicalTerms(CALL, 1);
        t.deliverRow = CAPPED_BTC_ROW;
        refuseListing(t, invalidTerms(CAPPED_BTC_ROW, "cap", 7));
        // A cap on a tier below the last is none.
        t = cashTerms(CALL);
        t.payRow = GBP_ROW;
        listExpiry(t);
    }

    /// Else the venue would choose among prices that are known.
    function test_P218_aTimeThatPassedIsNotListed() public {
        ExpiryTerms memory t = cashTerms(CALL);
        t.expiry = uint64(block.timestamp);
        refuseListing(t, abi.encodeWithSelector(IClearingTerms.ExpiryPassed.selector, t.expiry, block.timestamp));
        t.expiry = uint64(block.timestamp) + TERMS_TIMELOCK;
        vm.prank(PARAMETERS);
        terms.proposeExpiry(CLEARED, t);
        vm.warp(t.expiry);
        refused(
            abi.encodeCall(terms.activateExpiry, (CLEARED, t)),
            abi.encodeWithSelector(IClearingTerms.ExpiryPassed.selector, t.expiry, t.expiry)
        );
    }

    function test_termsAreListedOnceAndForGood() public {
        ExpiryTerms memory t = cashTerms(CALL);
        listExpiry(t);
        (ExpiryTerms memory got, ExpirySettlement memory settlement) = terms.expiryOf(CLEARED, CALL);
        assertEq(keccak256(abi.encode(got)), keccak256(abi.encode(t)), "terms");
        assertEq(settlement.round, 0, "not settled");
        t.expiry += 1;
        refuseListing(t, abi.encodeWithSelector(IClearingTerms.ExpiryListedBefore.selector, CLEARED, CALL));
        (got, settlement) = terms.expiryOf(CLEARED, PUT);
        assertEq(keccak256(abi.encode(got, settlement)), keccak256(new bytes(288)), "of no other row");
    }

    // ---- which round settles ----

    function test_P218_anybodyRecordsTheFirstRoundAtTheTime() public {
        listed(CALL);
        vm.warp(expiry);
        PriceRound memory round = openCleared();
        vm.prank(STRANGER);
        terms.recordExpiry(CLEARED, CALL, round, before, clearedParameters());
        assertEq(settlementOf(CALL).round, round.id, "round");
        // Recorded once, whatever comes later.
        refuseRecord(round, before, abi.encodeWithSelector(IClearingTerms.SettlementRecorded.selector, CLEARED, CALL));
    }

    function test_theVeryFirstRoundOfAllHasNoneBeforeIt() public {
        ExpiryTerms memory t = cashTerms(CALL);
        listExpiry(t);
        vm.warp(t.expiry + 5);
        PriceRound memory round = openCleared();
        assertEq(round.id, 1, "first");
        PriceRound memory odd = none_();
        odd.id = 1;
        refuseRecord(round, odd, abi.encodeWithSelector(IClearingTerms.NotTheFirstRound.selector, 1, 0));
        terms.recordExpiry(CLEARED, CALL, round, none_(), clearedParameters());
        assertEq(settlementOf(CALL).round, 1, "recorded");
    }

    function test_aRoundBeforeTheTimeSettlesNothing() public {
        listed(CALL);
        refuseRecord(before, none_(), abi.encodeWithSelector(IClearingTerms.NotYetExpired.selector, expiry, expiry - 1));
    }

    /// Rounds of one second count by their numbers.
    function test_P218_aLaterRoundSettlesNothing() public {
        listed(CALL);
        vm.warp(expiry);
        PriceRound memory first = openCleared();
        PriceRound memory second = openCleared();
        bytes4 reason = IClearingTerms.NotTheFirstRound.selector;
        refuseRecord(second, first, abi.encodeWithSelector(reason, second.id, expiry));
        // The one before is not left out either, nor is none named.
        refuseRecord(second, before, abi.encodeWithSelector(reason, second.id, expiry - 1));
        refuseRecord(second, none_(), abi.encodeWithSelector(reason, second.id, 0));
        refuseRecord(first, none_(), abi.encodeWithSelector(reason, first.id, 0));
    }

    function test_P218_roundsThatTheBoardDidNotOpenSettleNothing() public {
        listed(CALL);
        vm.warp(expiry);
        PriceRound memory round = openCleared();
        PriceRound memory other = openedAs(round);
        other.prices[BTC_FEED] += 1;
        refuseRecord(other, before, notTheRound(other, round.id));
        other = openedAs(before);
        other.time -= 1;
        refuseRecord(round, other, notTheRound(other, before.id));
        // Nor does a round of another venue's board.
        other = openedAs(round);
        other.id += 1;
        refuseRecord(other, round, notTheRound(other, other.id));
    }

    function openedAs(PriceRound memory round) private pure returns (PriceRound memory) {
        return abi.decode(abi.encode(round), (PriceRound));
    }

    function notTheRound(PriceRound memory got, uint64 id) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IMarketBoard.NotTheRound.selector,
            id,
            keccak256(abi.encode(got.id, got.time, got.prices)),
            prices.roundDigest(CLEARED, id)
        );
    }

    function test_aRowWithoutTermsIsNotSettled() public {
        listed(CALL);
        refusedOf(
            STRANGER,
            recordCall(PUT, none_(), none_()),
            abi.encodeWithSelector(IClearingTerms.ExpiryNotListed.selector, CLEARED, PUT)
        );
    }

    // ---- parameters ----

    function test_onlyTheActiveParametersSettle() public {
        listed(CALL);
        vm.warp(expiry);
        PriceRound memory round = openCleared();
        ParameterSet memory other = clearedParameters();
        other.words[CALL] += 1 << 170;
        bytes memory call = abi.encodeCall(terms.recordExpiry, (CLEARED, CALL, round, before, other));
        bytes32 got = keccak256(abi.encode(other.moves, other.words));
        refused(
            call,
            abi.encodeWithSelector(IMarketBoard.NotTheActiveParameters.selector, got, board.parametersDigest(CLEARED))
        );
    }

    /// A row can be listed before parameters of it are.
    function test_aRowWithoutParametersWaitsForThem() public {
        InstrumentListing[] memory list = new InstrumentListing[](1);
        list[0] = InstrumentListing("17,ETH-FUT,future,USD,8,0,0,0", ETH_FEED, 0);
        vm.startPrank(PARAMETERS);
        board.proposeInstruments(CLEARED, list);
        vm.warp(block.timestamp + TIMELOCK);
        board.activateInstruments(CLEARED, list);
        vm.stopPrank();
        listed(ROWS);
        vm.warp(expiry);
        bytes memory call = recordCall(ROWS, openCleared(), before);
        refused(call, abi.encodeWithSelector(IClearingTerms.RowWithoutParameters.selector, ROWS, ROWS));
    }

    /// No table has such a mark, and no proof takes it.
    function test_aValueBeyondEveryTableIsRefused() public {
        listed(FUTURE);
        vm.warp(expiry);
        quote(BTC_FEED, 1.40737488355328e16);
        PriceRound memory round = openCleared();
        refused(
            recordCall(FUTURE, round, before),
            abi.encodeWithSelector(IClearingTerms.ValueOutOfRange.selector, FUTURE, uint256(1) << 47)
        );
    }

    function test_theLargestValueOfATableSettles() public {
        listed(FUTURE);
        vm.warp(expiry);
        quote(BTC_FEED, 1.40737488355327e16);
        terms.recordExpiry(CLEARED, FUTURE, openCleared(), before, clearedParameters());
        assertSigned(settlementOf(FUTURE).value, 140_737_488_355_327, "2^47 - 1");
    }

    function test_cashThatIsWorthNothingPaysNothing() public {
        listed(FUTURE);
        vm.warp(expiry);
        quote(0, 99);
        PriceRound memory round = openCleared();
        refused(
            recordCall(FUTURE, round, before),
            abi.encodeWithSelector(IClearingTerms.ValueOutOfRange.selector, USD_ROW, 0)
        );
    }
}
