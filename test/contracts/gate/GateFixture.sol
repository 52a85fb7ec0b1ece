// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountTerms, ExitClaim, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {SolvencyGate} from "../../../contracts/SolvencyGate.sol";
import {MockVerifierAccountSigner} from "../mocks/MockVerifierAccountSigner.sol";
import {MockVerifierBatch} from "../mocks/MockVerifierBatch.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev A gate over a registry with circuits of every account kind and one accepted epoch, an initial table, and a prover that seals
/// claims the mock verifiers accept: only if the gate derives exactly the signals sealed. Margin, exit and mark circuits share
/// one verifier, as an attacker would wish: all have four signals.
abstract contract GateFixture is RegistryFixture {
    uint256 internal constant MARGIN = 501;
    uint256 internal constant MARGIN_B = 502;
    uint256 internal constant EXIT = 601;
    uint256 internal constant SIGNER = 701;
    uint256 internal constant MARK = 801;
    uint256 internal constant INITIAL_TABLE = 6666;
    uint256 internal constant ROOT = 77;
    uint256 internal constant NULLIFIER = 31;
    uint256 internal constant NEXT = 32;
    uint256 internal constant TABLE_AGE = 15 minutes;
    bytes32 internal constant ACTION = keccak256("an action");
    address internal constant CONSUMER = address(0xC0);

    MockVerifierBatch internal accountVerifier;
    MockVerifierAccountSigner internal signerVerifier;
    SolvencyGate internal gate;

    function setUp() public virtual override {
        accountVerifier = new MockVerifierBatch(true);
        signerVerifier = new MockVerifierAccountSigner(true);
        super.setUp();
        gate = new SolvencyGate(registry);
        vm.prank(PARAMETERS);
        markets.stateMarket(VENUE, INITIAL_TABLE, Market(MarginLevel.INITIAL, uint64(START), 2), 12);
        nextEpoch();
    }

    function circuits() internal view virtual override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory solvency = super.circuits();
        list = new CircuitConfig[](solvency.length + 5);
        for (uint256 i = 0; i < solvency.length; ++i) {
            list[i] = solvency[i];
        }
        list[solvency.length] = CircuitConfig(MARGIN, CircuitKind.ACCOUNT_MARGIN, address(accountVerifier));
        list[solvency.length + 1] = CircuitConfig(MARGIN_B, CircuitKind.ACCOUNT_MARGIN, address(accountVerifier));
        list[solvency.length + 2] = CircuitConfig(EXIT, CircuitKind.ACCOUNT_EXIT, address(accountVerifier));
        list[solvency.length + 3] = CircuitConfig(SIGNER, CircuitKind.ACCOUNT_SIGNER, address(signerVerifier));
        list[solvency.length + 4] = CircuitConfig(MARK, CircuitKind.ROW_MARK, address(accountVerifier));
    }

    function nextEpoch() internal {
        uint64 epoch = registry.latestEpoch(VENUE) + 1;
        open();
        submit(sealed_(epoch));
    }

    function stateTable(uint256 commitment, MarginLevel level) internal {
        vm.prank(PARAMETERS);
        markets.stateMarket(VENUE, commitment, Market(level, uint64(block.timestamp), 2), 12);
    }

    // ---- what an honest prover signs off, derived without the gate's code ----

    function domainAt(uint256 chain, address place, uint256 venueId, uint256 circuitId)
        internal
        view
        returns (uint256)
    {
        return domain(poseidon5.poseidon([uint256(16), chain, uint160(place), venueId, 1]), circuitId);
    }

    function domainHere(uint256 circuitId) internal view returns (uint256) {
        return domainAt(block.chainid, address(registry), VENUE, circuitId);
    }

    function frameHere(uint256 circuitId, uint256 epoch, uint256 market) internal view returns (uint256) {
        return poseidon5.poseidon([uint256(24), domainHere(circuitId), epoch, ROOT, market]);
    }

    function healthyWord(address consumer, bytes32 action) internal pure returns (uint256) {
        uint256 scope = uint256(keccak256(abi.encode("clearproof.scope", consumer))) % 2 ** 80;
        uint256 context = uint256(keccak256(abi.encode(consumer, action))) % 2 ** 128;
        return 1 + 16 * scope + 2 ** 96 * context;
    }

    function wordOf(AccountTerms memory terms) internal pure returns (uint256 word) {
        word = 16 * uint256(terms.payload) + 2 ** 96 * uint256(terms.context);
        if (terms.healthy) word += 1;
        if (terms.held) word += 2;
        if (terms.withdraws) word += 4;
        if (terms.unmargined) word += 8;
    }

    function draftMargin(uint256 table) internal view returns (MarginClaim memory claim) {
        claim.circuitId = MARGIN;
        claim.epoch = registry.latestEpoch(VENUE);
        claim.marketCommitment = table;
        claim.nullifier = NULLIFIER;
        claim.nullifierNext = NEXT;
    }

    function sealMargin(MarginClaim memory claim, uint256 frame, uint256 word)
        internal
        pure
        returns (MarginClaim memory)
    {
        claim.proof.a[0] = uint256(keccak256(abi.encode(frame, word, claim.nullifier, claim.nullifierNext)));
        return claim;
    }

    /// @dev A claim of the latest epoch for a consumer and an action.
    function marginFor(address consumer, bytes32 action, uint256 table) internal view returns (MarginClaim memory) {
        MarginClaim memory claim = draftMargin(table);
        return sealMargin(claim, frameHere(claim.circuitId, claim.epoch, table), healthyWord(consumer, action));
    }

    function honestMargin() internal view returns (MarginClaim memory) {
        return marginFor(CONSUMER, ACTION, INITIAL_TABLE);
    }

    function honestExit() internal view returns (ExitClaim memory claim) {
        claim.circuitId = EXIT;
        claim.equity = 12_345;
        claim.recipient = STRANGER;
        claim.nullifier = NULLIFIER;
        claim.proof.a[0] = uint256(
            keccak256(abi.encode(frameHere(EXIT, 1, MARKET), claim.equity, uint160(claim.recipient), claim.nullifier))
        );
    }

    function honestMark() internal view returns (MarkClaim memory claim) {
        claim.circuitId = MARK;
        claim.row = 3;
        claim.mark = 2 ** 47 - 1;
        claim.proof.a[0] =
            uint256(keccak256(abi.encode(domainHere(MARK), MARKET, uint256(claim.row), uint256(claim.mark))));
    }

    /// @param digest of the signer's address text
    function honestSigner(address signer, uint256 digest) internal view returns (SignerClaim memory claim) {
        claim.circuitId = SIGNER;
        claim.epoch = 1;
        claim.nullifier = NULLIFIER;
        claim.laterEpoch = 9;
        claim.laterNullifier = NEXT;
        claim.signer = signer;
        claim.proof.a[0] = uint256(
            keccak256(abi.encode(domainHere(SIGNER), 1 + 9 * 2 ** 32, claim.nullifier, claim.laterNullifier, digest))
        );
    }
}
