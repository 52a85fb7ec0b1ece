// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IMarketBoard} from "../interfaces/IMarketBoard.sol";

/// @title The line `index,id,kind,asset,quantityDecimals,cap,predecessor,activationEpoch` that says what a row is
/// @dev Fields are read no further than the order of rows and the board's own rules need; their grammar is docs/formats.md's.
library InstrumentLine {
    uint256 private constant COMMAS = 7;
    uint256 private constant MOST_BYTES = 256;
    bytes32 private constant OPTION = keccak256("option");

    /// @notice Refuses a line of another index, another number of fields, or bytes a reader would not see as they are.
    /// @return option whether the third field is `option`
    function requireLine(uint256 index, string calldata line) internal pure returns (bool option) {
        bytes calldata text = bytes(line);
        if (text.length > MOST_BYTES) revert IMarketBoard.WrongLine(index, line);
        uint256[COMMAS] memory ends;
        uint256 commas = 0;
        for (uint256 i = 0; i < text.length; ++i) {
            bytes1 character = text[i];
            if (character <= 0x20 || character >= 0x7f) revert IMarketBoard.WrongLine(index, line);
            if (character != ",") continue;
            if (commas == COMMAS) revert IMarketBoard.WrongLine(index, line);
            ends[commas++] = i;
        }
        if (commas != COMMAS || keccak256(text[:ends[0]]) != keccak256(bytes(Strings.toString(index)))) {
            revert IMarketBoard.WrongLine(index, line);
        }
        option = keccak256(text[ends[1] + 1:ends[2]]) == OPTION;
    }

    /// @notice First 31 bytes of the line's SHA-256, big-endian: an element of the field.
    function digest(string calldata line) internal pure returns (uint248) {
        return uint248(uint256(sha256(bytes(line))) >> 8);
    }
}
