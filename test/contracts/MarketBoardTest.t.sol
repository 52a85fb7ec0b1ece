// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {
    Acceptance,
    IMarketBoard,
    InstrumentListing,
    MarketSubmission,
    ParameterSet,
    VolatilitySource
} from "../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
import {FeedConfig, FeedKind, PriceReport} from "../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {SignerSet} from "../../contracts/libraries/SignerSet.sol";
import {TableVector} from "../../contracts/libraries/TableVector.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {BoardFixture} from "./BoardFixture.sol";

contract MarketBoardTest is BoardFixture {
    uint256 private constant TABLE_1 = 71;
    uint256 private constant TABLE_2 = 72;

    function sealHere(MarketSubmission memory s) private view returns (MarketSubmission memory) {
        return sealTable(s, block.chainid, address(registry), VENUE);
    }

    function bounded(uint256 commitment, uint32 first, uint32 second) private view returns (MarketSubmission memory s) {
        s = draftTable(commitment);
        s.volatilitySignatures = new bytes[](0);
        (s.volatilities[0], s.volatilities[1]) = (first, second);
        s = sealHere(s);
    }

    function nextRound() private {
        vm.warp(block.timestamp + 1);
        openRound();
    }

    function test_anHonestTableIsRecorded() public {
        openRound();
        accept(sealedTable(TABLE_1));
        Market memory m = board.market(VENUE, TABLE_1);
        assertEq(uint8(m.level), uint8(MarginLevel.MAINTENANCE), "level");
        assertEq(m.snapshotTime, block.timestamp, "time of the round");
        assertEq(m.settlementAssets, 2, "assets");
        Acceptance memory a = board.acceptanceOf(VENUE, TABLE_1);
        assertEq(a.round, 1, "round");
        assertTrue(a.volatilities == VolatilitySource.SIGNED, "signed");
        assertEq(board.latestMarket(VENUE, MarginLevel.MAINTENANCE), TABLE_1, "latest");
        assertEq(board.latestMarket(VENUE, MarginLevel.INITIAL), 0, "of its level only");
        assertEq(board.instrument(VENUE, 6).volatility, 520_000, "signed volatility");
        assertEq(board.volatilitiesSignedAt(VENUE), block.timestamp, "signed at");
        assertEq(board.valueScale(VENUE), 12, "scale");
        assertEq(uint8(board.market(VENUE, TABLE_2).level), uint8(MarginLevel.NONE), "no other");
        assertEq(uint8(board.market(VENUE + 1, TABLE_1).level), uint8(MarginLevel.NONE), "of no other venue");
    }

    /// Whatever prices and volatilities: the board passes the value that the definition gives.
    function testFuzz_theBoardDerivesTheSignalsOfTheDefinition(uint256 btc, uint256 xyz, uint32 call, uint32 put)
        public
    {
        btc = bound(btc, 1e8, 1e15);
        xyz = bound(xyz, 1, type(uint128).max);
        aggregator.set(int256(btc), block.timestamp);
        prices.updatePrices(VENUE, noUpdates(), reportOf(uint128(xyz), block.timestamp));
        MarketSubmission memory s = draftTable(TABLE_1);
        (s.round.prices[1], s.round.prices[3]) = (uint128(btc), uint128(xyz));
        s.volatilities[0] = call == 0 ? 1 : call;
        s.volatilities[1] = put == 0 ? 1 : put;
        signVolatilities(s);
        accept(sealHere(s));
    }

    function testFuzz_aVectorsValueIsTheSumOfItsTerms(uint256[] memory v, uint256 z) public pure {
        z %= P;
        for (uint256 i = 0; i < v.length; ++i) {
            v[i] %= P;
        }
        assertEq(TableVector.evaluate(v, z), valueAt(v, z), "sum of v_j z^j");
    }

    function test_K11_nothingIsAcceptedWithoutTheVerifiersTrue() public {
        openRound();
        bytes memory rejected = abi.encodeWithSelector(IMarketBoard.TableProofRejected.selector);
        refuseTable(draftTable(TABLE_1), rejected);
        for (uint256 i = 0; i < 6; ++i) {
            MarketSubmission memory s = sealedTable(TABLE_1);
            if (i == 0) s.proof.a[0] ^= 1;
            if (i == 1) s.commitment = TABLE_2;
            if (i == 2) s.level = MarginLevel.INITIAL;
            if (i == 3) s.settlementAssets = 1;
            if (i == 4) s.volatilities[0] += 1;
            if (i == 4) signVolatilities(s);
            // Sealed for a table whose rows have other terms.
            if (i == 5) {
                s.parameters.words[3] += 1;
                s = sealHere(s);
                s.parameters = parameters();
            }
            refuseTable(s, rejected);
        }
        assertEq(uint8(board.market(VENUE, TABLE_1).level), uint8(MarginLevel.NONE), "nothing recorded");
        assertEq(board.volatilitiesSignedAt(VENUE), 0, "nor of volatilities");
        accept(sealedTable(TABLE_1));
    }

    function test_K3_aProofForAnotherChainRegistryOrVenueIsRefused() public {
        openRound();
        bytes memory rejected = abi.encodeWithSelector(IMarketBoard.TableProofRejected.selector);
        MarketSubmission memory s = draftTable(TABLE_1);
        refuseTable(sealTable(s, block.chainid + 1, address(registry), VENUE), rejected);
        refuseTable(sealTable(s, block.chainid, address(board), VENUE), rejected);
        refuseTable(sealTable(s, block.chainid, address(registry), VENUE + 1), rejected);
        accept(sealHere(s));
    }

    function test_everyFieldOfATableIsChecked() public {
        openRound();
        MarketSubmission memory s = sealedTable(P);
        refuseTable(s, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), P));
        s = sealedTable(TABLE_1);
        s.level = MarginLevel.NONE;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.InvalidMarketLevel.selector, TABLE_1));
        s = sealedTable(TABLE_1);
        s.settlementAssets = 0;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.InvalidAssetCount.selector, 0, 2));
        s.settlementAssets = 3;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.InvalidAssetCount.selector, 3, 2));
        s = sealedTable(TABLE_1);
        s.circuitId = CLOSE_A;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.NotAMarketTableCircuit.selector, CLOSE_A));
        s.circuitId = 999;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.NotAMarketTableCircuit.selector, 999));
    }

    // ---- rounds ----

    function test_aTableIsMadeFromARoundTheBoardOpened() public {
        openRound();
        for (uint256 i = 0; i < 5; ++i) {
            MarketSubmission memory s = draftTable(TABLE_1);
            if (i == 0) s.round.id += 1;
            if (i == 1) s.round.id = 0;
            if (i == 2) s.round.time -= 1;
            if (i == 3) s.round.prices[1] += 1;
            if (i == 4) s.round.prices = new uint128[](5);
            bytes32 got = keccak256(abi.encode(s.round.id, s.round.time, s.round.prices));
            bytes32 expected = prices.roundDigest(VENUE, s.round.id);
            bytes memory reason = i == 1
                ? abi.encodeWithSelector(IMarketBoard.RoundNotNewer.selector, MarginLevel.MAINTENANCE, 0, 0)
                : abi.encodeWithSelector(IMarketBoard.NotTheRound.selector, s.round.id, got, expected);
            s.volatilities = new uint32[](0);
            refuseTable(s, reason);
        }
    }

    function test_aTableOfAnOldRoundIsRefused() public {
        openRound();
        uint256 opened = block.timestamp;
        vm.warp(opened + TABLE_AGE + 1);
        refuseTable(
            sealedTable(TABLE_1), abi.encodeWithSelector(IMarketBoard.RoundTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
        vm.warp(opened + TABLE_AGE);
        accept(sealedTable(TABLE_1));
        assertEq(board.market(VENUE, TABLE_1).snapshotTime, opened, "time of the round");
    }

    function test_oneTableOfALevelForARoundAndRoundsInOrder() public {
        openRound();
        MarketSubmission memory older = sealedTable(TABLE_2);
        accept(sealedTable(TABLE_1));
        bytes4 notNewer = IMarketBoard.RoundNotNewer.selector;
        refuseTable(older, abi.encodeWithSelector(notNewer, MarginLevel.MAINTENANCE, 1, 1));
        refuseTable(sealedTable(TABLE_1), abi.encodeWithSelector(IMarketBoard.MarketExists.selector, VENUE, TABLE_1));
        MarketSubmission memory initial = draftTable(TABLE_2);
        initial.level = MarginLevel.INITIAL;
        accept(sealHere(initial));
        nextRound();
        MarketSubmission memory second = sealedTable(73);
        nextRound();
        accept(sealedTable(74));
        refuseTable(second, abi.encodeWithSelector(notNewer, MarginLevel.MAINTENANCE, 2, 3));
        assertEq(board.latestMarket(VENUE, MarginLevel.MAINTENANCE), 74, "latest");
        assertEq(board.latestMarket(VENUE, MarginLevel.INITIAL), TABLE_2, "latest initial");
    }

    /// Rounds are anybody's to open; a table being proven does not mind.
    function test_aStrangersRoundsVoidNoTableBeingProven() public {
        openRound();
        MarketSubmission memory s = sealedTable(TABLE_1);
        for (uint256 i = 0; i < 30; ++i) {
            vm.warp(block.timestamp + 12);
            PriceReport memory r = report();
            vm.prank(STRANGER);
            prices.updatePrices(VENUE, noUpdates(), r);
        }
        s.volatilityDeadline = uint64(block.timestamp);
        signVolatilities(s);
        accept(s);
        assertEq(board.acceptanceOf(VENUE, TABLE_1).round, 1, "of the first round");
    }

    // ---- rows and parameters ----

    function oneMore() private pure returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](1);
        list[0] = InstrumentListing("8,NEW,perpetual,USD,8,0,0,0", 4, 0);
    }

    /// Digests are the listed ones: no circuit opens them, so what a row is stands in the vector besides.
    function test_aTableWhoseRowsAreCalledOtherwiseIsRefused() public {
        openRound();
        MarketSubmission memory s = draftTable(TABLE_1);
        uint256 first = 1 + s.parameters.moves.length;
        uint256[6] memory classes = [uint256(4), 1, 3, 2 + 8, 2 + 16, 2 + 16 * (2 ** 64 - 1)];
        for (uint256 i = 0; i < 7; ++i) {
            uint256[] memory v = vectorOf(s, listings());
            // The coin's class, and that of the perpetual for it; or the coin's activation epoch.
            if (i < 6) v[first + 8 + 1] = classes[i];
            if (i == 0) v[first + 3 * 8 + 1] = 2;
            if (i == 6) v[first + 8 + 2] = 1;
            refuseTable(
                sealVector(s, v, block.chainid, address(registry), VENUE),
                abi.encodeWithSelector(IMarketBoard.TableProofRejected.selector)
            );
        }
        accept(sealVector(s, vectorOf(s, listings()), block.chainid, address(registry), VENUE));
    }

    function withTiers(uint64 cap, uint32 epoch) private pure returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](3);
        string memory last = string.concat(",0,", Strings.toString(epoch));
        list[0] = InstrumentListing(string.concat("8,ETH,spot,ETH,8,", Strings.toString(cap), last), 2, 0);
        last = Strings.toString(epoch);
        list[1] = InstrumentListing(string.concat("9,ETH.2,spot,ETH,8,0,9,", last), 2, 0);
        list[2] = InstrumentListing(string.concat("10,BTC-F,future,USD,8,0,0,", last), 1, 0);
    }

    /// Whatever the lines say: the board passes the class and the epoch that their texts give.
    function testFuzz_theBoardDerivesWhatRowsAreFromTheirLines(uint64 cap, uint32 epoch) public {
        InstrumentListing[] memory more = withTiers(cap == 0 ? 1 : cap, epoch);
        ParameterSet memory next = parameters();
        next.words = new uint256[](11);
        InstrumentListing[] memory list = new InstrumentListing[](11);
        for (uint256 i = 0; i < 11; ++i) {
            next.words[i] = parameters().words[i < 8 ? i : 7];
            list[i] = i < 8 ? listings()[i] : more[i - 8];
        }
        vm.startPrank(PARAMETERS);
        board.proposeInstruments(VENUE, more);
        board.proposeParameters(VENUE, next, parameters());
        vm.warp(block.timestamp + TIMELOCK);
        board.activateInstruments(VENUE, more);
        board.activateParameters(VENUE);
        vm.stopPrank();
        refresh();
        openRound();
        MarketSubmission memory s = draftTable(TABLE_1);
        s.parameters = next;
        uint256[] memory v = vectorOf(s, list);
        assertEq(v[v.length - 23], 2 + 16 * uint256(cap == 0 ? 1 : cap), "a capped coin");
        assertEq(v[v.length - 15], 2 + 8, "its further tier");
        assertEq(v[v.length - 7], 5, "a future");
        assertEq(v[v.length - 6], epoch, "epoch");
        accept(sealVector(s, v, block.chainid, address(registry), VENUE));
    }

    function test_everyListedRowIsInTheTableAndTheSetIsTheActiveOne() public {
        FeedConfig[] memory feed = new FeedConfig[](1);
        feed[0] = feeds()[0];
        ParameterSet memory next = parameters();
        next.words = new uint256[](9);
        for (uint256 i = 0; i < 9; ++i) {
            next.words[i] = parameters().words[i < 8 ? i : 7];
        }
        vm.startPrank(PARAMETERS);
        prices.proposeFeeds(VENUE, 4, feed);
        board.proposeInstruments(VENUE, oneMore());
        board.proposeParameters(VENUE, next, parameters());
        vm.warp(block.timestamp + TIMELOCK);
        vm.stopPrank();
        refresh();
        openRound();
        vm.startPrank(PARAMETERS);
        prices.activateFeeds(VENUE, 4, feed);
        board.activateInstruments(VENUE, oneMore());
        vm.stopPrank();
        refuseTable(sealedTable(TABLE_1), abi.encodeWithSelector(IMarketBoard.RowCountMismatch.selector, 8, 9));
        vm.prank(PARAMETERS);
        board.activateParameters(VENUE);
        bytes32 active = keccak256(abi.encode(next.moves, next.words));
        bytes32 old = keccak256(abi.encode(parameters().moves, parameters().words));
        refuseTable(
            sealedTable(TABLE_1), abi.encodeWithSelector(IMarketBoard.NotTheActiveParameters.selector, old, active)
        );
        MarketSubmission memory s = draftTable(TABLE_1);
        s.parameters = next;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.RoundMissesFeed.selector, 8, 4, 4));
    }

    function test_withoutParametersNothingIsAccepted() public {
        MarketBoard bare = new MarketBoard(registry, prices, MIN_TIMELOCK);
        vm.prank(PARAMETERS);
        bare.proposeRules(VENUE, tableRules());
        openRound();
        MarketSubmission memory s = draftTable(TABLE_1);
        s.parameters = none();
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.NoParameters.selector, VENUE));
        bare.acceptMarket(VENUE, s);
    }

    // ---- volatilities ----

    function test_theFirstVolatilitiesAreSigned() public {
        openRound();
        refuseTable(
            bounded(TABLE_1, 500_000, 500_000),
            abi.encodeWithSelector(IMarketBoard.SignedVolatilitiesTooOld.selector, block.timestamp, 1 days)
        );
        accept(sealedTable(TABLE_1));
    }

    function test_anOptionListedSinceHasNothingToBeHeldTo() public {
        openRound();
        accept(sealedTable(TABLE_1));
        InstrumentListing[] memory more = new InstrumentListing[](1);
        more[0] = InstrumentListing("8,ETH-C,option,USD,8,0,0,0", 2, 5);
        ParameterSet memory next = parameters();
        next.words = new uint256[](9);
        for (uint256 i = 0; i < 9; ++i) {
            next.words[i] = parameters().words[i < 8 ? i : 7];
        }
        vm.startPrank(PARAMETERS);
        board.proposeInstruments(VENUE, more);
        board.proposeParameters(VENUE, next, parameters());
        vm.warp(block.timestamp + TIMELOCK);
        board.activateInstruments(VENUE, more);
        board.activateParameters(VENUE);
        vm.stopPrank();
        // Signed again for the options there were, in the last moment before the new list would be in force.
        refresh();
        openRound();
        MarketSubmission memory s = draftTable(TABLE_2);
        s.parameters = next;
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.VolatilityCountMismatch.selector, 2, 3));
        s.volatilities = new uint32[](3);
        (s.volatilities[0], s.volatilities[1], s.volatilities[2]) = (500_000, 520_000, 1);
        s.volatilitySignatures = new bytes[](0);
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.SignedVolatilitiesTooOld.selector, TIMELOCK, 1 days));
    }

    function testFuzz_unsignedVolatilitiesStayWithinTheBoundOfTheSigned(uint32 first, uint32 second) public {
        openRound();
        accept(sealedTable(TABLE_1));
        nextRound();
        (uint256 a, uint256 b) = (bound(first, 400_000, 600_000), bound(second, 420_000, 620_000));
        MarketSubmission memory s = bounded(TABLE_2, uint32(a), uint32(b));
        bool aHolds = a >= 450_000 && a <= 550_000;
        bool bHolds = b >= 468_000 && b <= 572_000;
        if (aHolds && bHolds) {
            accept(s);
            assertTrue(
                board.acceptanceOf(VENUE, TABLE_2).volatilities == VolatilitySource.BOUNDED, "the venue's choice"
            );
            assertEq(board.instrument(VENUE, 4).volatility, 500_000, "the signed one stays");
        } else {
            (uint256 row, uint256 got, uint256 signed) = aHolds ? (6, b, uint256(520_000)) : (4, a, uint256(500_000));
            refuseTable(
                s, abi.encodeWithSelector(IMarketBoard.VolatilityOutOfBound.selector, row, got, signed, 100_000)
            );
        }
    }

    /// Table after table at the edge of the bound: the bound is of what was signed, so it does not wander.
    function test_unsignedVolatilitiesDoNotWalk() public {
        openRound();
        accept(sealedTable(TABLE_1));
        for (uint256 i = 0; i < 5; ++i) {
            nextRound();
            refuseTable(
                bounded(80 + i, 550_001, 520_000),
                abi.encodeWithSelector(IMarketBoard.VolatilityOutOfBound.selector, 4, 550_001, 500_000, 100_000)
            );
            accept(bounded(80 + i, 550_000, 520_000));
        }
        refresh();
        vm.warp(block.timestamp + 1 days + 1);
        refresh();
        nextRound();
        refuseTable(
            bounded(TABLE_2, 500_000, 520_000),
            abi.encodeWithSelector(
                IMarketBoard.SignedVolatilitiesTooOld.selector,
                block.timestamp - board.volatilitiesSignedAt(VENUE),
                1 days
            )
        );
    }

    function test_volatilitiesAreOneForEachOptionAndNotZero() public {
        openRound();
        MarketSubmission memory s = draftTable(TABLE_1);
        uint32[] memory three = new uint32[](3);
        (three[0], three[1], three[2]) = (1, 2, 3);
        s.volatilities = three;
        signVolatilities(s);
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.VolatilityCountMismatch.selector, 3, 2));
        s.volatilities = new uint32[](0);
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.VolatilityCountMismatch.selector, 0, 2));
        s = draftTable(TABLE_1);
        s.volatilities[1] = 0;
        signVolatilities(s);
        refuseTable(s, abi.encodeWithSelector(IMarketBoard.ZeroVolatility.selector, 6));
    }

    function test_K25_volatilitiesNeedEnoughDistinctSignersOfThisRound() public {
        openRound();
        MarketSubmission memory s = sealedTable(TABLE_1);
        bytes32 digest = volatilityDigest(s, address(board), block.chainid, VENUE);
        s.volatilitySignatures = signedBy(digest, keys[1], keys[1]);
        address one = vm.addr(keys[1]);
        refuseTable(s, abi.encodeWithSelector(SignerSet.SignersNotAscending.selector, one, one));
        s.volatilitySignatures = new bytes[](1);
        s.volatilitySignatures[0] = signature(keys[1], digest);
        refuseTable(s, abi.encodeWithSelector(SignerSet.TooFewSignatures.selector, 1, 2));
        s.volatilitySignatures[0] = hex"";
        refuseTable(s, abi.encodeWithSelector(SignerSet.TooFewSignatures.selector, 1, 2));
        s.volatilitySignatures = new bytes[](2);
        refuseTable(s, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureLength.selector, 0));
        bytes32[4] memory others = [
            volatilityDigest(s, address(prices), block.chainid, VENUE),
            volatilityDigest(s, address(board), block.chainid + 1, VENUE),
            volatilityDigest(s, address(board), block.chainid, VENUE + 1),
            digest ^ bytes32(uint256(1))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            s.volatilitySignatures = signedBy(others[i], keys[1], keys[2]);
            vm.prank(OPERATOR);
            vm.expectRevert();
            board.acceptMarket(VENUE, s);
        }
        signVolatilities(s);
        vm.warp(uint256(s.volatilityDeadline) + 1);
        refuseTable(
            s,
            abi.encodeWithSelector(IMarketBoard.VolatilityReportExpired.selector, s.volatilityDeadline, block.timestamp)
        );
        // What was signed for one round says nothing of the next.
        MarketSubmission memory first = draftTable(TABLE_1);
        nextRound();
        MarketSubmission memory second = draftTable(TABLE_1);
        second.volatilitySignatures = first.volatilitySignatures;
        second.volatilityDeadline = first.volatilityDeadline;
        vm.prank(OPERATOR);
        vm.expectRevert();
        board.acceptMarket(VENUE, second);
    }

    /// Computed with ethers.
    function test_K25_aVolatilityReportsDigestIsThatOfItsTypedData() public pure {
        MarketSubmission memory s;
        s.round.id = 9;
        s.volatilities = new uint32[](2);
        (s.volatilities[0], s.volatilities[1]) = (500_000, 520_000);
        s.volatilityDeadline = 1_800_000_060;
        bytes32 expected = 0x19090b3ce95b03c0c30da8bd3f9a132e9119238c7f1a69c13fbdf4fb82334e05;
        assertEq(volatilityDigest(s, USD, 31337, VENUE), expected, "digest");
    }

    function test_onlyTheOperatorAcceptsTables() public {
        openRound();
        MarketSubmission memory s = sealedTable(TABLE_1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, VENUE, STRANGER));
        board.acceptMarket(VENUE, s);
    }
}
