// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountFrame, AccountTerms, IAccountProofs} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CircuitKind, ISolvencyRegistry, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {AccountTermsWord} from "../../../contracts/libraries/AccountTermsWord.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {MockMarketSource} from "../mocks/MockMarketSource.sol";
import {GateFixture} from "./GateFixture.sol";

/// @dev What requireMargin and checkMargin take, and every way to bend a claim.
contract GateMarginTest is GateFixture {
    bytes private constant REJECTED = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);

    function ask(MarginClaim memory claim) private returns (uint256) {
        vm.prank(CONSUMER);
        return gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function refuse(MarginClaim memory claim, bytes memory reason) private {
        vm.prank(CONSUMER);
        vm.expectRevert(reason);
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function reseal(MarginClaim memory claim) private view returns (MarginClaim memory) {
        uint256 frame = frameHere(claim.circuitId, claim.epoch, claim.marketCommitment);
        return sealMargin(claim, frame, healthyWord(CONSUMER, ACTION));
    }

    function test_anHonestClaimNamesTheAccount() public {
        assertEq(ask(honestMargin()), NULLIFIER, "frame not recorded");
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        assertEq(ask(honestMargin()), NULLIFIER, "frame recorded");
        MarginClaim memory claim = marginFor(CONSUMER, ACTION, MARKET);
        vm.prank(CONSUMER);
        uint256 account = gate.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        assertEq(account, NULLIFIER, "the epoch's own table");
    }

    function test_anotherShapeOfTheCircuitServesAsWell() public {
        MarginClaim memory claim = draftMargin(INITIAL_TABLE);
        claim.circuitId = MARGIN_B;
        assertEq(ask(reseal(claim)), NULLIFIER, "account");
    }

    function testFuzz_K1_everyChangedSignalIsRefused(uint256 nullifier, uint256 next, uint256 frame, uint256 word)
        public
    {
        MarginClaim memory claim = honestMargin();
        uint256 honestFrame = frameHere(MARGIN, 1, INITIAL_TABLE);
        uint256 honestWord = healthyWord(CONSUMER, ACTION);
        vm.assume(nullifier % P != NULLIFIER && next % P != NEXT && frame != honestFrame && word != honestWord);
        claim.nullifier = nullifier % P;
        refuse(claim, REJECTED);
        claim = honestMargin();
        claim.nullifierNext = next % P;
        refuse(claim, REJECTED);
        refuse(sealMargin(honestMargin(), frame, honestWord), REJECTED);
        refuse(sealMargin(honestMargin(), honestFrame, word), REJECTED);
        claim = honestMargin();
        claim.circuitId = MARGIN_B;
        refuse(claim, REJECTED);
    }

    function test_K2_nullifiersBeyondTheFieldAreRefusedThoughAVerifierTookThem() public {
        for (uint256 k = 1; k <= 3; ++k) {
            uint256 more = k == 3 ? type(uint256).max - NULLIFIER : k * P;
            MarginClaim memory claim = draftMargin(INITIAL_TABLE);
            claim.nullifier = NULLIFIER + more;
            refuse(reseal(claim), notAnElement("nullifier", NULLIFIER + more));
            claim = draftMargin(INITIAL_TABLE);
            claim.nullifierNext = NULLIFIER + more;
            refuse(reseal(claim), notAnElement("nullifierNext", NULLIFIER + more));
            claim = draftMargin(INITIAL_TABLE);
            claim.marketCommitment = NULLIFIER + more;
            refuse(reseal(claim), notAnElement("marketCommitment", NULLIFIER + more));
        }
    }

    function notAnElement(bytes32 name, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, name, value);
    }

    function test_K3_aProofForAnotherChainRegistryVenueOrCircuitIsRefused() public {
        uint256[4] memory domains = [
            domainAt(block.chainid + 1, address(registry), VENUE, MARGIN),
            domainAt(block.chainid, address(gate), VENUE, MARGIN),
            domainAt(block.chainid, address(registry), VENUE + 1, MARGIN),
            domainAt(block.chainid, address(registry), VENUE, EXIT)
        ];
        for (uint256 i = 0; i < domains.length; ++i) {
            uint256 frame = poseidon5.poseidon([uint256(24), domains[i], 1, ROOT, INITIAL_TABLE]);
            refuse(sealMargin(draftMargin(INITIAL_TABLE), frame, healthyWord(CONSUMER, ACTION)), REJECTED);
        }
    }

    function test_aFrameOfAnotherSourceRootOrTableIsRefused() public {
        uint256 word = healthyWord(CONSUMER, ACTION);
        uint256 here = domainHere(MARGIN);
        uint256[4] memory frames = [
            poseidon5.poseidon([uint256(24 + 2 ** 16), here, 1, ROOT, INITIAL_TABLE]),
            poseidon5.poseidon([uint256(24), here, 1, ROOT + 1, INITIAL_TABLE]),
            poseidon5.poseidon([uint256(24), here, 1, ROOT, MARKET]),
            poseidon5.poseidon([uint256(24), here, 2, ROOT, INITIAL_TABLE])
        ];
        for (uint256 i = 0; i < frames.length; ++i) {
            refuse(sealMargin(draftMargin(INITIAL_TABLE), frames[i], word), REJECTED);
        }
    }

    function test_anotherConsumersProofIsRefused() public {
        refuse(marginFor(STRANGER, ACTION, INITIAL_TABLE), REJECTED);
        MarginClaim memory claim = honestMargin();
        vm.prank(STRANGER);
        vm.expectRevert(REJECTED);
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function testFuzz_anotherActionsProofIsRefused(bytes32 action) public {
        vm.assume(action != ACTION);
        refuse(marginFor(CONSUMER, action, INITIAL_TABLE), REJECTED);
    }

    /// Terms that say less than "healthy", with everything else right.
    function test_proofsOfOtherTermsAreNoMargin() public {
        uint256 frame = frameHere(MARGIN, 1, INITIAL_TABLE);
        uint256 word = healthyWord(CONSUMER, ACTION);
        uint256[5] memory words = [word - 1, word + 1, word + 2, word + 4, word + 8];
        for (uint256 i = 0; i < words.length; ++i) {
            refuse(sealMargin(draftMargin(INITIAL_TABLE), frame, words[i]), REJECTED);
        }
    }

    function test_K5_onlyTheLatestEpochCounts() public {
        MarginClaim memory old = honestMargin();
        nextEpoch();
        refuse(old, abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 1, 2));
        MarginClaim memory claim = draftMargin(INITIAL_TABLE);
        claim.epoch = 3;
        refuse(claim, abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 3, 2));
        assertEq(ask(honestMargin()), NULLIFIER, "epoch 2");
        old.epoch = 2;
        refuse(old, REJECTED);
    }

    function test_beforeTheFirstEpochNothingIsProven() public {
        vm.prank(OWNER);
        registry.registerVenue(VENUE + 1, config());
        MarginClaim memory claim = honestMargin();
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE + 1, 1, 0));
        gate.requireMargin(VENUE + 1, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
        claim.epoch = 0;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE + 1, INITIAL_TABLE));
        gate.requireMargin(VENUE + 1, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(VENUE + 1, assets());
        markets.stateMarket(VENUE + 1, INITIAL_TABLE, Market(MarginLevel.INITIAL, uint64(START), 2), 12);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE + 1, 0));
        gate.requireMargin(VENUE + 1, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function test_aVenueNobodyRegisteredProvesNothing() public {
        MarginClaim memory claim = honestMargin();
        claim.epoch = 0;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 12345));
        gate.requireMargin(12345, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function test_theTablesLevelIsTheOneAskedFor() public {
        MarginClaim memory claim = marginFor(CONSUMER, ACTION, MARKET);
        refuse(
            claim,
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.MAINTENANCE, MarginLevel.INITIAL
            )
        );
        claim = honestMargin();
        vm.prank(CONSUMER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.INITIAL, MarginLevel.MAINTENANCE
            )
        );
        gate.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        vm.prank(CONSUMER);
        vm.expectRevert(
            abi.encodeWithSelector(ISolvencyGate.WrongMarginLevel.selector, MarginLevel.INITIAL, MarginLevel.NONE)
        );
        gate.requireMargin(VENUE, claim, MarginLevel.NONE, TABLE_AGE, ACTION);
    }

    function test_K21_aTableIsTakenToItsLastSecond() public {
        vm.warp(START + TABLE_AGE);
        assertEq(ask(honestMargin()), NULLIFIER, "last second");
        vm.warp(START + TABLE_AGE + 1);
        refuse(honestMargin(), abi.encodeWithSelector(ISolvencyGate.TableTooOld.selector, TABLE_AGE + 1, TABLE_AGE));
    }

    function test_K20_aTableFromTheFutureIsRefusedThoughASourceTookIt() public {
        MockMarketSource own = new MockMarketSource();
        VenueConfig memory c = config();
        c.markets = own;
        vm.prank(OWNER);
        registry.registerVenue(8, c);
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(8, assets());
        own.set(8, Market(MarginLevel.MAINTENANCE, uint64(START + 1), 2));
        vm.startPrank(OPERATOR);
        registry.openSnapshot(8);
        registry.submitEpoch(8, seal(draft(1), block.chainid, address(registry), 8));
        vm.stopPrank();
        uint256 here = domainAt(block.chainid, address(registry), 8, MARGIN);
        uint256 frame = poseidon5.poseidon([uint256(24), here, 1, ROOT, MARKET]);
        MarginClaim memory claim = sealMargin(draftMargin(MARKET), frame, healthyWord(CONSUMER, ACTION));
        vm.prank(CONSUMER);
        // Panic of a subtraction below zero.
        vm.expectRevert(abi.encodeWithSelector(bytes4(0x4e487b71), 0x11));
        gate.requireMargin(8, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        vm.warp(START + 1);
        vm.prank(CONSUMER);
        gate.requireMargin(8, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
    }

    function test_aTableNobodyAcceptedIsRefused() public {
        refuse(
            marginFor(CONSUMER, ACTION, 9999), abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, 9999)
        );
    }

    /// The exit circuit has as many signals: its equity must not pass for terms, nor its recipient for a nullifier.
    function test_K14_circuitsOfOtherKindsAreRefusedWhateverIsRecorded() public {
        uint256[5] memory others = [BATCH_A, CLOSE_A, SIGNER, MARK, uint256(999)];
        for (uint256 i = 0; i < others.length; ++i) {
            MarginClaim memory other = draftMargin(INITIAL_TABLE);
            other.circuitId = others[i];
            refuse(reseal(other), abi.encodeWithSelector(IAccountProofs.NotAnAccountCircuit.selector, others[i]));
        }
        MarginClaim memory claim = draftMargin(INITIAL_TABLE);
        claim.circuitId = EXIT;
        claim = reseal(claim);
        bytes memory reason = abi.encodeWithSelector(
            ISolvencyRegistry.WrongCircuit.selector, EXIT, CircuitKind.ACCOUNT_EXIT, CircuitKind.ACCOUNT_MARGIN
        );
        refuse(claim, reason);
        gate.recordFrame(VENUE, EXIT, 1, INITIAL_TABLE);
        refuse(claim, reason);
    }

    function test_K11_aVerifiersFalseIsARefusal() public {
        MarginClaim memory claim = honestMargin();
        claim.proof.a[0] ^= 1;
        refuse(claim, REJECTED);
        gate.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
        refuse(claim, REJECTED);
    }

    /// Whatever terms: checkMargin passes the word of the definition, and of no others.
    function testFuzz_checkMarginDerivesTheWordOfTheTerms(AccountTerms memory terms, uint8 bit) public {
        uint256 frame = frameHere(MARGIN, 1, INITIAL_TABLE);
        MarginClaim memory claim = sealMargin(draftMargin(INITIAL_TABLE), frame, wordOf(terms));
        AccountFrame memory known = gate.checkMargin(VENUE, claim, terms);
        assertEq(known.value, frame, "frame");
        assertEq(known.verifier, address(accountVerifier), "verifier");
        assertEq(known.marketTime, START, "time");
        assertEq(uint8(known.level), uint8(MarginLevel.INITIAL), "level");
        claim = sealMargin(claim, frame, wordOf(terms) ^ (1 << bit));
        vm.expectRevert(REJECTED);
        gate.checkMargin(VENUE, claim, terms);
    }

    /// Row and amount keep apart in the payload, at their limits too.
    function testFuzz_aWithdrawalsPayloadIsRowAndAmount(uint16 row, uint64 amount) public pure {
        uint80 payload = AccountTermsWord.withdrawal(row, amount);
        assertEq(uint256(payload), uint256(row) + uint256(amount) * 65_536, "row + amount * 2^16");
        assertEq(AccountTermsWord.withdrawal(type(uint16).max, type(uint64).max), type(uint80).max, "all of it");
        assertEq(AccountTermsWord.withdrawal(3, 5), 5 * 65_536 + 3, "the row is lowest");
    }

    /// Judging epoch, level and age is the caller's there.
    function test_checkMarginTakesOlderEpochsAndTables() public {
        AccountTerms memory terms;
        terms.held = true;
        MarginClaim memory claim = sealMargin(draftMargin(MARKET), frameHere(MARGIN, 1, MARKET), 2);
        nextEpoch();
        vm.warp(START + 30 days);
        assertEq(gate.checkMargin(VENUE, claim, terms).marketTime, START, "the caller judges");
        claim.epoch = 3;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 3));
        gate.checkMargin(VENUE, claim, terms);
    }

    function test_K14_dirtyTermsAreRefused() public {
        AccountTerms memory terms;
        bytes memory call = abi.encodeCall(gate.checkMargin, (VENUE, honestMargin(), terms));
        // The terms are the last six words: four flags, payload, context.
        uint256[6] memory tooLarge = [uint256(2), 2, 2, 2, 2 ** 80, 2 ** 128];
        for (uint256 i = 0; i < 6; ++i) {
            bytes memory dirty = bytes.concat(call);
            uint256 place = call.length - 32 * (6 - i) + 32;
            uint256 value = tooLarge[i];
            assembly {
                mstore(add(dirty, place), value)
            }
            (bool ok, bytes memory reason) = address(gate).call(dirty);
            assertFalse(ok, "dirty word");
            assertEq(reason.length, 0, "refused by the decoder");
        }
    }

    function test_scopesAndContextsAreThoseOfTheDefinition() public view {
        // By ethers: the low 80 bits of keccak256(abi.encode("clearproof.scope", 0xc0)), the low 128 of abi.encode(0xc0, keccak256("an action")).
        assertEq(gate.scopeOf(CONSUMER), 599868842437779614665145, "scope");
        assertEq(gate.contextOf(CONSUMER, ACTION), 175674362265252149464474673091761230324, "context");
    }

    function testFuzz_scopesAreNeverTheVaults(address consumer) public view {
        assertTrue(gate.scopeOf(consumer) != 0, "not 0");
    }
}
