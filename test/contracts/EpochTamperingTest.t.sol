// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BatchSubmission, EpochSubmission, ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {SettlementWords} from "../../contracts/libraries/SettlementWords.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @dev What a submission says after it was sealed: every change must reach a verifier, or be refused before.
contract EpochTamperingTest is RegistryFixture {
    bytes4 private constant BATCH = ISolvencyRegistry.BatchProofRejected.selector;
    bytes4 private constant CLOSE = ISolvencyRegistry.CloseProofRejected.selector;

    function setUp() public override {
        super.setUp();
        open();
    }

    function rejects(EpochSubmission memory s, uint256 index) private {
        submitExpecting(s, abi.encodeWithSelector(BATCH, index));
    }

    function rejectsClose(EpochSubmission memory s) private {
        submitExpecting(s, abi.encodeWithSelector(CLOSE));
    }

    function test_K11_aFalseBatchProofIsRefusedWithItsIndex() public {
        for (uint256 i = 0; i < 3; ++i) {
            EpochSubmission memory s = sealed_(1);
            s.batches[i].proof.a[0] ^= 1;
            rejects(s, i);
        }
    }

    function test_K11_aFalseCloseProofIsRefused() public {
        EpochSubmission memory s = sealed_(1);
        s.close.proof.a[0] ^= 1;
        rejectsClose(s);
    }

    function test_anotherGenesisIsRefused() public {
        EpochSubmission memory s = sealed_(1);
        s.genesisAccumulator = 12;
        rejects(s, 0);
    }

    function test_aBrokenLinkIsRefusedByTheNextBatch() public {
        EpochSubmission memory s = sealed_(1);
        EpochSubmission memory other = draft(1);
        other.batches[0].accumulatorAfter = 4242;
        other = seal(other, block.chainid, address(registry), VENUE);
        s.batches[0] = other.batches[0];
        rejects(s, 1);
    }

    function test_omittedRepeatedAndReorderedBatchesAreRefused() public {
        EpochSubmission memory s = sealed_(1);
        BatchSubmission[] memory all = s.batches;

        s.batches = pick(all, 1, 2, 2);
        rejects(s, 0);
        s.batches = pick(all, 0, 2, 2);
        rejects(s, 1);
        s.batches = pick(all, 0, 1, 2);
        rejectsClose(s);
        s.batches = pick(all, 0, 0, 2);
        rejects(s, 1);
        s.batches = pick(all, 1, 0, 2);
        rejects(s, 0);
    }

    function pick(BatchSubmission[] memory all, uint256 first, uint256 second, uint256 count)
        private
        pure
        returns (BatchSubmission[] memory chosen)
    {
        chosen = new BatchSubmission[](count);
        (chosen[0], chosen[1]) = (all[first], all[second]);
    }

    function test_aBatchOfAnotherCircuitIsRefused() public {
        EpochSubmission memory s = sealed_(1);
        s.batches[0].circuitId = BATCH_B;
        rejects(s, 0);
        s = sealed_(1);
        s.close.circuitId = CLOSE_B;
        rejectsClose(s);
    }

    function test_everyFigureOfTheCloseReachesItsVerifier() public {
        EpochSubmission memory s = sealed_(1);
        s.close.accountsRoot += 1;
        rejectsClose(s);
        s = sealed_(1);
        s.close.accountsBound += 1;
        rejectsClose(s);
        s = sealed_(1);
        s.close.unhealthyBound -= 1;
        rejectsClose(s);
        s = sealed_(1);
        s.close.shortfall -= 1;
        rejectsClose(s);
        for (uint256 i = 0; i < 4; ++i) {
            s = sealed_(1);
            s.words[i] ^= 1;
            rejectsClose(s);
        }
    }

    function test_K2_signalsOutsideTheFieldAreRefusedByName() public {
        uint256[3] memory shifts = [P, 2 * P, type(uint256).max - 2000];
        for (uint256 i = 0; i < shifts.length; ++i) {
            EpochSubmission memory s = sealed_(1);
            s.genesisAccumulator += shifts[i];
            refuses(s, "genesisAccumulator", s.genesisAccumulator);
            s = sealed_(1);
            s.batches[2].accumulatorAfter += shifts[i];
            refuses(s, "accumulatorAfter", s.batches[2].accumulatorAfter);
            s = sealed_(1);
            s.close.accountsRoot += shifts[i];
            refuses(s, "accountsRoot", s.close.accountsRoot);
            s = sealed_(1);
            s.close.accountsBound += shifts[i];
            refuses(s, "accountsBound", s.close.accountsBound);
            s = sealed_(1);
            s.close.unhealthyBound += shifts[i];
            refuses(s, "unhealthyBound", s.close.unhealthyBound);
            s = sealed_(1);
            s.close.shortfall = shifts[i];
            refuses(s, "shortfall", s.close.shortfall);
        }
    }

    function refuses(EpochSubmission memory s, bytes32 name, uint256 value) private {
        submitExpecting(s, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, name, value));
    }

    function test_wordsAreCountedAndBounded() public {
        EpochSubmission memory s = draft(1);
        uint256 limit = 1 << 128;
        s.words[1] = limit;
        submitExpecting(s, abi.encodeWithSelector(SettlementWords.WordOutOfRange.selector, 1, limit));
        s.words[1] = P;
        submitExpecting(s, abi.encodeWithSelector(SettlementWords.WordOutOfRange.selector, 1, P));
        s.words = new uint256[](3);
        submitExpecting(s, abi.encodeWithSelector(SettlementWords.WordCountMismatch.selector, 3, 4));
        s.words = new uint256[](6);
        submitExpecting(s, abi.encodeWithSelector(SettlementWords.WordCountMismatch.selector, 6, 4));
        s = draft(1);
        s.words[0] = limit - 1;
        submit(seal(s, block.chainid, address(registry), VENUE));
        assertFalse(registry.epochAt(VENUE, 1).covered, "the largest word is accepted and not covered");
    }

    function test_K14_shortCalldataIsRefusedAndTrailingBytesChangeNothing() public {
        bytes memory call = abi.encodeCall(registry.submitEpoch, (VENUE, sealed_(1)));
        bytes memory short = new bytes(call.length - 32);
        for (uint256 i = 0; i < short.length; ++i) {
            short[i] = call[i];
        }
        vm.prank(OPERATOR);
        (bool ok,) = address(registry).call(short);
        assertFalse(ok, "short calldata");
        assertEq(registry.latestEpoch(VENUE), 0, "nothing recorded");
        vm.prank(OPERATOR);
        (ok,) = address(registry).call(bytes.concat(call, bytes32(type(uint256).max)));
        assertTrue(ok, "trailing bytes");
        assertEq(registry.epochAt(VENUE, 1).finalAccumulator, 1002, "same record");
    }

    function test_K14_dirtyHighBitsOfTheEpochAreRefused() public {
        bytes memory call = abi.encodeCall(registry.submitEpoch, (VENUE, sealed_(1)));
        // Selector, venue id, offset of the tuple; then the epoch's word, whose top byte is set here.
        call[4 + 64] = 0x01;
        vm.prank(OPERATOR);
        (bool ok,) = address(registry).call(call);
        assertFalse(ok, "dirty epoch");
    }

    function testFuzz_settlementWordsBindEveryWord(uint128[4] memory words, uint8 place, uint128 other) public {
        EpochSubmission memory s = draft(1);
        for (uint256 i = 0; i < 4; ++i) {
            s.words[i] = words[i];
        }
        s = seal(s, block.chainid, address(registry), VENUE);
        vm.assume(other != words[place % 4]);
        s.words[place % 4] = other;
        rejectsClose(s);
        s.words[place % 4] = words[place % 4];
        submit(s);
    }

    function testFuzz_anyHonestFiguresAreRecordedAsTheyAre(uint256 root, uint256 bound_, uint256 shortfall, uint256 end)
        public
    {
        EpochSubmission memory s = draft(1);
        s.close.accountsRoot = root % P;
        s.close.accountsBound = bound_ % P;
        s.close.shortfall = shortfall % P;
        s.batches[2].accumulatorAfter = end % P;
        submit(seal(s, block.chainid, address(registry), VENUE));
        assertEq(registry.epochAt(VENUE, 1).accountsRoot, root % P, "root");
        assertEq(registry.epochAt(VENUE, 1).accountsBound, bound_ % P, "bound");
        assertEq(registry.epochAt(VENUE, 1).shortfall, shortfall % P, "shortfall");
        assertEq(registry.epochAt(VENUE, 1).finalAccumulator, end % P, "final accumulator");
    }
}
