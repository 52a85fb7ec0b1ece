// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {PriceRound} from "../../../contracts/interfaces/IMarketBoard.sol";
import {TermsFixture} from "./TermsFixture.sol";

/// @dev What dated rows are worth, against values worked out by hand and against a reference.
contract TermsSettlementTest is TermsFixture {
    /// Highest price whose value of a quantum of 10^-8 BTC a table can have, less one.
    uint256 private constant HIGHEST = 1.4e18;
    /// 65,000: the strike to the unit.
    uint128 private constant AT_STRIKE = 65_000e8;

    /// @dev Lists the terms and settles at this price of BTC, in cash of this price.
    function settled(ExpiryTerms memory t, uint128 price, uint128 cash)
        private
        returns (ExpirySettlement memory settlement)
    {
        listExpiry(t);
        return settledAt(t, price, cash);
    }

    function settledAt(ExpiryTerms memory t, uint128 price, uint128 cash) private returns (ExpirySettlement memory) {
        vm.warp(t.expiry);
        quote(BTC_FEED, price);
        quote(0, cash);
        PriceRound memory round = openCleared();
        terms.recordExpiry(CLEARED, t.row, round, none_(), clearedParameters());
        return settlementOf(t.row);
    }

    function assertSettled(ExpirySettlement memory got, int256 value, int256 deliver, string memory what) private pure {
        assertSigned(got.value, value, what);
        assertSigned(got.deliver, deliver, what);
    }

    function assertCash(uint16 row, uint128 price, int256 value, string memory what) private {
        assertSettled(settled(cashTerms(row), price, 1e8), value, 0, what);
    }

    // ---- by hand: 10^-8 BTC, value units of 10^-12 USD, strike 65,000 ----

    function test_aCallInTheMoneyPaysItsGain() public {
        assertCash(CALL, 66_000e8, 1e7, "1,000 USD a coin");
    }

    function test_aCallAtTheStrikePaysNothing() public {
        assertCash(CALL, AT_STRIKE, 0, "at the strike");
    }

    function test_aCallOutOfTheMoneyPaysNothing() public {
        assertCash(CALL, 64_999e8, 0, "below the strike");
    }

    function test_aPutInTheMoneyPaysItsGain() public {
        assertCash(PUT, 64_999e8, 1e4, "one USD a coin");
    }

    function test_aPutAtTheStrikePaysNothing() public {
        assertCash(PUT, AT_STRIKE, 0, "at the strike");
    }

    function test_aPutOfWhatIsWorthNothingPaysTheStrike() public {
        assertCash(PUT, 1, int256(uint256(STRIKE_VALUE)), "all of it");
    }

    function test_aPutOutOfTheMoneyPaysNothing() public {
        assertCash(PUT, 66_000e8, 0, "above the strike");
    }

    /// Base values are rounded down as the table's marks are: 10^-4 of a dollar above the strike is nothing.
    function test_valuesAreRoundedDownAsMarksAre() public {
        assertCash(CALL, AT_STRIKE + 9_999, 0, "within the unit");
        setUp();
        assertCash(CALL, AT_STRIKE + 10_000, 1, "a unit");
        setUp();
        assertCash(PUT, AT_STRIKE - 1, 1, "just below");
    }

    /// A quantum of the future is 10^-6 BTC.
    function test_aFutureIsWorthItsPrice() public {
        assertCash(FUTURE, 66_000e8, 6.6e10, "0.066 USD");
    }

    function test_theUnitIsWhatCashIsWorthThen() public {
        assertEq(settled(cashTerms(FUTURE), 66_000e8, 1e8).unit, 1e6, "a dollar");
        setUp();
        assertEq(settled(cashTerms(FUTURE), 66_000e8, 99_999_999).unit, 999_999, "a dollar less a fraction");
    }

    // ---- delivery ----

    function test_anExercisedCallPaysTheStrikeAndGetsTheCoin() public {
        ExpirySettlement memory s = settled(physicalTerms(CALL, 1), 66_000e8, 1e8);
        assertSettled(s, -6.5e8, 1, "call");
        assertEq(s.unit, 1e6, "unit");
    }

    function test_anExercisedPutGetsTheStrikeAndGivesTheCoin() public {
        assertSettled(settled(physicalTerms(PUT, 1), 60_000e8, 1e8), 6.5e8, -1, "put");
    }

    function test_nothingIsDeliveredOfWhatIsNotExercised() public {
        assertSettled(settled(physicalTerms(CALL, 1), AT_STRIKE, 1e8), 0, 0, "call at the strike");
        setUp();
        assertSettled(settled(physicalTerms(PUT, 1), AT_STRIKE, 1e8), 0, 0, "put at the strike");
    }

    /// It was paid for when it was bought: 10^-6 BTC are 100 quanta of the coin.
    function test_aFutureDeliversWhatItIsOf() public {
        assertSettled(settled(physicalTerms(FUTURE, 100), 66_000e8, 1e8), 0, 100, "future");
    }

    /// Twice what a contract is of would hand the price of the coin from one side to the other.
    function test_P218_whatTheRowIsNotOfIsPaidInCash() public {
        assertSettled(settled(physicalTerms(CALL, 2), 66_000e8, 1e8), 1e7, 0, "call");
        setUp();
        assertSettled(settled(physicalTerms(PUT, 2), 60_000e8, 1e8), 5e7, 0, "put");
        setUp();
        assertSettled(settled(physicalTerms(FUTURE, 1), 66_000e8, 1e8), 6.6e10, 0, "future");
        setUp();
        assertSettled(settled(physicalTerms(FUTURE, type(uint32).max), 66_000e8, 1e8), 6.6e10, 0, "far off");
    }

    // ---- against a reference ----

    /// @dev What a price is worth a quantum, by repeated subtraction of whole units in place of a division of the product.
    function expectedValue(uint128 price, uint16 row) private pure returns (int256) {
        uint256 pricePerUnit = 10 ** 18 / uint256(multiplierOf(row));
        return int256((price - price % pricePerUnit) / pricePerUnit);
    }

    function assertReference(uint16 row, uint128 price, uint32 deliver) private {
        ExpiryTerms memory t = deliver == 0 ? cashTerms(row) : physicalTerms(row, deliver);
        ExpirySettlement memory got = settled(t, price, 1e8);
        (int256 value, int256 quanta) = (expectedValue(price, row), int256(uint256(deliver)));
        if (row == FUTURE) return assertSettled(got, deliver == 0 ? value : int256(0), quanta, "future");
        int256 strike = int256(uint256(STRIKE_VALUE));
        int256 sign = row == PUT ? int256(-1) : int256(1);
        int256 gain = sign * (value - strike);
        if (gain <= 0) return assertSettled(got, 0, 0, "worthless");
        if (deliver == 0) return assertSettled(got, gain, 0, "cash");
        assertSettled(got, -sign * strike, sign * quanta, "delivered");
        // Either way of settling is worth the same.
        assertSigned(got.value + quanta * sign * value, gain, "worth");
    }

    function anyPrice(uint256 seed, bool near) private pure returns (uint128) {
        if (near) return uint128(AT_STRIKE - 20_000 + seed % 40_000);
        return uint128(bound(seed, 1, HIGHEST));
    }

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_P218_rowsPayTheReference(uint256 seed, uint8 row, bool near, bool physical) public {
        row = row % 3;
        if (row == 0) assertReference(CALL, anyPrice(seed, near), physical ? 1 : 0);
        if (row == 1) assertReference(PUT, anyPrice(seed, near), physical ? 1 : 0);
        if (row == 2) assertReference(FUTURE, uint128(bound(seed, 1, HIGHEST / 100)), physical ? 100 : 0);
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_unitsAreTheReference(uint256 seed) public {
        uint128 cash = uint128(bound(seed, 100, HIGHEST / 100));
        assertEq(settled(cashTerms(CALL), 66_000e8, cash).unit, uint256(expectedValue(cash, USD_ROW)), "unit");
    }

    /// Call and put of one strike are worth what the difference to it is: what one gains the other does not.
    /// forge-config: default.fuzz.runs = 256
    function testFuzz_P218_callLessPutIsTheFuture(uint256 seed, bool near) public {
        uint128 price = anyPrice(seed, near);
        listExpiry(cashTerms(CALL));
        ExpiryTerms memory t = cashTerms(PUT);
        listExpiry(t);
        settledAt(t, price, 1e8);
        (uint64 id, uint64 time) = prices.lastRound(CLEARED);
        PriceRound memory round = PriceRound(id, time, new uint128[](FEEDS));
        for (uint256 i = 0; i < FEEDS; ++i) {
            round.prices[i] = quoted[i];
        }
        terms.recordExpiry(CLEARED, CALL, round, none_(), clearedParameters());
        assertSigned(
            int256(settlementOf(CALL).value) - settlementOf(PUT).value,
            expectedValue(price, CALL) - int256(uint256(STRIKE_VALUE)),
            "parity"
        );
    }
}
