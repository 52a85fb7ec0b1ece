// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    AccountFrame,
    AccountTerms,
    ExitClaim,
    IAccountProofs,
    MarkClaim,
    SignerClaim
} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

/// @dev Takes a claim only if its proof's first word is the hash of the statement that the vault asked about: what a test sealed
/// for another venue, account, context, payload, scope, table or amount is rejected as a prover's false proof would be.
contract MockAccountProofs is IAccountProofs {
    ISolvencyRegistry public immutable REGISTRY;

    constructor(ISolvencyRegistry registry) {
        REGISTRY = registry;
    }

    function sealOfMargin(uint256 venueId, MarginClaim memory c, AccountTerms memory terms)
        public
        pure
        returns (uint256)
    {
        return uint256(
            keccak256(
                abi.encode(venueId, c.circuitId, c.epoch, c.marketCommitment, c.nullifier, c.nullifierNext, terms)
            )
        );
    }

    function sealOfExit(uint256 venueId, uint64 epoch, ExitClaim memory c) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(venueId, epoch, c.circuitId, c.equity, c.recipient, c.nullifier)));
    }

    function sealOfSigner(uint256 venueId, SignerClaim memory c) public pure returns (uint256) {
        return uint256(
            keccak256(abi.encode(venueId, c.circuitId, c.epoch, c.nullifier, c.laterEpoch, c.laterNullifier, c.signer))
        );
    }

    function sealOfMark(uint256 venueId, uint256 commitment, MarkClaim memory c) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(venueId, commitment, c.circuitId, c.row, c.mark)));
    }

    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory frame)
    {
        frame = frameOf(venueId, claim.circuitId, claim.epoch, claim.marketCommitment);
        if (claim.proof.a[0] != sealOfMargin(venueId, claim, terms)) revert MarginProofRejected();
    }

    function checkExit(uint256 venueId, uint64 epoch, ExitClaim calldata claim) external view {
        REGISTRY.epochAt(venueId, epoch);
        if (claim.proof.a[0] != sealOfExit(venueId, epoch, claim)) revert ExitProofRejected();
    }

    function checkSigner(uint256 venueId, SignerClaim calldata claim) external pure {
        if (claim.proof.a[0] != sealOfSigner(venueId, claim)) revert SignerProofRejected();
    }

    function checkMark(uint256 venueId, uint256 commitment, MarkClaim calldata claim) external pure {
        if (claim.proof.a[0] != sealOfMark(venueId, commitment, claim)) revert MarkProofRejected();
    }

    function frameOf(uint256 venueId, uint256, uint64 epoch, uint256 commitment)
        public
        view
        returns (AccountFrame memory)
    {
        REGISTRY.epochAt(venueId, epoch);
        Market memory table = REGISTRY.venue(venueId).markets.market(venueId, commitment);
        if (table.level == MarginLevel.NONE) revert UnknownTable(venueId, commitment);
        return AccountFrame(commitment, address(this), table.snapshotTime, table.level);
    }

    function recordFrame(uint256, uint256, uint64, uint256 commitment) external pure returns (uint256) {
        return commitment;
    }

    function mode(uint256 venueId) external view returns (GateMode) {
        return REGISTRY.mode(venueId);
    }

    /// @dev Nothing here asks for it.
    function requireMargin(uint256, MarginClaim calldata, MarginLevel, uint256, bytes32)
        external
        pure
        returns (uint256)
    {
        revert MarginProofRejected();
    }

    function scopeOf(address consumer) external pure returns (uint80) {
        return uint80(uint256(keccak256(abi.encode("clearproof.scope", consumer))));
    }

    function contextOf(address consumer, bytes32 action) external pure returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(consumer, action))));
    }
}
