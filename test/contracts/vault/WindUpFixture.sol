// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExitClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev A venue of two accounts that is about to fall silent.
abstract contract WindUpFixture is VaultFixture {
    uint64 internal base;

    /// 1,000 USD and 0.01 BTC, worth 600 USD, in value units of 10^-12 USD.
    uint256 internal constant USD_VALUE = 1_000e12;
    uint256 internal constant BTC_VALUE = 600e12;

    function setUp() public virtual override {
        super.setUp();
        deposit(ALICE, 0, 1_000e6);
        deposit(BOB, 1, 10_000 * BTC_UNITS);
        base = standingEpoch();
    }

    function register(address account, uint256 equity) internal {
        vault.registerExit(HELD, exitOf(account, base, equity));
    }

    function refuseExit(ExitClaim memory claim, bytes memory reason) internal {
        vm.expectRevert(reason);
        vault.registerExit(HELD, claim);
    }

    function error1(bytes4 selector, uint256 a) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }
}
