// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, Instrument, InstrumentKind, InstrumentListing} from "../../contracts/interfaces/IMarketBoard.sol";
import {IMarketSource} from "../../contracts/interfaces/IMarketSource.sol";
import {InstrumentLine} from "../../contracts/libraries/InstrumentLine.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {BoardFixture} from "./BoardFixture.sol";

contract InstrumentListTest is BoardFixture {
    function one(string memory line, uint8 feed, uint48 strike) private pure returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](1);
        list[0] = InstrumentListing(line, feed, strike);
    }

    function refuseLine(string memory line) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.WrongLine.selector, 8, line));
        board.proposeInstruments(VENUE, one(line, 1, 0));
    }

    function list_(InstrumentListing[] memory list) private {
        vm.startPrank(PARAMETERS);
        board.proposeInstruments(VENUE, list);
        vm.warp(block.timestamp + TIMELOCK);
        board.activateInstruments(VENUE, list);
        vm.stopPrank();
    }

    function test_rowsAreWhatTheirLinesSay() public view {
        assertEq(board.instrumentCount(VENUE), 8, "rows");
        InstrumentListing[] memory list = listings();
        for (uint256 i = 0; i < 8; ++i) {
            Instrument memory row = board.instrument(VENUE, i);
            assertEq(row.digest, uint256(sha256(bytes(list[i].line))) >> 8, "digest");
            assertEq(row.feed, list[i].feed, "feed");
            assertEq(row.strike, list[i].strike, "strike");
            assertEq(uint8(row.kind), [uint8(1), 2, 3, 4, 6, 4, 6, 4][i], "kind");
            assertFalse(row.continues, "no further tier");
            assertEq(row.cap, 0, "no cap");
            assertEq(row.activationEpoch, 0, "from the first epoch");
            assertEq(row.volatility, 0, "no volatility yet");
        }
    }

    /// First 31 bytes of SHA-256, big-endian, of one line, computed elsewhere.
    function test_theDigestIsTheTextDigest() public view {
        assertEq(
            board.instrument(VENUE, 3).digest,
            291159110322195307329219382748607895866811227412868405997055012338273821961,
            "digest of 3,BTC-PERP,perpetual,USD,8,0,0,0"
        );
    }

    function test_aLineOfAnotherIndexOrShapeIsRefused() public {
        string[9] memory lines = [
            "7,ETH,spot,ETH,8,0,0,0",
            "9,ETH,spot,ETH,8,0,0,0",
            "",
            "8",
            "8,ETH,spot,ETH,8,0,0",
            "8,ETH,spot,ETH,8,0,0,0,0",
            "8,ETH ,spot,ETH,8,0,0,0",
            "8,ETH,spot,ETH,8,0,0,0\n",
            unicode"8,ETHé,spot,ETH,8,0,0,0"
        ];
        for (uint256 i = 0; i < lines.length; ++i) {
            refuseLine(lines[i]);
        }
        refuseLine(string(abi.encodePacked("8,", new bytes(0), string(long(257)), ",spot,ETH,8,0,0,0")));
    }

    function long(uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[i] = "A";
        }
    }

    function test_feedsAndStrikesAreChecked() public {
        vm.startPrank(PARAMETERS);
        vm.expectRevert(IMarketBoard.NothingListed.selector);
        board.proposeInstruments(VENUE, new InstrumentListing[](0));
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.TooManyInstruments.selector, 4097, 4096));
        board.proposeInstruments(VENUE, new InstrumentListing[](4089));
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.InvalidStrike.selector, 8, 1));
        board.proposeInstruments(VENUE, one("8,ETH,spot,ETH,8,0,0,0", 2, 1));
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.InvalidStrike.selector, 8, 2 ** 47));
        board.proposeInstruments(VENUE, one("8,ETH-C,option,USD,8,0,0,0", 2, 2 ** 47));
        InstrumentListing[] memory list = one("8,ETH-C,option,USD,8,0,0,0", 4, 2 ** 47 - 1);
        board.proposeInstruments(VENUE, list);
        vm.warp(block.timestamp + TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.UnknownFeed.selector, 8, 4, 4));
        board.activateInstruments(VENUE, list);
        vm.stopPrank();
    }

    function test_rowsAreAppendedAndEarlierOnesStay() public {
        bytes32 before = keccak256(abi.encode(board.instrument(VENUE, 0), board.instrument(VENUE, 7)));
        list_(one("8,ETH,spot,ETH,8,0,0,0", 2, 0));
        list_(one("9,option,future,option,8,0,0,0", 2, 0));
        assertEq(board.instrumentCount(VENUE), 10, "appended");
        assertEq(keccak256(abi.encode(board.instrument(VENUE, 0), board.instrument(VENUE, 7))), before, "earlier ones");
        assertTrue(board.instrument(VENUE, 9).kind == InstrumentKind.FUTURE, "only the kind makes an option");
    }

    function refuse(string memory line, bytes memory reason) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(reason);
        board.proposeInstruments(VENUE, one(line, 1, 0));
    }

    function test_numbersAreDigitsWithoutLeadingZeros() public {
        string[9] memory odd = ["", "00", "08", "+8", "-0", "0x8", "8.0", "1e3", "100000000000000000000"];
        for (uint256 i = 0; i < odd.length; ++i) {
            bytes4 reason = IMarketBoard.NotANumber.selector;
            refuse(string.concat(odd[i], ",ETH,spot,ETH,8,0,0,0"), abi.encodeWithSelector(reason, 8, 0));
            refuse(string.concat("8,ETH,spot,ETH,8,", odd[i], ",0,0"), abi.encodeWithSelector(reason, 8, 5));
            refuse(string.concat("8,ETH,spot,ETH,8,0,", odd[i], ",0"), abi.encodeWithSelector(reason, 8, 6));
            refuse(string.concat("8,ETH,spot,ETH,8,0,0,", odd[i]), abi.encodeWithSelector(reason, 8, 7));
        }
    }

    function test_kindsCapsEpochsAndPredecessorsHaveBounds() public {
        string[6] memory kinds = ["none", "", "Spot", "spots", "option-series", "perp"];
        for (uint256 i = 0; i < kinds.length; ++i) {
            string memory line = string.concat("8,ETH,", kinds[i], ",ETH,8,0,0,0");
            refuse(line, abi.encodeWithSelector(IMarketBoard.UnknownKind.selector, 8, kinds[i]));
        }
        bytes4 reason = IMarketBoard.InvalidCap.selector;
        refuse("8,ETH,spot,ETH,8,18446744073709551616,0,0", abi.encodeWithSelector(reason, 8, 2 ** 64));
        reason = IMarketBoard.InvalidActivationEpoch.selector;
        refuse("8,ETH,spot,ETH,8,0,0,4294967296", abi.encodeWithSelector(reason, 8, 2 ** 32));
        reason = IMarketBoard.InvalidPredecessor.selector;
        refuse("8,ETH,spot,ETH,8,0,7,0", abi.encodeWithSelector(reason, 8, 7));
        refuse("8,ETH,spot,ETH,8,0,9,0", abi.encodeWithSelector(reason, 8, 9));
        list_(one("8,ETH,spot,ETH,8,18446744073709551615,0,4294967295", 1, 0));
        assertEq(board.instrument(VENUE, 8).cap, type(uint64).max, "largest cap");
        assertEq(board.instrument(VENUE, 8).activationEpoch, type(uint32).max, "last epoch");
    }

    function test_aFurtherTierHasTheKindOfTheCappedRowBefore() public {
        refuse("8,XYZ-PERP.2,perpetual,USD,4,0,8,0", abi.encodeWithSelector(IMarketBoard.TierAfterNoCap.selector, 8));
        list_(one("8,ETH,spot,ETH,8,5,0,3", 2, 0));
        bytes4 reason = IMarketBoard.TierOfAnotherKind.selector;
        refuse(
            "9,ETH.2,perpetual,USD,8,0,9,3",
            abi.encodeWithSelector(reason, 9, InstrumentKind.PERPETUAL, InstrumentKind.SPOT)
        );
        // Rows proposed together, and the last listed row before them.
        InstrumentListing[] memory list = new InstrumentListing[](2);
        list[0] = InstrumentListing("9,ETH.2,spot,ETH,8,0,9,3", 2, 0);
        list[1] = InstrumentListing("10,ETH.3,spot,ETH,8,0,10,3", 2, 0);
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.TierAfterNoCap.selector, 10));
        board.proposeInstruments(VENUE, list);
        list[0].line = "9,ETH.2,spot,ETH,8,6,9,3";
        list_(list);
        for (uint256 i = 8; i < 11; ++i) {
            Instrument memory row = board.instrument(VENUE, i);
            assertTrue(row.kind == InstrumentKind.SPOT && row.continues == (i > 8), "tiers");
            assertEq(row.cap, [uint64(5), 6, 0][i - 8], "caps");
            assertEq(row.activationEpoch, 3, "epoch");
        }
        // A capped option is no tier; one that continues would be.
        list_(one("11,C,option,USD,8,5,0,0", 1, 7));
        refuse("12,C.2,option,USD,8,0,12,0", abi.encodeWithSelector(IMarketBoard.TieredOption.selector, 12));
    }

    function test_theFirstRowContinuesNothing() public {
        MarketBoard bare = new MarketBoard(registry, prices, MIN_TIMELOCK);
        vm.startPrank(PARAMETERS);
        bare.proposeRules(VENUE, tableRules());
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.InvalidPredecessor.selector, 0, 1));
        bare.proposeInstruments(VENUE, one("0,ETH,spot,ETH,8,0,1,0", 1, 0));
        bare.proposeInstruments(VENUE, one("0,ETH,spot,ETH,8,9,0,0", 1, 0));
        vm.warp(block.timestamp + TIMELOCK);
        bare.activateInstruments(VENUE, one("0,ETH,spot,ETH,8,9,0,0", 1, 0));
        vm.stopPrank();
        assertFalse(bare.instrument(VENUE, 0).continues, "the first of its group");
    }

    /// Every line that formats.md allows reads back as it was written.
    function testFuzz_aLineIsReadAsItWasWritten(uint256 index, uint256 kind, uint64 cap, bool tier, uint32 epoch)
        public
        view
    {
        (index, kind) = (bound(index, 0, 4095), bound(kind, 1, 6));
        string memory line = lineOf(index, kindNames()[kind], cap, tier ? index : 0, epoch);
        InstrumentLine.Meaning memory meaning = this.parse(index, line);
        assertEq(uint8(meaning.kind), kind, "kind");
        assertTrue(meaning.continues == (tier && index > 0), "continues");
        assertEq(meaning.cap, cap, "cap");
        assertEq(meaning.activationEpoch, epoch, "epoch");
        uint256 class = InstrumentLine.classOf(meaning);
        (uint256 expected, uint256 expectedEpoch) = classAndEpochOf(line);
        assertEq(class, expected, "class");
        assertEq(meaning.activationEpoch, expectedEpoch, "the same epoch");
        assertEq(
            keccak256(abi.encode(InstrumentLine.ofClass(class, epoch))), keccak256(abi.encode(meaning)), "one meaning"
        );
    }

    /// One byte of a line changed: it is refused, or another line that says what its text says.
    function testFuzz_aChangedLineIsRefusedOrReadAsItIs(uint256 place, bytes1 byte_, uint64 cap, uint32 epoch)
        public
        view
    {
        string memory line = lineOf(17, "future", cap, 17, epoch);
        bytes(line)[place % bytes(line).length] = byte_;
        try this.parse(17, line) returns (InstrumentLine.Meaning memory meaning) {
            assertTrue(uint8(byte_) > 0x20 && uint8(byte_) < 0x7f, "a byte that is seen");
            string[] memory fields = vm.split(line, ",");
            assertEq(fields.length, 8, "fields");
            string memory again = fields[0];
            for (uint256 i = 1; i < 5; ++i) {
                again = string.concat(again, ",", fields[i]);
            }
            again = string.concat(again, ",", Strings.toString(meaning.cap), meaning.continues ? ",17," : ",0,");
            again = string.concat(again, Strings.toString(meaning.activationEpoch));
            assertEq(keccak256(bytes(again)), keccak256(bytes(line)), "written back");
            assertEq(kindOf(fields[2]), uint256(meaning.kind), "kind");
            assertEq(keccak256(bytes(fields[0])), keccak256("17"), "index");
        } catch {}
    }

    function lineOf(uint256 index, string memory kind, uint256 cap, uint256 predecessor, uint256 epoch)
        private
        pure
        returns (string memory)
    {
        string memory start = string.concat(Strings.toString(index), ",ETH-1,", kind, ",ETH,8,", Strings.toString(cap));
        return string.concat(start, ",", Strings.toString(predecessor), ",", Strings.toString(epoch));
    }

    function parse(uint256 index, string calldata line) external pure returns (InstrumentLine.Meaning memory) {
        return InstrumentLine.parse(index, line);
    }

    function test_eachCashOrSpotRowIsTheNextSettlementAsset() public {
        list_(one("8,ETH,spot,ETH,8,0,0,0", 2, 0));
        assertEq(board.assetOfRow(VENUE, 0), 0, "USD");
        assertEq(board.assetOfRow(VENUE, 1), 1, "BTC");
        assertEq(board.assetOfRow(VENUE, 8), 2, "ETH, after rows that are no asset");
    }

    function test_tiersOfOneGroupAreOneAsset() public {
        InstrumentListing[] memory list = new InstrumentListing[](4);
        list[0] = InstrumentListing("8,ETH,spot,ETH,8,5,0,0", 2, 0);
        list[1] = InstrumentListing("9,ETH.2,spot,ETH,8,6,9,0", 2, 0);
        list[2] = InstrumentListing("10,ETH.3,spot,ETH,8,0,10,0", 2, 0);
        list[3] = InstrumentListing("11,SOL,spot,SOL,8,0,0,0", 3, 0);
        list_(list);
        for (uint256 i = 8; i < 11; ++i) {
            assertEq(board.assetOfRow(VENUE, i), 2, "ETH in every tier");
        }
        assertEq(board.assetOfRow(VENUE, 11), 3, "the asset after it");
    }

    function test_aRowThatIsNeitherCashNorSpotIsNoAsset() public {
        uint256[9] memory rows = [uint256(2), 3, 4, 5, 6, 7, 8, 4096, type(uint256).max];
        for (uint256 i = 0; i < rows.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, VENUE, rows[i]));
            board.assetOfRow(VENUE, rows[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, VENUE + 1, 0));
        board.assetOfRow(VENUE + 1, 0);
    }
}
