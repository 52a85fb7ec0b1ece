// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev Pays and takes what it is asked, in the token of each asset that a test says, and remembers the last split.
contract MockDefaultFund {
    struct Split {
        uint256 venueId;
        uint256 asset;
        uint256 amount;
        address keeper;
        uint24 keeperShare;
        uint24 fundShare;
    }

    address public HOUSE;
    mapping(uint256 asset => IERC20) private _tokens;
    uint256 public coverage = 1e6;
    uint256 public paidShare = 1e6;
    Split private _split;

    constructor(address house) {
        HOUSE = house;
    }

    function setToken(uint256 asset, IERC20 token) external {
        _tokens[asset] = token;
    }

    /// @param ppm of a debt that it covers
    function setCoverage(uint256 ppm) external {
        coverage = ppm;
    }

    function setPaidShare(uint256 ppm) external {
        paidShare = ppm;
    }

    function split() external view returns (Split memory) {
        return _split;
    }

    function draw(uint256, uint256 asset, uint256 amount) external returns (uint256 covered) {
        covered = amount * coverage / 1e6;
        if (covered != 0) _tokens[asset].transfer(msg.sender, covered);
    }

    function subsidise(uint256, uint256 asset, uint256 amount, address to) external {
        _tokens[asset].transfer(to, amount);
    }

    function takePenalty(
        uint256 venueId,
        uint256 asset,
        uint256 amount,
        address keeper,
        uint24 keeperShare,
        uint24 fundShare
    ) external {
        _tokens[asset].transferFrom(msg.sender, address(this), amount);
        _split = Split(venueId, asset, amount, keeper, keeperShare, fundShare);
    }

    function sharePayout(uint256, uint256, uint256 amount) external view returns (uint256) {
        return amount * paidShare / 1e6;
    }
}
