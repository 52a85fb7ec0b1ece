// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {AccountFrame, AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyMirror, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {CrossChainMessages, Envelope, StandingMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev What a mirror's requireMargin and checkMargin take, and every way to bend a claim.
contract MirrorMarginTest is MirrorFixture {
    /// Of the initial table, as a prover computes it.
    uint256 private _frame;
    bytes private constant REJECTED = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);

    function setUp() public override {
        super.setUp();
        deliver(makeEpoch());
        deliver(beacon.makeTable(VENUE, INITIAL_TABLE));
        vm.chainId(AWAY);
        _frame = homeFrame(MARGIN, 1, ROOT, INITIAL_TABLE);
        mirror.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
    }

    function honest() private view returns (MarginClaim memory) {
        return sealedWith(_frame, word());
    }

    function ask(MarginClaim memory claim) private returns (uint256) {
        vm.prank(CONSUMER);
        return mirror.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function refuse(MarginClaim memory claim, bytes memory reason) private {
        vm.prank(CONSUMER);
        vm.expectRevert(reason);
        mirror.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    function sealedWith(uint256 frame, uint256 terms) private pure returns (MarginClaim memory claim) {
        claim.circuitId = MARGIN;
        claim.epoch = 1;
        claim.marketCommitment = INITIAL_TABLE;
        (claim.nullifier, claim.nullifierNext) = (NULLIFIER, NEXT);
        return sealMargin(claim, frame, terms);
    }

    function word() private view returns (uint256) {
        return mirrorWord(AWAY, address(mirror), CONSUMER, ACTION);
    }

    function testAnHonestClaimNamesTheAccount() public {
        assertEq(mirror.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE), _frame, "the frame");
        assertEq(ask(honest()), NULLIFIER, "frame recorded");
        MarginClaim memory claim = mirrorClaim(CONSUMER, ACTION, 1, MARKET);
        vm.prank(CONSUMER);
        uint256 account = mirror.requireMargin(VENUE, claim, MarginLevel.MAINTENANCE, TABLE_AGE, ACTION);
        assertEq(account, NULLIFIER, "the epoch's own table, which came with it; its frame not recorded");
    }

    /// Made for the same consumer and action at the home gate, and the other way round.
    function testReplayAcrossGateAndMirror() public {
        refuse(sealedWith(_frame, healthyWord(CONSUMER, ACTION)), REJECTED);
        MarginClaim memory claim = honest();
        vm.chainId(HOME);
        vm.prank(CONSUMER);
        vm.expectRevert(REJECTED);
        gate.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
    }

    /// A mirror at the same address on a third chain, or this chain after a fork.
    function testReplayAcrossChains() public {
        MarginClaim memory claim = honest();
        vm.chainId(AWAY + 1);
        refuse(claim, REJECTED);
        claim = sealedWith(_frame, mirrorWord(AWAY + 1, address(mirror), CONSUMER, ACTION));
        assertEq(ask(claim), NULLIFIER, "one made for that chain");
        vm.chainId(AWAY);
        refuse(claim, REJECTED);
    }

    function testReplayAcrossMirrors() public {
        SolvencyMirror other = newMirror(setOf(2, 2), MirrorRules(STANDING_STALE, STANDING_HALT, 0));
        MarginClaim memory claim = sealedWith(_frame, mirrorWord(AWAY, address(other), CONSUMER, ACTION));
        refuse(claim, REJECTED);
        claim = honest();
        SolvencyMirror first = mirror;
        mirror = other;
        deliver(makeEpochHome());
        deliver(tableHome());
        vm.chainId(AWAY);
        refuse(claim, REJECTED);
        mirror = first;
        assertEq(ask(claim), NULLIFIER, "where it was made for");
    }

    function makeEpochHome() private returns (bytes memory payload) {
        vm.chainId(HOME);
        payload = makeEpoch();
    }

    function tableHome() private returns (bytes memory payload) {
        vm.chainId(HOME);
        payload = beacon.makeTable(VENUE, INITIAL_TABLE);
    }

    function testReplayAcrossConsumers() public {
        MarginClaim memory claim = honest();
        vm.prank(STRANGER);
        vm.expectRevert(REJECTED);
        mirror.requireMargin(VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION);
        refuse(sealedWith(_frame, mirrorWord(AWAY, address(mirror), STRANGER, ACTION)), REJECTED);
    }

    function testFuzz_anotherActionsProofIsRefused(bytes32 action) public {
        vm.assume(action != ACTION);
        refuse(sealedWith(_frame, mirrorWord(AWAY, address(mirror), CONSUMER, action)), REJECTED);
    }

    function testFuzz_everyChangedSignalIsRefused(uint256 nullifier, uint256 next, uint256 frame_, uint256 word_)
        public
    {
        vm.assume(nullifier % P != NULLIFIER && next % P != NEXT && frame_ != _frame && word_ != word());
        MarginClaim memory claim = honest();
        claim.nullifier = nullifier % P;
        refuse(claim, REJECTED);
        claim = honest();
        claim.nullifierNext = next % P;
        refuse(claim, REJECTED);
        refuse(sealedWith(frame_, word()), REJECTED);
        refuse(sealedWith(_frame, word_), REJECTED);
    }

    function testAProofInAnotherCircuitIsRefused() public {
        MarginClaim memory claim = honest();
        claim.circuitId = MARGIN_B;
        refuse(claim, REJECTED);
    }

    /// Terms that say less than "healthy", with everything else right.
    function testProofsOfOtherTermsAreNoMargin() public {
        uint256[5] memory words = [word() - 1, word() + 1, word() + 2, word() + 4, word() + 8];
        for (uint256 i = 0; i < words.length; ++i) {
            refuse(sealedWith(_frame, words[i]), REJECTED);
        }
    }

    /// The domain is the home chain's, registry's and venue's: of this chain, the beacon or another venue it would be another.
    function testDomainsOfOtherPlacesAreRefused() public {
        uint256[5] memory domains = [
            domainAt(AWAY, address(registry), VENUE, MARGIN),
            domainAt(HOME, address(beacon), VENUE, MARGIN),
            domainAt(HOME, address(mirror), VENUE, MARGIN),
            domainAt(HOME, address(registry), VENUE + 1, MARGIN),
            domainAt(HOME, address(registry), VENUE, EXIT)
        ];
        for (uint256 i = 0; i < domains.length; ++i) {
            refuse(
                sealedWith(poseidon5.poseidon([uint256(24), domains[i], 1, ROOT, INITIAL_TABLE]), word()), REJECTED
            );
        }
        vm.chainId(HOME);
        uint256 there = registry.domainOf(VENUE, MARGIN);
        vm.chainId(AWAY);
        assertEq(mirror.domainOf(VENUE, MARGIN), there, "as the home registry has it");
        mirror.recordFrame(VENUE, MARGIN, 1, MARKET);
        assertEq(mirror.domainOf(VENUE, MARGIN), there, "cached");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownCircuit.selector, 999, CircuitKind.NONE));
        mirror.domainOf(VENUE, 999);
    }

    function testNumbersBeyondTheFieldAreRefused() public {
        MarginClaim memory claim = honest();
        claim.nullifier = NULLIFIER + P;
        refuse(claim, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nullifier"), NULLIFIER + P));
        claim = honest();
        claim.nullifierNext = NEXT + P;
        refuse(claim, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("nullifierNext"), NEXT + P));
        claim = honest();
        claim.marketCommitment = INITIAL_TABLE + P;
        refuse(claim, abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, INITIAL_TABLE + P));
    }

    function testOnlyTheLatestEpochCounts() public {
        MarginClaim memory old = honest();
        vm.chainId(HOME);
        bytes memory second = nextEpochMessage(10);
        deliver(makeStanding());
        vm.chainId(AWAY);
        refuse(old, abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 1, 2));
        MarginClaim memory next = mirrorClaim(CONSUMER, ACTION, 2, INITIAL_TABLE);
        refuse(next, abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 2));
        deliver(second);
        vm.chainId(AWAY);
        refuse(old, abi.encodeWithSelector(ISolvencyGate.NotLatestEpoch.selector, VENUE, 1, 2));
        assertEq(ask(next), NULLIFIER, "epoch 2");
    }

    function testTablesAreThoseThatCame() public {
        MarginClaim memory claim = mirrorClaim(CONSUMER, ACTION, 1, 6667);
        refuse(claim, abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, 6667));
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, 6667));
        mirror.recordFrame(VENUE, MARGIN, 1, 6667);
        refuse(
            mirrorClaim(CONSUMER, ACTION, 1, MARKET),
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.MAINTENANCE, MarginLevel.INITIAL
            )
        );
    }

    function testPricesAge() public {
        vm.warp(START + TABLE_AGE);
        assertEq(ask(honest()), NULLIFIER, "at its age");
        vm.warp(START + TABLE_AGE + 1);
        refuse(honest(), abi.encodeWithSelector(ISolvencyGate.TableTooOld.selector, TABLE_AGE + 1, TABLE_AGE));
        vm.warp(START - 900);
        assertEq(ask(honest()), NULLIFIER, "a home clock that is ahead: as old as nothing");
    }

    /// A circuit that home retired proves nothing here from the moment it is said.
    function testRetiredCircuitsAreRefused() public {
        vm.chainId(HOME);
        Envelope memory envelope = opened(makeStanding());
        StandingMessage memory standing = abi.decode(envelope.body, (StandingMessage));
        standing.retired = 1 << registry.circuit(MARGIN).place;
        envelope.body = abi.encode(standing);
        deliver(CrossChainMessages.encode(envelope));
        vm.chainId(AWAY);
        refuse(honest(), abi.encodeWithSelector(ISolvencyMirror.CircuitRetired.selector, MARGIN));
        MarginClaim memory claim = honest();
        claim.circuitId = MARGIN_B;
        assertEq(ask(sealMargin(claim, homeFrame(MARGIN_B, 1, ROOT, INITIAL_TABLE), word())), NULLIFIER, "the other");
    }

    function testCircuitsOfOtherKindsAreRefused() public {
        uint256[6] memory others = [BATCH_A, CLOSE_A, EXIT, SIGNER, MARK, uint256(999)];
        for (uint256 i = 0; i < others.length; ++i) {
            MarginClaim memory claim = honest();
            claim.circuitId = others[i];
            claim = sealMargin(claim, homeFrame(others[i], 1, ROOT, INITIAL_TABLE), word());
            refuse(claim, abi.encodeWithSelector(ISolvencyMirror.NotAnAccountCircuit.selector, others[i]));
            vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.NotAnAccountCircuit.selector, others[i]));
            mirror.recordFrame(VENUE, others[i], 1, INITIAL_TABLE);
        }
    }

    /// Proofs are verified under the hash that was pinned, and nowhere else.
    function testTheKeyIsThePinnedOne() public {
        vm.expectCall(address(proofs), abi.encodeWithSelector(IProofBatch.verify.selector, keyOf(MARGIN)));
        ask(honest());
        proofs.forget(keyOf(MARGIN));
        refuse(honest(), abi.encodeWithSelector(IProofBatch.UnknownKey.selector, keyOf(MARGIN)));
    }

    function testAFalseIsARefusal() public {
        MarginClaim memory claim = honest();
        claim.proof.a[0] ^= 1;
        refuse(claim, REJECTED);
        refuse(claim, REJECTED);
    }

    /// Whatever terms: checkMargin passes the word of the definition, and of no others.
    function testFuzz_checkMarginDerivesTheWordOfTheTerms(AccountTerms memory terms, uint8 bit) public {
        MarginClaim memory claim = sealedWith(_frame, wordOf(terms));
        AccountFrame memory known = mirror.checkMargin(VENUE, claim, terms);
        assertEq(known.value, _frame, "frame");
        assertEq(known.verifier, address(0), "no verifier on this chain");
        assertEq(known.marketTime, START, "time");
        assertEq(uint8(known.level), uint8(MarginLevel.INITIAL), "level");
        claim = sealedWith(_frame, wordOf(terms) ^ (1 << bit));
        vm.expectRevert(REJECTED);
        mirror.checkMargin(VENUE, claim, terms);
    }

    /// Judging epoch, level and age is the caller's there.
    function testCheckMarginTakesOlderEpochsAndTables() public {
        AccountTerms memory terms;
        terms.held = true;
        MarginClaim memory claim = sealMargin(
            mirrorClaim(CONSUMER, ACTION, 1, MARKET), homeFrame(MARGIN, 1, ROOT, MARKET), 2
        );
        vm.chainId(HOME);
        deliver(nextEpochMessage(10));
        vm.chainId(AWAY);
        vm.warp(START + 30 days);
        assertEq(mirror.checkMargin(VENUE, claim, terms).marketTime, START, "the caller judges");
        claim.epoch = 3;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.UnknownMirroredEpoch.selector, VENUE, 3));
        mirror.checkMargin(VENUE, claim, terms);
    }

    function testFuzz_scopesAreNeverTheVaultsNorTheGates(address consumer) public view {
        assertTrue(mirror.scopeOf(consumer) != 0, "not the vault's");
        assertTrue(mirror.scopeOf(consumer) != gate.scopeOf(consumer), "not the gate's");
        assertTrue(mirror.contextOf(consumer, ACTION) != gate.contextOf(consumer, ACTION), "nor its context");
    }
}
