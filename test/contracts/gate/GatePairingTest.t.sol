// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {PairingFixture} from "./PairingFixture.sol";

/// @dev Margin claims with proofs that a generated verifier really checks, and what that costs.
contract GatePairingTest is PairingFixture {
    /// A precompile that refuses a point burns all it was given: enough for one check, and no more.
    uint256 private constant GAS = 600_000;
    uint256 private constant GAS_BAR = 260_000;
    /// EIP-2028.
    uint256 private constant CALLDATA_BYTE_GAS = 16;
    uint256 private constant CALLDATA_ZERO_GAS = 4;

    function call(MarginClaim memory claim) private view returns (bytes memory) {
        return abi.encodeCall(gate.requireMargin, (VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION));
    }

    function holds(MarginClaim memory claim) private returns (bool) {
        vm.prank(CONSUMER);
        (bool ok, bytes memory answer) = address(gate).call{gas: GAS}(call(claim));
        if (ok) {
            assertEq(abi.decode(answer, (uint256)), claim.nullifier, "the account");
        } else {
            assertEq(
                keccak256(answer),
                keccak256(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector)),
                "reason"
            );
        }
        return ok;
    }

    function refuse(MarginClaim memory claim, uint256[] memory words, string memory what) private {
        assertFalse(holds(withWords(claim, words)), what);
    }

    function refuseWord(uint256 index, uint256 value, string memory what) private {
        MarginClaim memory claim = provenMargin();
        uint256[] memory words = wordsOf(claim);
        words[index] = value;
        refuse(claim, words, what);
    }

    function test_aTrueProofHoldsBeforeAndAfterItsFrameIsRecorded() public {
        assertTrue(holds(provenMargin()), "not recorded");
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        assertTrue(holds(provenMargin()), "recorded");
    }

    function testFuzz_K1_anyChangedProofWordIsRefused(uint8 index, uint256 value) public {
        index %= 8;
        uint256 honest = wordsOf(provenMargin())[index];
        vm.assume(value != honest);
        refuseWord(index, value, "another word");
        refuseWord(index, honest ^ (1 << (value % 256)), "one bit flipped");
    }

    function testFuzz_K1_aProofOfAnySignalIsOfNoOther(uint256 seed, uint8 which) public {
        MarginClaim memory claim = provenMargin();
        uint256 frame = frameHere(MARGIN, 1, INITIAL_TABLE);
        uint256 word = healthyWord(CONSUMER, ACTION);
        seed %= P;
        which %= 4;
        if (which == 0) {
            vm.assume(seed != frame);
            claim = prove(claim, seed, word);
        } else if (which == 1) {
            vm.assume(seed != word);
            claim = prove(claim, frame, seed);
        } else if (which == 2) {
            vm.assume(seed != claim.nullifier);
            claim.nullifier = seed;
        } else {
            vm.assume(seed != claim.nullifierNext);
            claim.nullifierNext = seed;
        }
        assertFalse(holds(claim), "another signal");
    }

    function test_K13_pointsAtInfinityAreRefused() public {
        MarginClaim memory claim = provenMargin();
        uint256[] memory words = wordsOf(claim);
        (words[0], words[1]) = (0, 0);
        refuse(claim, words, "A at infinity");
        words = wordsOf(provenMargin());
        (words[2], words[3], words[4], words[5]) = (0, 0, 0, 0);
        refuse(claim, words, "B at infinity");
        words = wordsOf(provenMargin());
        (words[6], words[7]) = (0, 0);
        refuse(claim, words, "C at infinity");
        refuse(claim, new uint256[](8), "all at infinity");
    }

    function test_K13_pointsOffTheCurveAndOtherEncodingsAreRefused() public {
        uint256[] memory words = wordsOf(provenMargin());
        for (uint256 i = 0; i < 8; ++i) {
            refuseWord(i, addmod(words[i], 1, Q), "coordinate + 1");
            unchecked {
                refuseWord(i, words[i] + Q, "coordinate + q");
            }
            refuseWord(i, Q, "q");
            refuseWord(i, type(uint256).max, "2^256 - 1");
        }
    }

    function test_K13_aPointOutsideTheSubgroupIsRefused() public {
        MarginClaim memory claim = provenMargin();
        uint256[] memory words = wordsOf(claim);
        for (uint256 i = 0; i < 4; ++i) {
            words[2 + i] = outsideSubgroup[i];
        }
        refuse(claim, words, "B outside the subgroup");
    }

    function test_aProofOfAnotherCircuitsKeyIsRefused() public {
        refuse(provenMargin(), foreign, "a proof of eleven signals");
    }

    /// Nothing may key on a proof: (A, B, C) and (-A, -B, C) are of one statement, and both name the same account.
    function test_K4_anotherProofOfTheStatementNamesTheSameAccount() public {
        MarginClaim memory claim = provenMargin();
        uint256[] memory words = wordsOf(claim);
        (words[1], words[4], words[5]) = (Q - words[1], Q - words[4], Q - words[5]);
        assertTrue(holds(withWords(claim, words)), "negated A and B");
    }

    function test_K14_calldataCutShortIsRefused() public {
        bytes memory data = call(provenMargin());
        assembly {
            mstore(data, sub(mload(data), 1))
        }
        vm.prank(CONSUMER);
        (bool ok, bytes memory reason) = address(gate).call{gas: GAS}(data);
        assertFalse(ok, "a byte short");
        assertEq(reason.length, 0, "refused by the decoder");
    }

    /// forge makes a call of an isolated test a transaction of its own: 21,000, calldata, and nothing touched before. The bar
    /// holds were no byte of the calldata 0.
    /// forge-config: default.isolate = true
    function test_requireMarginKeepsItsGasBar() public {
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        bytes memory data = call(provenMargin());
        uint256 zeros;
        for (uint256 i = 0; i < data.length; ++i) {
            if (data[i] == 0) ++zeros;
        }
        vm.prank(CONSUMER);
        (bool ok,) = address(gate).call(data);
        uint256 spent = vm.lastCallGas().gasTotalUsed;
        assertTrue(ok, "accepted");
        // 21,000, the pairing and four multiplications: less would mean that forge did not isolate, or that something was not checked.
        if (spent < 240_000) revert Differ("gas of requireMargin, not isolated", spent, 240_000);
        spent += zeros * (CALLDATA_BYTE_GAS - CALLDATA_ZERO_GAS);
        if (spent > GAS_BAR) revert Differ("gas of requireMargin", spent, GAS_BAR);
    }
}
