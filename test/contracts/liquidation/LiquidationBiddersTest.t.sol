// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LiquidationBidders} from "../../../contracts/LiquidationBidders.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {ILiquidationBidders} from "../../../contracts/interfaces/ILiquidationBidders.sol";
import {HouseFixture} from "../clearing/HouseFixture.sol";

/// @dev Who may see what is liquidated, and where it is posted.
contract LiquidationBiddersTest is HouseFixture {
    LiquidationBidders private registered;

    function setUp() public override {
        super.setUp();
        registered = new LiquidationBidders(house);
    }

    function approve(address bidder, bytes32 key) private {
        vm.prank(venueOperator);
        registered.approve(HELD, bidder, key);
    }

    function remove(address bidder) private {
        vm.prank(venueOperator);
        registered.remove(HELD, bidder);
    }

    function refuse(address who, bytes memory call, bytes memory reason) private {
        vm.prank(who);
        (bool ok, bytes memory got) = address(registered).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }

    function assertBidders(address[] memory bidders, bytes32[] memory keys) private view {
        (address[] memory gotBidders, bytes32[] memory gotKeys) = registered.biddersOf(HELD);
        assertEq(keccak256(abi.encode(gotBidders)), keccak256(abi.encode(bidders)), "bidders");
        assertEq(keccak256(abi.encode(gotKeys)), keccak256(abi.encode(keys)), "keys");
    }

    function one(address bidder, bytes32 key) private pure returns (address[] memory bidders, bytes32[] memory keys) {
        (bidders, keys) = (new address[](1), new bytes32[](1));
        (bidders[0], keys[0]) = (bidder, key);
    }

    function ciphertexts(uint256 count) private pure returns (bytes[] memory list) {
        list = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = abi.encode("sealed", i);
        }
    }

    function test_P245_theOperatorApprovesBiddersAndReplacesTheirKeys() public {
        vm.expectEmit(address(registered));
        emit ILiquidationBidders.BidderApproved(HELD, ALICE, "first key");
        approve(ALICE, "first key");
        approve(BOB, "bob's key");
        approve(ALICE, "second key");
        (address[] memory bidders, bytes32[] memory keys) = (new address[](2), new bytes32[](2));
        (bidders[0], bidders[1]) = (ALICE, BOB);
        (keys[0], keys[1]) = (bytes32("second key"), bytes32("bob's key"));
        assertBidders(bidders, keys);
    }

    function test_P245_aBidderThatIsRemovedIsNoneAndTheOthersKeepTheirOrder() public {
        address[3] memory three = [ALICE, BOB, STRANGER];
        for (uint256 i = 0; i < 3; ++i) {
            approve(three[i], bytes32(i + 1));
        }
        vm.expectEmit(address(registered));
        emit ILiquidationBidders.BidderRemoved(HELD, ALICE);
        remove(ALICE);
        (address[] memory bidders, bytes32[] memory keys) = (new address[](2), new bytes32[](2));
        (bidders[0], bidders[1], keys[0], keys[1]) = (BOB, STRANGER, bytes32(uint256(2)), bytes32(uint256(3)));
        assertBidders(bidders, keys);
        bytes memory none = abi.encodeWithSelector(ILiquidationBidders.NotABidder.selector, HELD, ALICE);
        refuse(venueOperator, abi.encodeCall(registered.remove, (HELD, ALICE)), none);
        remove(STRANGER);
        (bidders, keys) = one(BOB, bytes32(uint256(2)));
        assertBidders(bidders, keys);
        approve(ALICE, "back");
        remove(BOB);
        (bidders, keys) = one(ALICE, "back");
        assertBidders(bidders, keys);
    }

    function test_P245_onlyTheOperatorApprovesAndRemoves() public {
        approve(ALICE, "key");
        address[4] memory others = [OWNER, ADMIN, PARAMETERS, ALICE];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(ILiquidationBidders.NotOperator.selector, HELD, others[i]);
            refuse(others[i], abi.encodeCall(registered.approve, (HELD, BOB, bytes32("key"))), reason);
            refuse(others[i], abi.encodeCall(registered.remove, (HELD, ALICE)), reason);
        }
        bytes memory elsewhere = abi.encodeWithSelector(ILiquidationBidders.NotOperator.selector, VENUE, venueOperator);
        refuse(venueOperator, abi.encodeCall(registered.approve, (VENUE, BOB, bytes32("key"))), elsewhere);
    }

    function test_P245_aKeyThatKeepsNothingSecretIsRefused() public {
        refuse(
            venueOperator,
            abi.encodeCall(registered.approve, (HELD, ALICE, bytes32(0))),
            abi.encodeWithSelector(ILiquidationBidders.BadKey.selector, bytes32(0))
        );
        refuse(
            venueOperator,
            abi.encodeCall(registered.approve, (HELD, address(0), bytes32("key"))),
            abi.encodeWithSelector(ILiquidationBidders.NotABidder.selector, HELD, address(0))
        );
    }

    function test_P245_aVenueApprovesSixteenBiddersAtMost() public {
        for (uint256 i = 1; i <= 16; ++i) {
            approve(address(uint160(i)), bytes32(i));
        }
        refuse(
            venueOperator,
            abi.encodeCall(registered.approve, (HELD, ALICE, bytes32("key"))),
            abi.encodeWithSelector(ILiquidationBidders.TooManyBidders.selector, 16)
        );
        approve(address(uint160(7)), "another key of one of them");
        remove(address(uint160(1)));
        approve(ALICE, "key");
    }

    // ---- openings ----

    function test_P245_operatorOrControllerPostsAnOpeningForEveryBidder() public {
        approve(ALICE, "key");
        approve(BOB, "key");
        uint256 commitment = commitmentOf(alice);
        (address[] memory bidders,) = registered.biddersOf(HELD);
        address[2] memory who = [venueOperator, ALICE];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit(address(registered));
            emit ILiquidationBidders.OpeningSealed(alice, commitment, bidders, ciphertexts(2));
            vm.prank(who[i]);
            registered.sealOpening(alice, commitment, ciphertexts(2));
        }
        bytes memory not = abi.encodeWithSelector(ILiquidationBidders.NotOperator.selector, HELD, BOB);
        refuse(BOB, abi.encodeCall(registered.sealOpening, (alice, commitment, ciphertexts(2))), not);
    }

    function test_P245_anOpeningIsOfTheCommitmentOfNowAndComesOnceForEachBidder() public {
        approve(ALICE, "key");
        uint256 commitment = commitmentOf(alice);
        refuse(
            venueOperator,
            abi.encodeCall(registered.sealOpening, (alice, commitment + 1, ciphertexts(1))),
            abi.encodeWithSelector(ILiquidationBidders.NotItsCommitment.selector, alice, commitment + 1, commitment)
        );
        refuse(
            venueOperator,
            abi.encodeCall(registered.sealOpening, (99, 0, ciphertexts(1))),
            abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99)
        );
        for (uint256 count = 0; count < 3; count += 2) {
            refuse(
                venueOperator,
                abi.encodeCall(registered.sealOpening, (alice, commitment, ciphertexts(count))),
                abi.encodeWithSelector(ILiquidationBidders.CiphertextCount.selector, count, 1)
            );
        }
    }

    function test_P245_aCiphertextHasAnEnd() public {
        approve(ALICE, "key");
        bytes[] memory list = ciphertexts(1);
        list[0] = new bytes(16_385);
        uint256 commitment = commitmentOf(alice);
        refuse(
            venueOperator,
            abi.encodeCall(registered.sealOpening, (alice, commitment, list)),
            abi.encodeWithSelector(ILiquidationBidders.CiphertextTooLong.selector, 16_385, 16_384)
        );
        list[0] = new bytes(16_384);
        vm.prank(venueOperator);
        registered.sealOpening(alice, commitment, list);
    }
}
