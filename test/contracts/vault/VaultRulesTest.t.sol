// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {IAccountProofs} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ISolvencyRegistry, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../../../contracts/interfaces/IVaultMessages.sol";
import {ChangeKind, IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {VaultLimit, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {SolvencyRegistry} from "../../../contracts/SolvencyRegistry.sol";
import {VaultPayouts} from "../../../contracts/vault/VaultPayouts.sol";
import {VaultWindUp} from "../../../contracts/vault/VaultWindUp.sol";
import {MockAccountProofs} from "../mocks/MockAccountProofs.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @dev Rules, limits, roles and the timelock.
contract VaultRulesTest is VaultFixture {
    function invalid(bytes32 what, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, what, value);
    }

    function refuseRules(VaultRules memory r, bytes32 what, uint256 value) private {
        refused(PARAMETERS, abi.encodeCall(vault.proposeRules, (HELD, r)), invalid(what, value));
    }

    function test_rulesThatLeaveNoWayOutAreRefused() public {
        VaultRules memory r = vaultRules();
        r.timelock = uint32(MIN_TIMELOCK - 1);
        refuseRules(r, "timelock", MIN_TIMELOCK - 1);
        r = vaultRules();
        // Nobody could leave by request before the change.
        r.timelock = 1 days + 3 hours;
        refuseRules(r, "timelock", 1 days + 3 hours);
        r = vaultRules();
        r.hatchAfter = 6 hours;
        refuseRules(r, "hatchAfter", 6 hours);
        r = vaultRules();
        r.requestDelay = 2 hours;
        refuseRules(r, "requestDelay", 2 hours);
        r = vaultRules();
        r.payoutTableAge = 0;
        refuseRules(r, "payoutTableAge", 0);
        r = vaultRules();
        r.demandWindow = 0;
        refuseRules(r, "demandWindow", 0);
        r = vaultRules();
        r.answerWindow = 0;
        refuseRules(r, "answerWindow", 0);
        r = vaultRules();
        r.claimWindow = 0;
        refuseRules(r, "claimWindow", 0);
        r = vaultRules();
        r.limitWindow = 0;
        refuseRules(r, "limitWindow", 0);
        // The largest of everything does not wrap.
        r = VaultRules(max(), max(), max(), max(), max(), max(), max(), max(), 0);
        refuseRules(r, "requestDelay", max());
    }

    function max() private pure returns (uint32) {
        return type(uint32).max;
    }

    function test_theFirstRulesAreActiveAtOnceAndOnce() public {
        VaultRules memory r = vault.rulesOf(HELD);
        assertEq(keccak256(abi.encode(r)), keccak256(abi.encode(vaultRules())), "rules");
        assertEq(vault.limitOf(HELD, 1).payoutLimit, 1e30, "limit");
        assertTrue(vault.limitOf(HELD, 1).asset == 1 && vault.limitOf(HELD, 1).coverage.maxLoans == 1e24, "coverage");
        refused(
            PARAMETERS,
            abi.encodeCall(vault.setRules, (HELD, r, vaultLimits())),
            abi.encodeWithSelector(IVaultMessages.RulesExist.selector, HELD)
        );
    }

    function test_firstRulesAreCheckedAndNameRegisteredAssets() public {
        CollateralVault other = newVault();
        vault = other;
        vm.prank(OWNER);
        registry.registerVenue(11, vaultConfig());
        VaultRules memory r = vaultRules();
        r.claimWindow = 0;
        refused(PARAMETERS, abi.encodeCall(vault.setRules, (11, r, new VaultLimit[](0))), invalid("claimWindow", 0));
        refused(
            PARAMETERS,
            abi.encodeCall(vault.setRules, (11, vaultRules(), vaultLimits())),
            abi.encodeWithSelector(ISolvencyRegistry.UnknownAsset.selector, 11, 0)
        );
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(11, heldAssets());
        vm.expectEmit(address(vault));
        emit IVaultMessages.RulesChanged(11, vaultRules());
        vm.expectEmit(address(vault));
        emit IVaultMessages.LimitsChanged(11, vaultLimits());
        vault.setRules(11, vaultRules(), vaultLimits());
    }

    /// Each privileged function against everybody who lacks the role.
    function test_K29_rolesMatrix() public {
        address[5] memory callers = [OWNER, ADMIN, venueOperator, PARAMETERS, STRANGER];
        for (uint256 i = 0; i < callers.length; ++i) {
            address who = callers[i];
            if (who != OWNER) {
                refused(
                    who,
                    abi.encodeCall(vault.setTokenAllowed, (address(usd), true)),
                    abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, who)
                );
            }
            if (who != ADMIN) {
                refused(
                    who,
                    abi.encodeCall(vault.cancelChange, (HELD, ChangeKind.VAULT_RULES)),
                    abi.encodeWithSelector(ISolvencyRegistry.NotVenueAdmin.selector, HELD, who)
                );
            }
            if (who != ADMIN && who != venueOperator) {
                refused(
                    who,
                    abi.encodeCall(vault.setPaused, (HELD, true)),
                    abi.encodeWithSelector(IVaultMessages.NotVenueAdmin.selector, HELD, who)
                );
            }
            if (who != PARAMETERS) refuseParameterCalls(who);
        }
    }

    function refuseParameterCalls(address who) private {
        bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, HELD, who);
        bytes[] memory calls = parameterCalls();
        for (uint256 i = 0; i < calls.length; ++i) {
            refused(who, calls[i], reason);
        }
        refused(who, abi.encodeCall(vault.setRules, (HELD, vaultRules(), vaultLimits())), reason);
    }

    function parameterCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](8);
        calls[0] = abi.encodeCall(vault.proposeRules, (HELD, vaultRules()));
        calls[1] = abi.encodeCall(vault.activateRules, (HELD, vaultRules()));
        calls[2] = abi.encodeCall(vault.proposeLimits, (HELD, vaultLimits()));
        calls[3] = abi.encodeCall(vault.activateLimits, (HELD, vaultLimits()));
        calls[4] = abi.encodeCall(vault.proposeClearingHouse, (HELD, HOUSE));
        calls[5] = abi.encodeCall(vault.activateClearingHouse, (HELD, HOUSE));
        calls[6] = abi.encodeCall(vault.proposeFundWithdrawal, (HELD, 1));
        calls[7] = abi.encodeCall(vault.activateFundWithdrawal, (HELD, 1));
    }

    /// Each kind of change, a second before its time and from its time on.
    function test_K29_nothingChangesBeforeTheTimelock() public {
        vm.prank(ALICE);
        vault.depositFund(HELD, 300);
        bytes[] memory calls = parameterCalls();
        VaultRules memory r = vaultRules();
        for (uint256 i = 0; i < 8; i += 2) {
            ok(PARAMETERS, calls[i]);
        }
        uint256 readyAt = block.timestamp + r.timelock;
        vm.warp(readyAt - 1);
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, readyAt, block.timestamp);
        for (uint256 i = 1; i < 8; i += 2) {
            refused(PARAMETERS, calls[i], reason);
        }
        vm.warp(readyAt);
        vm.expectEmit(address(vault));
        emit IVaultMessages.RulesChanged(HELD, r);
        ok(PARAMETERS, calls[1]);
        vm.expectEmit(address(vault));
        emit IVaultMessages.LimitsChanged(HELD, vaultLimits());
        ok(PARAMETERS, calls[3]);
        vm.expectEmit(address(vault));
        emit IVaultMessages.ClearingHouseChanged(HELD, HOUSE);
        ok(PARAMETERS, calls[5]);
        vm.expectEmit(address(vault));
        emit IVaultMessages.FundWithdrawn(HELD, ADMIN, 1);
        ok(PARAMETERS, calls[7]);
        assertEq(vault.clearingHouseOf(HELD), HOUSE, "house");
        assertEq(vault.fundOf(HELD), 299, "fund");
        assertEq(usd.balanceOf(ADMIN), 1, "to the admin");
        for (uint256 i = 1; i < 8; i += 2) {
            ChangeKind kind = ChangeKind(uint256(ChangeKind.VAULT_RULES) + i / 2);
            refused(PARAMETERS, calls[i], abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, HELD, kind));
        }
    }

    function ok(address who, bytes memory call) private {
        vm.prank(who);
        (bool done,) = address(vault).call(call);
        assertTrue(done, "the call must pass");
    }

    function test_K29_onlyWhatWasProposedIsActivated() public {
        vm.startPrank(PARAMETERS);
        vault.proposeFundWithdrawal(HELD, 5);
        pass(3 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IVenueTimelock.NotWhatWasProposed.selector,
                ChangeKind.FUND_WITHDRAWAL,
                keccak256(abi.encode(uint256(6))),
                keccak256(abi.encode(uint256(5)))
            )
        );
        vault.activateFundWithdrawal(HELD, 6);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.FundTooSmall.selector, HELD, 0, 5));
        vault.activateFundWithdrawal(HELD, 5);
        vm.stopPrank();
    }

    /// The admin stops what a stolen parameter key proposed.
    function test_K29_theAdminCancelsAChange() public {
        vm.prank(PARAMETERS);
        vault.proposeClearingHouse(HELD, STRANGER);
        vm.prank(ADMIN);
        vault.cancelChange(HELD, ChangeKind.CLEARING_HOUSE);
        pass(3 days);
        refused(
            PARAMETERS,
            abi.encodeCall(vault.activateClearingHouse, (HELD, STRANGER)),
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, HELD, ChangeKind.CLEARING_HOUSE)
        );
    }

    function test_K29_ownershipTakesTwoSteps() public {
        vm.prank(OWNER);
        vault.transferOwnership(ALICE);
        assertEq(vault.owner(), OWNER, "not yet");
        vm.prank(ALICE);
        vault.acceptOwnership();
        assertEq(vault.owner(), ALICE, "accepted");
    }

    // ---- parts ----

    function test_aVaultIsMadeOfPartsForItsOwnRegistryAndGate() public {
        VaultPayouts payouts = new VaultPayouts(registry, gate);
        VaultWindUp windUp = new VaultWindUp(registry, gate);
        SolvencyRegistry foreign = new SolvencyRegistry(OWNER, poseidon3, poseidon5, circuits(), CIRCUIT_DELAY);
        VaultPayouts foreignPayouts = new VaultPayouts(foreign, gate);
        VaultWindUp foreignWindUp = new VaultWindUp(registry, new MockAccountProofs(registry));
        bytes4 selector = IVaultMessages.PartOfAnotherVault.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(foreignPayouts)));
        new CollateralVault(OWNER, registry, gate, MIN_TIMELOCK, foreignPayouts, windUp);
        vm.expectRevert(abi.encodeWithSelector(selector, address(foreignWindUp)));
        new CollateralVault(OWNER, registry, gate, MIN_TIMELOCK, payouts, foreignWindUp);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("part"), ALICE));
        new CollateralVault(OWNER, registry, gate, MIN_TIMELOCK, VaultPayouts(ALICE), windUp);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("gate"), ALICE));
        new VaultPayouts(registry, IAccountProofs(ALICE));
        assertTrue(address(vault.PAYOUTS()) != address(vault.WIND_UP()), "two");
    }

    function test_thePartsByThemselvesHoldAndDoNothing() public {
        deposit(ALICE, 0, 700);
        uint64 epoch = standingEpoch();
        pass(30 days);
        VaultWindUp part = vault.WIND_UP();
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.EpochDoesNotStand.selector, HELD, epoch));
        part.openHatch(HELD, epoch);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IVaultMessages.NotDepositor.selector, 1, ALICE));
        part.refundDeposit(1, ALICE);
    }

    function test_theDomainOfSignaturesIsTheVaults() public view {
        (, string memory name, string memory version, uint256 chain, address place,,) = vault.eip712Domain();
        assertEq(keccak256(bytes(name)), keccak256("Clearproof CollateralVault"), "name");
        assertEq(keccak256(bytes(version)), keccak256("1"), "version");
        assertTrue(chain == block.chainid && place == address(vault), "place");
    }

    // ---- registry ----

    function test_aVenueHasAtMost128SettlementAssets() public {
        SettlementAsset[] memory list = new SettlementAsset[](125);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = SettlementAsset(address(uint160(0x10000 + i)), 1);
        }
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, list);
        assertEq(registry.settlementAssets(HELD).length, 128, "full");
        assertEq(registry.settlementAsset(HELD, 127).token, address(uint160(0x10000 + 124)), "the last");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownAsset.selector, HELD, 128));
        registry.settlementAsset(HELD, 128);
        SettlementAsset[] memory more = new SettlementAsset[](1);
        more[0] = SettlementAsset(address(0x9999), 1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.TooManyAssets.selector, HELD, 129, 128));
        registry.registerSettlementAssets(HELD, more);
        vm.stopPrank();
    }
}
