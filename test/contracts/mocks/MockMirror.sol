// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountFrame, AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochRecord} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

/// @dev A mirror as far as a satellite asks it: epochs and tables that a test sets, and claims whose proof's first word is the hash of
/// the statement.
contract MockMirror {
    error UnknownMirroredEpoch(uint256 venueId, uint64 epoch);

    uint256 public immutable HOME_CHAIN_ID;
    address public immutable HOME_REGISTRY;

    mapping(uint256 venueId => mapping(uint64 epoch => EpochRecord)) private _epochs;
    mapping(uint256 venueId => mapping(uint256 commitment => Market)) private _tables;

    constructor(uint256 homeChainId, address homeRegistry) {
        (HOME_CHAIN_ID, HOME_REGISTRY) = (homeChainId, homeRegistry);
    }

    function setEpoch(uint256 venueId, uint64 epoch, EpochRecord calldata record) external {
        _epochs[venueId][epoch] = record;
    }

    function setTable(uint256 venueId, uint256 commitment, Market calldata table) external {
        _tables[venueId][commitment] = table;
    }

    function epochAt(uint256 venueId, uint64 epoch) public view returns (EpochRecord memory record) {
        record = _epochs[venueId][epoch];
        if (record.marketCommitment == 0) revert UnknownMirroredEpoch(venueId, epoch);
    }

    function isUsable(uint256 venueId, uint64 epoch) external view returns (bool) {
        return _epochs[venueId][epoch].marketCommitment != 0;
    }

    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory)
    {
        epochAt(venueId, claim.epoch);
        Market memory table = _tables[venueId][claim.marketCommitment];
        if (table.level == MarginLevel.NONE) revert ISolvencyGate.UnknownTable(venueId, claim.marketCommitment);
        if (claim.proof.a[0] != sealOf(venueId, claim, terms)) revert ISolvencyGate.MarginProofRejected();
        return AccountFrame(claim.marketCommitment, address(0), table.snapshotTime, table.level);
    }

    function sealOf(uint256 venueId, MarginClaim memory c, AccountTerms memory terms) public view returns (uint256) {
        return uint256(
            keccak256(
                abi.encode(
                    address(this), venueId, c.circuitId, c.epoch, c.marketCommitment, c.nullifier, c.nullifierNext, terms
                )
            )
        );
    }

    function contextOf(address consumer, bytes32 action) external view returns (uint128) {
        bytes memory seed = abi.encode("clearproof.mirror.context", block.chainid, address(this), consumer, action);
        return uint128(uint256(keccak256(seed)));
    }
}
