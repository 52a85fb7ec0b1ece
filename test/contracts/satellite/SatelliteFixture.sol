// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {GatewaySet} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {HubToken, ISatelliteClaim, SatelliteTerms} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {SatelliteRules, SatelliteToken} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {ISolvencyMirror} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {EpochSubmission, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Payout, VaultLimit} from "../../../contracts/interfaces/VaultTypes.sol";
import {SatelliteCollateralVault} from "../../../contracts/satellite/SatelliteCollateralVault.sol";
import {SatelliteHub} from "../../../contracts/satellite/SatelliteHub.sol";
import {SatelliteVault} from "../../../contracts/satellite/SatelliteVault.sol";
import {VaultPayouts} from "../../../contracts/vault/VaultPayouts.sol";
import {VaultWindUp} from "../../../contracts/vault/VaultWindUp.sol";
import {MockGateway} from "../mocks/MockGateway.sol";
import {MockMirror} from "../mocks/MockMirror.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {VaultFixture} from "../vault/VaultFixture.sol";

/// @dev A venue with a hub at home and two satellites on two other chains. Satellite 0 has two tokens, satellite 1 one; claims are assets
/// 3, 4 and 5. What crosses is delivered by hand.
abstract contract SatelliteFixture is VaultFixture {
    uint256 internal constant HOME = 31337;
    uint256 internal constant AWAY = 901;
    uint128 internal constant UNITS = 10;
    uint256 internal constant ASSETS = 6;
    uint16 internal constant ROW = 20;
    uint64 internal constant HATCH_AFTER = 12 hours;
    uint64 internal constant CLAIM_WINDOW = 1 days;
    uint64 internal constant LIMIT_WINDOW = 1 hours;
    uint64 internal constant TABLE_AGE = 1 hours;
    uint64 internal constant CHECKPOINT_AGE = 1 hours;
    uint64 internal constant FREEZE_AFTER = 90 minutes;
    uint64 internal constant GATEWAY_DELAY = 2 days;
    uint64 internal constant SKEW = 900;
    uint128 internal constant LIMIT = 1e12;

    SatelliteHub internal hub;
    MockGateway internal gateway;
    MockMirror internal mirror;
    SatelliteVault[2] internal satellites;
    TestToken internal far;
    OddToken internal odd;
    TestToken internal further;

    function setUp() public virtual override {
        super.setUp();
        gateway = new MockGateway();
        mirror = MockMirror(newMirror());
        (far, odd, further) = (new TestToken("Far", "FAR", 6), new OddToken(), new TestToken("Further", "FUR", 6));
        for (uint256 i = 0; i < 2; ++i) {
            away(i);
            satellites[i] = newSatellite(satelliteTokens(i), satelliteRules());
            home();
            enrol(termsFor(i));
        }
        setUpClaims();
        for (uint256 i = 0; i < 2; ++i) {
            sync(i);
        }
    }

    function newVault() internal virtual override returns (CollateralVault) {
        hub = new SatelliteHub(registry, GATEWAY_DELAY);
        VaultPayouts payouts = new VaultPayouts(registry, gate);
        VaultWindUp windUp = new VaultWindUp(registry, gate);
        return new SatelliteCollateralVault(OWNER, registry, gate, MIN_TIMELOCK, payouts, windUp, hub);
    }

    // ---- set-up ----

    function newMirror() internal virtual returns (address) {
        return address(new MockMirror(HOME, address(registry)));
    }

    /// @dev The epoch that was accepted last.
    function mirrorEpoch(uint64 epoch) internal virtual {
        uint256 commitment = registry.epochAt(HELD, epoch).marketCommitment;
        mirror.setEpoch(HELD, epoch, registry.epochAt(HELD, epoch));
        mirror.setTable(HELD, commitment, markets.market(HELD, commitment));
    }

    function satelliteTokens(uint256 i) internal view returns (SatelliteToken[] memory list) {
        list = new SatelliteToken[](i == 0 ? 2 : 1);
        if (i == 1) {
            list[0] = SatelliteToken(address(further), ROW + 2, 5, UNITS, LIMIT, UNITS);
            return list;
        }
        list[0] = SatelliteToken(address(far), ROW, 3, UNITS, LIMIT, UNITS);
        list[1] = SatelliteToken(address(odd), ROW + 1, 4, UNITS, LIMIT, UNITS);
    }

    function satelliteRules() internal pure returns (SatelliteRules memory) {
        return SatelliteRules(HATCH_AFTER, CLAIM_WINDOW, LIMIT_WINDOW, TABLE_AGE);
    }

    function newSatellite(SatelliteToken[] memory list, SatelliteRules memory rules_) internal returns (SatelliteVault) {
        return new SatelliteVault(
            ADMIN, HOME, address(hub), ISolvencyMirror(address(mirror)), HELD, list, rules_, gateways(), GATEWAY_DELAY
        );
    }

    function gateways() internal view returns (GatewaySet memory set) {
        set.gateways = new address[](1);
        set.gateways[0] = address(gateway);
        set.threshold = 1;
    }

    function termsFor(uint256 i) internal view returns (SatelliteTerms memory terms) {
        terms.venueId = HELD;
        (terms.chainId, terms.satellite) = (AWAY + i, address(satellites[i]));
        (terms.hatchAfter, terms.maxCheckpointAge) = (HATCH_AFTER, CHECKPOINT_AGE);
        (terms.freezeAfter, terms.limitWindow) = (FREEZE_AFTER, LIMIT_WINDOW);
        SatelliteToken[] memory list = satelliteTokens(i);
        terms.tokens = new HubToken[](list.length);
        for (uint256 t = 0; t < list.length; ++t) {
            terms.tokens[t] = HubToken(list[t].token, 6, LIMIT, "Claim", "CLM");
        }
        terms.gateways = gateways();
    }

    function enrol(SatelliteTerms memory terms) internal returns (uint256) {
        vm.startPrank(PARAMETERS);
        hub.proposeSatellite(terms);
        pass(GATEWAY_DELAY);
        uint256 id = hub.activateSatellite(terms);
        vm.stopPrank();
        return id;
    }

    function setUpClaims() private {
        SettlementAsset[] memory list = new SettlementAsset[](3);
        VaultLimit[] memory limits = new VaultLimit[](3);
        (uint256[] memory rows, uint256[] memory assets_) = (new uint256[](3), new uint256[](3));
        for (uint256 i = 0; i < 3; ++i) {
            list[i] = SettlementAsset(address(i == 2 ? claim(1, 0) : claim(0, uint16(i))), UNITS);
            limits[i] = VaultLimit(3 + i, AssetLimit(1e24, 1e24), 1e30);
            (rows[i], assets_[i]) = (ROW + i, 3 + i);
            vm.prank(OWNER);
            vault.setTokenAllowed(list[i].token, true);
        }
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, list);
        markets.stateSettlementRows(HELD, rows, assets_);
        vault.proposeLimits(HELD, limits);
        pass(vaultRules().timelock);
        vault.activateLimits(HELD, limits);
        vm.stopPrank();
    }

    function claim(uint256 i, uint16 token) internal view returns (ISatelliteClaim) {
        return hub.claimOf(i + 1, token);
    }

    // ---- chains and messages ----

    function home() internal {
        vm.chainId(HOME);
    }

    function away(uint256 i) internal {
        vm.chainId(AWAY + i);
    }

    function toHub(uint256 i, bytes memory payload) internal {
        home();
        gateway.deliverFrom(AWAY + i, address(satellites[i]), address(hub), payload);
    }

    function toSatellite(uint256 i, bytes memory payload) internal {
        away(i);
        gateway.deliverFrom(HOME, address(hub), address(satellites[i]), payload);
        home();
    }

    function refusedAtHub(uint256 i, bytes memory payload, bytes memory reason) internal {
        home();
        vm.expectRevert(reason);
        gateway.deliverFrom(AWAY + i, address(satellites[i]), address(hub), payload);
    }

    function refusedAtSatellite(uint256 i, bytes memory payload, bytes memory reason) internal {
        away(i);
        vm.expectRevert(reason);
        gateway.deliverFrom(HOME, address(hub), address(satellites[i]), payload);
        home();
    }

    function checkpointOf(uint256 i) internal returns (bytes memory payload) {
        away(i);
        payload = satellites[i].makeCheckpoint();
        home();
    }

    function checkpoint(uint256 i) internal {
        toHub(i, checkpointOf(i));
    }

    function lease(uint256 i) internal {
        toSatellite(i, hub.makeLease(i + 1));
    }

    /// @dev Both sides know of each other what there is to know.
    function sync(uint256 i) internal {
        checkpoint(i);
        lease(i);
        checkpoint(i);
    }

    // ---- whole steps ----

    function give(uint256 i, uint16 token, address who, uint256 amount) internal {
        address made = satelliteTokens(i)[token].token;
        TestToken(made).mint(who, amount);
        vm.prank(who);
        TestToken(made).approve(address(satellites[i]), type(uint256).max);
    }

    function depositFar(uint256 i, uint16 token, address who, uint256 amount)
        internal
        returns (uint64 number, bytes memory payload)
    {
        give(i, token, who, amount);
        away(i);
        vm.prank(who);
        (number, payload) = satellites[i].deposit(token, amount, who);
        home();
    }

    function credit(uint256 i, uint64 number) internal {
        uint64[] memory numbers = new uint64[](1);
        numbers[0] = number;
        hub.creditDeposits(i + 1, numbers);
    }

    /// @dev The claims are in the depositor's wallet at home.
    function bring(uint256 i, uint16 token, address who, uint256 amount) internal returns (uint64 number) {
        bytes memory payload;
        (number, payload) = depositFar(i, token, who, amount);
        toHub(i, payload);
        sync(i);
        credit(i, number);
    }

    function assetOf(uint256 i, uint16 token) internal pure returns (uint256) {
        return 3 + 2 * i + token;
    }

    /// @dev In the tree of the home vault.
    function bringToTree(uint256 i, uint16 token, address who, uint256 amount) internal {
        bring(i, token, who, amount);
        toTree(i, token, who, amount);
    }

    function toTree(uint256 i, uint16 token, address who, uint256 amount) internal {
        ISatelliteClaim held = claim(i, token);
        vm.startPrank(who);
        held.approve(address(vault), amount);
        vault.deposit(HELD, assetOf(i, token), amount, bytes32(uint256(uint160(who))));
        vm.stopPrank();
    }

    /// @dev Over the claims' assets too, with this many quanta in their rows; mirrored, and standing when it returns.
    function standClaims(uint256[3] memory quanta) internal returns (uint64 epoch) {
        openSnapshot();
        epoch = acceptClaims(quanta);
        letStand();
        sync(0);
        sync(1);
    }

    function acceptClaims(uint256[3] memory quanta) internal returns (uint64 epoch) {
        epoch = registry.latestEpoch(HELD) + 1;
        uint256 commitment = EPOCH_TABLES + epoch;
        Market memory table = Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), uint32(ASSETS));
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, table, 12);
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = commitment;
        s.close.shortfall = 0;
        s.words = new uint256[](2 * ASSETS);
        for (uint256 i = 0; i < 3; ++i) {
            s.words[2 * (3 + i)] = quanta[i];
        }
        s = seal(s, block.chainid, address(registry), HELD);
        vm.prank(venueOperator);
        registry.submitEpoch(HELD, s);
        mirrorEpoch(epoch);
    }

    /// @dev Paid by the home vault on a proof, to the address where claims wait for an order.
    function payToOutbox(uint256 i, uint16 token, address account, uint64 epoch, uint64 quanta) internal {
        Payout memory p = draftPayout(account, epoch, uint16(ROW + assetOf(i, token) - 3), quanta);
        p.recipient = hub.outboxOf(i + 1, account);
        p = resealed(p);
        vault.withdraw(HELD, p, approved(p));
    }

    function counted(uint256 i, uint16 token) internal view returns (uint256) {
        return registry.lastSnapshot(HELD).reserves[assetOf(i, token)];
    }

    function error1(bytes4 selector, uint256 a) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a);
    }
}
