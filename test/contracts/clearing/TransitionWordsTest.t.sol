// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {TransitionDeltaWord} from "../../../contracts/libraries/TransitionDeltaWord.sol";
import {TransitionTermsWord} from "../../../contracts/libraries/TransitionTermsWord.sol";
import {TestBase} from "../TestBase.sol";

/// @dev Each part of a word can be read back: so no two statements have one word. The words of some acts are held against src/statement by
/// transition-words.test.ts.
contract TransitionWordsTest is TestBase {
    uint256 private constant TRADE_WORD = 6901746346790563787434755862276685170084188033706978575762894973047069;
    uint256 private constant COLLATERAL_WORD = 633825300114114700748351537155;
    uint256 private constant EXPIRY_WORD = 383123885216472214589586598331252267376291089909678091;
    uint256 private constant FUNDING_WORD = 883423532389192164791650211873096588816660072905964476365823812514611204;

    function bits(uint256 word, uint256 from, uint256 count) private pure returns (uint256) {
        return word >> from & 2 ** count - 1;
    }

    function testFuzz_P217_everyPartOfATradesTermsHasBitsOfItsOwn(
        uint8 flags,
        uint32 period,
        uint24 band,
        uint64 buyer,
        uint64 seller,
        uint40 expiry
    ) public pure {
        flags %= 16;
        uint256 word = TransitionTermsWord.ofTrade(buyer, seller, expiry, band);
        if (flags & 1 != 0) word |= TransitionTermsWord.SELLER;
        word |= TransitionTermsWord.reducing(flags & 4 != 0);
        word |= TransitionTermsWord.said(period, flags & 2 != 0, flags & 8 != 0);
        assertEq(bits(word, 0, 2), 1, "kind");
        assertEq(bits(word, 2, 6), flags, "flags, neither opens nor bit 7");
        assertEq(bits(word, 8, 32), period, "period");
        assertEq(bits(word, 40, 24), band, "band");
        assertEq(bits(word, 64, 64), buyer, "buyer");
        assertEq(bits(word, 128, 64), seller, "seller");
        assertEq(word >> 192, expiry, "expiry, and nothing above");
        assertEq(TransitionTermsWord.isUnmargined(word) ? 8 : 0, flags & 8, "unmargined");
    }

    function testFuzz_P217_everyPartOfOtherTermsHasBitsOfItsOwn(uint128 context, uint16 payRow, uint32 from)
        public
        pure
    {
        uint256 word = TransitionTermsWord.ofCollateral(context);
        assertEq(bits(word, 0, 64), 0, "kind 0");
        assertEq(bits(word, 64, 64), uint64(context), "low half of the context");
        assertEq(word >> 128, context >> 64, "high half, and nothing above");
        assertEq(TransitionTermsWord.OPENING, 2 ** 6 + 2 ** 5, "opens, unmargined");
        word = TransitionTermsWord.ofFunding(payRow, from);
        assertEq(bits(word, 0, 64), 3, "kind 3");
        assertEq(bits(word, 64, 64), payRow, "pay row");
        assertEq(word >> 128, from, "period before, and nothing above");
        assertEq(TransitionTermsWord.ofExpiry(), 2, "kind 2");
    }

    function testFuzz_P217_everyPartOfACollateralHasBitsOfItsOwn(uint16 inRow, uint64 ins, uint16 outRow, uint64 outs)
        public
        pure
    {
        uint256 word = TransitionDeltaWord.collateral(inRow, ins, outRow, outs);
        assertEq(bits(word, 0, 16), inRow, "row in");
        assertEq(bits(word, 16, 64), ins, "amount in");
        assertEq(bits(word, 80, 16), outRow, "row out");
        assertEq(word >> 96, outs, "amount out, and nothing above");
    }

    function testFuzz_P217_everyPartOfAnExpiryHasBitsOfItsOwn(ExpiryTerms memory t, ExpirySettlement memory s)
        public
        pure
    {
        s.value %= 2 ** 48;
        s.deliver %= 2 ** 32;
        s.unit %= 2 ** 48;
        uint256 word = TransitionDeltaWord.expiry(t, s);
        assertEq(bits(word, 0, 16), t.row, "row");
        assertEq(bits(word, 16, 16), t.payRow, "pay row");
        assertEq(bits(word, 32, 16), t.deliverRow, "deliver row");
        assertEq(bits(word, 48, 49), uint256(int256(s.value) + 2 ** 48), "value");
        assertEq(bits(word, 97, 48), s.unit, "unit");
        assertEq(word >> 145, uint256(int256(s.deliver) + 2 ** 32), "delivery, and nothing above");
    }

    function testFuzz_P217_everyPartOfAFundingHasBitsOfItsOwn(uint8 listed, uint16[3] memory g, int64[3] memory r)
        public
        pure
    {
        listed %= 4;
        uint16[] memory groups = new uint16[](listed);
        int64[] memory rates = new int64[](listed);
        for (uint256 i = 0; i < listed; ++i) {
            (groups[i], rates[i]) = (g[i], r[i]);
        }
        uint256 word = TransitionDeltaWord.funding(groups, rates);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(bits(word, 80 * i, 16), i < listed ? g[i] : 0, "group");
            int256 rate = i < listed ? int256(r[i]) : int256(0);
            assertEq(bits(word, 80 * i + 16, 64), uint256(rate + 2 ** 63), "rate");
        }
        assertTrue(word < 2 ** 240 && word < ScalarField.MODULUS, "nothing above");
    }

    // ---- the same words as in TypeScript ----

    function test_P217_wordsAreThoseOfTheProver() public pure {
        uint256 word = TransitionTermsWord.ofTrade(3, 2 ** 64 - 1, 2 ** 40 - 1, 50_000) | TransitionTermsWord.SELLER;
        word |= TransitionTermsWord.said(17, true, false) | TransitionTermsWord.reducing(true);
        assertEq(word, TRADE_WORD, "trade");
        assertEq(TransitionDeltaWord.collateral(3, 2 ** 64 - 1, 65_535, 7), COLLATERAL_WORD, "collateral");
        ExpiryTerms memory expiry = ExpiryTerms(11, 2, 5, 100, 0);
        ExpirySettlement memory settlement = ExpirySettlement(-(2 ** 48 - 1), 2 ** 48 - 1, 2 ** 32 - 1, 1);
        assertEq(TransitionDeltaWord.expiry(expiry, settlement), EXPIRY_WORD, "expiry");
        (uint16[] memory groups, int64[] memory rates) = (new uint16[](2), new int64[](2));
        (groups[0], groups[1], rates[0], rates[1]) = (4, 9, -5_000_000, type(int64).max);
        assertEq(TransitionDeltaWord.funding(groups, rates), FUNDING_WORD, "funding");
    }
}
