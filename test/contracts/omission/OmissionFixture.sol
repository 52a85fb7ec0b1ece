// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {IDisputeSource} from "../../../contracts/interfaces/IDisputeSource.sol";
import {
    AccountOrder,
    BalanceReceipt,
    ChallengeStatus,
    InclusionClaim,
    OmissionChallenge
} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {OmissionChallenges} from "../../../contracts/OmissionChallenges.sol";
import {MockVerifierAccountInclusion} from "../mocks/MockVerifierAccountInclusion.sol";
import {VaultFixture} from "../vault/VaultFixture.sol";

/// @dev A covered venue with a vault whose users can challenge its epochs, and what venue and users sign and prove for that: hashes
/// are derived here without the contract's code.
abstract contract OmissionFixture is VaultFixture {
    uint256 internal constant INCLUSION = 901;
    /// Circuit of another kind, with the same verifier.
    uint256 internal constant NO_INCLUSION = 902;
    uint256 internal constant RECEIPT_KEY = 0x2ECE;
    uint64 internal constant CHALLENGE_WINDOW = 80 minutes;
    uint64 internal constant ANSWER_WINDOW = 100 minutes;
    uint256 internal constant STAKE = 0.01 ether;
    uint256 internal constant ROOT = 77;
    bytes32 internal constant ACCOUNT = keccak256("account");
    bytes32 internal constant ORDER_DIGEST = keccak256("an order");

    MockVerifierAccountInclusion internal inclusionVerifier;
    OmissionChallenges internal omissions;
    address internal receiptSigner;

    function setUp() public virtual override {
        inclusionVerifier = new MockVerifierAccountInclusion(true);
        super.setUp();
        receiptSigner = vm.addr(RECEIPT_KEY);
        vm.prank(ADMIN);
        omissions.nameReceiptSigner(HELD, receiptSigner);
        deposit(ALICE, 0, 1e6);
        deposit(BOB, 1, 1e6);
        vm.prank(ALICE);
        vault.depositFund(HELD, 1_000);
        vm.deal(STRANGER, 1 ether);
    }

    function newDisputes() internal override returns (IDisputeSource) {
        omissions =
            new OmissionChallenges(registry, ICollateralVault(address(vault)), CHALLENGE_WINDOW, ANSWER_WINDOW, STAKE);
        return omissions;
    }

    function circuits() internal view virtual override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory solvency = super.circuits();
        list = new CircuitConfig[](solvency.length + 2);
        for (uint256 i = 0; i < solvency.length; ++i) {
            list[i] = solvency[i];
        }
        list[solvency.length] = CircuitConfig(INCLUSION, CircuitKind.ACCOUNT_INCLUSION, address(inclusionVerifier));
        list[solvency.length + 1] = CircuitConfig(NO_INCLUSION, CircuitKind.ACCOUNT_SIGNER, address(inclusionVerifier));
    }

    // ---- receipts, orders, proofs ----

    /// @dev Issued now.
    function receiptOf(uint256 balance) internal view returns (BalanceReceipt memory) {
        return BalanceReceipt({
            venueId: HELD,
            balance: balance,
            account: ACCOUNT,
            signer: vm.addr(USER_KEY),
            sequence: 5,
            issuedAt: uint64(block.timestamp),
            validUntil: uint64(block.timestamp + 30 days)
        });
    }

    function domainOf(uint256 chain, address place) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof OmissionChallenges"),
                keccak256("1"),
                chain,
                place
            )
        );
    }

    function receiptHash(BalanceReceipt memory r) internal pure returns (bytes32) {
        bytes32 kind = keccak256(
            "BalanceReceipt(uint256 venueId,uint256 balance,bytes32 account,address signer,uint64 sequence,uint64 issuedAt,uint64 validUntil)"
        );
        return
            keccak256(abi.encode(kind, r.venueId, r.balance, r.account, r.signer, r.sequence, r.issuedAt, r.validUntil));
    }

    function laterOrderHash(AccountOrder memory o) internal pure returns (bytes32) {
        bytes32 kind = keccak256(
            "AccountOrder(uint256 venueId,bytes32 account,uint64 sequence,uint64 orderedAt,bytes32 orderDigest)"
        );
        return keccak256(abi.encode(kind, o.venueId, o.account, o.sequence, o.orderedAt, o.orderDigest));
    }

    function signedFor(uint256 key, bytes32 domain_, bytes32 structHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain_, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function signedHere(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        return signedFor(key, domainOf(block.chainid, address(omissions)), structHash);
    }

    function signedReceipt(BalanceReceipt memory r) internal view returns (bytes memory) {
        return signedHere(RECEIPT_KEY, receiptHash(r));
    }

    /// @dev An order of now that the receipt does not count.
    function orderAfter(BalanceReceipt memory r) internal view returns (AccountOrder memory) {
        return AccountOrder(r.venueId, r.account, r.sequence + 1, uint64(block.timestamp), ORDER_DIGEST);
    }

    function signedOrder(AccountOrder memory o) internal view returns (bytes memory) {
        return signedHere(USER_KEY, laterOrderHash(o));
    }

    function claimOf(uint256 venueId, uint256 circuitId, uint256 root, uint256 balance)
        internal
        view
        returns (InclusionClaim memory claim)
    {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), venueId, 1]);
        claim.circuitId = circuitId;
        claim.proof.a[0] = uint256(keccak256(abi.encode(domain(base, circuitId), root, balance)));
    }

    /// @dev What the mock verifier takes for the fixture's epochs, all of one root.
    function inclusionOf(uint256 balance) internal view returns (InclusionClaim memory) {
        return claimOf(HELD, INCLUSION, ROOT, balance);
    }

    // ---- whole steps ----

    /// @dev Sent by the signing key, as the vault wants it where challenges are possible.
    function request(address account, uint64 epoch, uint16 row, uint64 amount) internal override returns (uint256) {
        Payout memory p = requestOf(account, epoch, row, amount);
        SignerClaim memory signer = signerOf(account, epoch, epoch);
        vm.prank(signer.signer);
        return vault.requestWithdrawal(HELD, p, signer);
    }

    /// @dev A receipt, and after it an epoch that it speaks of.
    function promised(uint256 balance) internal returns (BalanceReceipt memory receipt, uint64 epoch) {
        receipt = receiptOf(balance);
        pass(60);
        epoch = nextEpoch();
    }

    function challengeAs(address who, uint64 epoch, BalanceReceipt memory r) internal returns (uint256) {
        bytes memory signature = signedReceipt(r);
        vm.prank(who);
        return omissions.challenge{value: STAKE}(epoch, r, receiptSigner, signature);
    }

    function refuseChallenge(uint64 epoch, BalanceReceipt memory r, bytes memory signature, bytes memory reason)
        internal
    {
        vm.prank(ALICE);
        vm.expectRevert(reason);
        omissions.challenge{value: STAKE}(epoch, r, receiptSigner, signature);
    }

    /// @dev A challenge of Alice's against the next epoch.
    function opened(uint256 balance)
        internal
        returns (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch)
    {
        (receipt, epoch) = promised(balance);
        challengeId = challengeAs(ALICE, epoch, receipt);
    }

    function lost(uint256 balance) internal returns (uint256 challengeId, BalanceReceipt memory receipt, uint64 epoch) {
        (challengeId, receipt, epoch) = opened(balance);
        pass(ANSWER_WINDOW);
        omissions.settle(challengeId);
    }

    function answer(uint256 challengeId, uint256 balance) internal {
        InclusionClaim memory claim = inclusionOf(balance);
        vm.prank(venueOperator);
        omissions.answerWithInclusion(challengeId, claim);
    }

    function refuseInclusion(address who, uint256 challengeId, InclusionClaim memory claim, bytes memory reason)
        internal
    {
        vm.prank(who);
        vm.expectRevert(reason);
        omissions.answerWithInclusion(challengeId, claim);
    }

    function statusOf(uint256 challengeId) internal view returns (ChallengeStatus) {
        OmissionChallenge memory made = omissions.challengeAt(challengeId);
        return made.status;
    }

    function wrongStatus(uint256 challengeId, ChallengeStatus status) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("WrongChallengeStatus(uint256,uint8)", challengeId, status);
    }
}
