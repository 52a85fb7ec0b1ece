// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";

/// @dev Takes a mark whose proof is the seal of venue, table, row and mark; its mode is what a test says.
contract MockMarkProofs {
    GateMode public gateMode;

    function setMode(GateMode mode_) external {
        gateMode = mode_;
    }

    function mode(uint256) external view returns (GateMode) {
        return gateMode;
    }

    function sealOf(uint256 venueId, uint256 table, uint16 row, uint64 mark) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(venueId, table, row, mark)));
    }

    function checkMark(uint256 venueId, uint256 table, MarkClaim calldata claim) external pure {
        if (claim.proof.a[0] != sealOf(venueId, table, claim.row, claim.mark)) {
            revert IAccountProofs.MarkProofRejected();
        }
    }
}
