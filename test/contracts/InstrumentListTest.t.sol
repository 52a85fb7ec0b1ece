// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, Instrument, InstrumentListing} from "../../contracts/interfaces/IMarketBoard.sol";
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
            assertTrue(row.option == (i == 4 || i == 6), "option");
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
        string[12] memory lines = [
            "7,ETH,spot,ETH,8,0,0,0",
            "9,ETH,spot,ETH,8,0,0,0",
            "08,ETH,spot,ETH,8,0,0,0",
            "+8,ETH,spot,ETH,8,0,0,0",
            "",
            "8",
            "8,ETH,spot,ETH,8,0,0",
            "8,ETH,spot,ETH,8,0,0,0,0",
            ",ETH,spot,ETH,8,0,0,0",
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
        assertFalse(board.instrument(VENUE, 9).option, "only the kind makes an option");
    }
}
