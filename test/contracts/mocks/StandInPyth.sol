// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPyth, PythStructs} from "../../../contracts/interfaces/IPyth.sol";

/// @dev Takes (id, price) pairs for updates, a wei each, keeps the newer price, and calls back when a test wants it.
contract StandInPyth is IPyth {
    uint256 public constant FEE = 1;

    mapping(bytes32 id => PythStructs.Price) private _prices;
    bytes private _callback;

    function setCallback(bytes calldata callback) external {
        _callback = callback;
    }

    function updatePriceFeeds(bytes[] calldata updates) external payable {
        require(msg.value == FEE * updates.length, "fee");
        for (uint256 i = 0; i < updates.length; ++i) {
            (bytes32 id, PythStructs.Price memory price) = abi.decode(updates[i], (bytes32, PythStructs.Price));
            if (price.publishTime > _prices[id].publishTime) _prices[id] = price;
        }
        if (_callback.length == 0) return;
        (bool ok, bytes memory reason) = msg.sender.call(_callback);
        if (ok) return;
        assembly {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function getUpdateFee(bytes[] calldata updates) external pure returns (uint256) {
        return FEE * updates.length;
    }

    function getPriceUnsafe(bytes32 id) external view returns (PythStructs.Price memory price) {
        price = _prices[id];
        require(price.publishTime != 0, "PriceFeedNotFound");
    }
}
