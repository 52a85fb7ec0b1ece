// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ISatelliteClaim, ISatelliteHub} from "../interfaces/ISatelliteHub.sol";

/// @title What a base unit in a satellite is at home
/// @dev From wallet to wallet it moves as any token. Out of the vault it moves only while the satellite hears from home: else its hatch
/// may be about to pay the same leaf. And into it: what came in later would let leaves be paid again that the hatch paid.
contract SatelliteClaim is ERC20, ISatelliteClaim {
    ISatelliteHub public immutable HUB;
    uint256 public immutable SATELLITE_ID;
    /// @notice Index among the satellite's tokens.
    uint16 public immutable TOKEN;
    /// @notice The venue's, for good.
    address public immutable VAULT;
    uint8 private immutable _decimals;

    constructor(
        ISatelliteHub hub,
        uint256 satelliteId,
        uint16 token,
        address vault,
        string memory name_,
        string memory symbol_,
        uint8 decimals_
    ) ERC20(name_, symbol_) {
        (HUB, SATELLITE_ID, TOKEN, VAULT) = (hub, satelliteId, token, vault);
        _decimals = decimals_;
    }

    modifier onlyHub() {
        _requireHub();
        _;
    }

    /// @inheritdoc ISatelliteClaim
    function mint(address to, uint256 amount) external onlyHub {
        _mint(to, amount);
    }

    /// @inheritdoc ISatelliteClaim
    function burn(address from, uint256 amount) external onlyHub {
        _burn(from, amount);
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @dev What is minted to the vault itself belongs to nobody, and must not keep others' deposits from being credited.
    function _update(address from, address to, uint256 value) internal override {
        if (from == VAULT) _requireLeaving();
        else if (to == VAULT && from != address(0)) _requireComing(value);
        super._update(from, to, value);
    }

    /// @dev Below the floor the tree sub-ledger paid what the satellite's hatch pays too.
    function _requireLeaving() private view {
        _requireLive();
        (uint256 tree, uint256 floor) = HUB.treeOf(SATELLITE_ID, TOKEN);
        if (tree < floor) revert TreeBelowFloor(tree, floor);
    }

    /// @dev Of a closed satellite only what makes up for the floor.
    function _requireComing(uint256 value) private view {
        _requireLive();
        if (!HUB.stateOf(SATELLITE_ID).closed) return;
        (uint256 tree, uint256 floor) = HUB.treeOf(SATELLITE_ID, TOKEN);
        if (tree + value > floor) revert SatelliteNotLive(SATELLITE_ID);
    }

    function _requireLive() private view {
        if (!HUB.isLive(SATELLITE_ID)) revert SatelliteNotLive(SATELLITE_ID);
    }

    function _requireHub() private view {
        if (msg.sender != address(HUB)) revert NotHub(msg.sender);
    }
}
