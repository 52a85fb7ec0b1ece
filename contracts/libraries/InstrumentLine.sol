// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, InstrumentKind} from "../interfaces/IMarketBoard.sol";

/// @title The line `index,id,kind,asset,quantityDecimals,cap,predecessor,activationEpoch` that says what a row is
/// @dev Of id, asset and quantityDecimals only the bytes are looked at; their grammar is docs/formats.md's.
library InstrumentLine {
    uint256 private constant FIELDS = 8;
    uint256 private constant MOST_BYTES = 256;
    /// @dev Digits of the largest bound here, that of caps.
    uint256 private constant MOST_DIGITS = 20;

    /// @dev Fields of the line, in its order.
    uint256 private constant INDEX = 0;
    uint256 private constant KIND = 2;
    uint256 private constant CAP = 5;
    uint256 private constant PREDECESSOR = 6;
    uint256 private constant ACTIVATION_EPOCH = 7;

    /// @dev Of a class: kind in the low three bits, then whether the row continues, then the cap.
    uint256 private constant KIND_MASK = 7;
    uint256 private constant CONTINUES = 8;
    uint256 private constant CAP_SHIFT = 4;

    /// @param continues a further tier of the row before
    /// @param cap in quanta, 0 for none
    struct Meaning {
        InstrumentKind kind;
        bool continues;
        uint64 cap;
        uint32 activationEpoch;
    }

    /// @notice What the line says, and nothing that a reader would read otherwise.
    function parse(uint256 index, string calldata line) internal pure returns (Meaning memory meaning) {
        bytes calldata text = bytes(line);
        uint256[FIELDS + 1] memory starts = _starts(index, line);
        if (_number(text, starts, INDEX, index) != index) revert IMarketBoard.WrongLine(index, line);
        meaning.kind = _kind(index, text[starts[KIND]:starts[KIND + 1] - 1]);
        uint256 predecessor = _number(text, starts, PREDECESSOR, index);
        // Rows are counted from 1 here: the row before has this row's index.
        if (predecessor != 0 && predecessor != index) revert IMarketBoard.InvalidPredecessor(index, predecessor);
        meaning.continues = predecessor != 0;
        uint256 cap = _number(text, starts, CAP, index);
        if (cap > type(uint64).max) revert IMarketBoard.InvalidCap(index, cap);
        meaning.cap = uint64(cap);
        uint256 epoch = _number(text, starts, ACTIVATION_EPOCH, index);
        if (epoch > type(uint32).max) revert IMarketBoard.InvalidActivationEpoch(index, epoch);
        meaning.activationEpoch = uint32(epoch);
    }

    /// @notice kind + 8 * continues + 16 * cap: below 2^68, and one meaning has one class.
    function classOf(Meaning memory meaning) internal pure returns (uint72) {
        return uint72(uint256(meaning.kind) | (meaning.continues ? CONTINUES : 0) | (uint256(meaning.cap) << CAP_SHIFT));
    }

    function isOption(uint256 class) internal pure returns (bool) {
        return class & KIND_MASK == uint256(InstrumentKind.OPTION);
    }

    /// @notice The meaning behind a class and an activation epoch.
    function ofClass(uint256 class, uint32 activationEpoch) internal pure returns (Meaning memory meaning) {
        meaning.kind = InstrumentKind(class & KIND_MASK);
        meaning.continues = class & CONTINUES != 0;
        meaning.cap = uint64(class >> CAP_SHIFT);
        meaning.activationEpoch = activationEpoch;
    }

    /// @notice First 31 bytes of the line's SHA-256, big-endian: an element of the field.
    function digest(string calldata line) internal pure returns (uint248) {
        return uint248(uint256(sha256(bytes(line))) >> 8);
    }

    /// @dev Where each field starts, and where a ninth would. Bytes a reader would not see as they are, and another number of
    /// fields, are refused.
    function _starts(uint256 index, string calldata line) private pure returns (uint256[FIELDS + 1] memory starts) {
        bytes calldata text = bytes(line);
        if (text.length > MOST_BYTES) revert IMarketBoard.WrongLine(index, line);
        uint256 fields = 1;
        for (uint256 i = 0; i < text.length; ++i) {
            bytes1 character = text[i];
            if (character <= 0x20 || character >= 0x7f) revert IMarketBoard.WrongLine(index, line);
            if (character != ",") continue;
            if (fields == FIELDS) revert IMarketBoard.WrongLine(index, line);
            starts[fields++] = i + 1;
        }
        if (fields != FIELDS) revert IMarketBoard.WrongLine(index, line);
        starts[FIELDS] = text.length + 1;
    }

    /// @dev Decimal digits without leading zeros.
    function _number(bytes calldata text, uint256[FIELDS + 1] memory starts, uint256 field, uint256 index)
        private
        pure
        returns (uint256 value)
    {
        uint256 first = starts[field];
        uint256 end = starts[field + 1] - 1;
        bool odd = end == first || end - first > MOST_DIGITS || (text[first] == "0" && end - first > 1);
        if (odd) revert IMarketBoard.NotANumber(index, field);
        for (uint256 i = first; i < end; ++i) {
            uint8 character = uint8(text[i]);
            if (character < 0x30 || character > 0x39) revert IMarketBoard.NotANumber(index, field);
            value = 10 * value + character - 0x30;
        }
    }

    function _kind(uint256 index, bytes calldata name) private pure returns (InstrumentKind) {
        bytes32 hash = keccak256(name);
        if (hash == keccak256("cash")) return InstrumentKind.CASH;
        if (hash == keccak256("spot")) return InstrumentKind.SPOT;
        if (hash == keccak256("entry")) return InstrumentKind.ENTRY;
        if (hash == keccak256("perpetual")) return InstrumentKind.PERPETUAL;
        if (hash == keccak256("future")) return InstrumentKind.FUTURE;
        if (hash == keccak256("option")) return InstrumentKind.OPTION;
        revert IMarketBoard.UnknownKind(index, string(name));
    }
}
