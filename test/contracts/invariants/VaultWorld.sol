// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {AccountTerms, ExitClaim, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Payout, VaultLimit, VaultRules} from "../../../contracts/interfaces/VaultTypes.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {VaultPayouts} from "../../../contracts/vault/VaultPayouts.sol";
import {VaultWindUp} from "../../../contracts/vault/VaultWindUp.sol";
import {MockAccountProofs} from "../mocks/MockAccountProofs.sol";
import {OddHouse} from "../mocks/OddHouse.sol";
import {TestBase} from "../TestBase.sol";
import {VaultStandIn} from "./VaultStandIn.sol";

/// @dev Two venues at one vault, sharing both tokens, and what an honest venue would write down: nobody trades, so an account is
/// what it deposited less what it took. Books are kept beside the vault, from what was asked and granted.
abstract contract VaultWorld is TestBase {
    uint256 internal constant VENUES = 2;
    uint256 internal constant USERS = 3;
    uint256 internal constant ASSETS = 2;
    uint256 internal constant OPERATOR_KEY = 0x0417;
    uint256 internal constant USER_KEY = 0x05E7;
    uint96 internal constant BOND = 7;
    uint64[2] internal marks = [uint64(1e6), 6e10];
    uint128[2] internal units = [uint128(1), 100];
    address internal constant OWNER = address(0xA0);
    address internal constant ADMIN = address(0xA1);
    address internal constant PARAMETERS = address(0xA3);
    address internal constant HOUSE = address(0xC2);

    CollateralVault public vault;
    MockAccountProofs internal gate;
    VaultStandIn internal registry;
    TestToken[2] internal tokens;
    address internal venueOperator;

    /// Accounts as the venue has them, quanta.
    mapping(uint256 venue => mapping(uint256 user => mapping(uint256 asset => uint256))) internal account;
    mapping(uint256 venue => mapping(uint64 epoch => mapping(uint256 user => mapping(uint256 asset => uint256))))
        internal leaf;
    mapping(uint256 venue => mapping(uint256 user => mapping(uint256 asset => uint256))) internal clearedOf;

    mapping(uint256 asset => uint256) public movedToCleared;

    /// Books.
    uint256[2] public tokensIn;
    uint256[2] public tokensOut;
    uint256[2] public funds;
    mapping(uint256 user => uint256) public valueIn;
    mapping(uint256 user => uint256) public valueOut;
    uint256[] public depositIds;
    mapping(uint256 depositId => uint256 user) internal userOf;
    uint256[] public requestIds;
    mapping(uint256 requestId => uint256) internal requester;
    uint256[] public demandIds;
    uint256[] public nullifiers;
    mapping(uint256 nullifier => uint256) public timesPaid;
    uint64[2] public newest;
    uint64[2] public baseOf;
    bool[2] public closed;
    mapping(uint256 venue => mapping(uint256 asset => bool)) internal marked;
    uint256 public bonds;
    uint256[2] internal fundChangeReadyAt;
    uint256[2] internal fundChange;
    uint256 public exitsPaid;
    mapping(bytes32 => uint256) internal collections;

    /// What must never have happened.
    uint256 public honestRefused;
    uint256 public refundsRefused;
    uint256 public strangersHeard;
    uint256 public doublePayments;
    uint256 public overpaidExits;
    uint256 public doubleExits;
    uint256 public standingLost;
    uint256 public timelocksCut;
    uint256 public reopened;

    constructor() {
        vm.warp(1_800_000_000);
        vm.deal(address(this), 1e18);
        venueOperator = vm.addr(OPERATOR_KEY);
        SettlementAsset[] memory list = new SettlementAsset[](2);
        for (uint256 i = 0; i < 2; ++i) {
            tokens[i] = new TestToken("Test", "T", 6);
            list[i] = SettlementAsset(address(tokens[i]), units[i]);
        }
        registry = new VaultStandIn(list);
        ISolvencyRegistry asked = ISolvencyRegistry(address(registry));
        gate = new MockAccountProofs(asked);
        vault = new CollateralVault(OWNER, asked, gate, 1, new VaultPayouts(asked, gate), new VaultWindUp(asked, gate));
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(OWNER);
            vault.setTokenAllowed(address(tokens[i]), true);
        }
        for (uint256 v = 0; v < VENUES; ++v) {
            registry.register(idOf(v), ADMIN, venueOperator, PARAMETERS, vault);
            setUpVenue(idOf(v));
        }
        vm.etch(HOUSE, address(new OddHouse()).code);
        for (uint256 u = 0; u <= USERS; ++u) {
            for (uint256 i = 0; i < 2; ++i) {
                vm.prank(u == USERS ? HOUSE : userAt(u));
                tokens[i].approve(address(vault), type(uint256).max);
            }
        }
    }

    function setUpVenue(uint256 venueId) private {
        VaultLimit[] memory list = new VaultLimit[](2);
        list[0] = VaultLimit(0, AssetLimit(1e30, 1e30), 1e30);
        list[1] = VaultLimit(1, AssetLimit(1e30, 1e30), 1e30);
        vm.startPrank(PARAMETERS);
        vault.setRules(venueId, rules(), list);
        vault.proposeClearingHouse(venueId, HOUSE);
        vm.warp(block.timestamp + 3 days);
        vault.activateClearingHouse(venueId, HOUSE);
        vm.stopPrank();
    }

    function rules() internal pure returns (VaultRules memory) {
        return VaultRules(2 days, 10 minutes, 1 hours, 1 hours, 4 hours, 6 hours, 2 hours, 1 hours, BOND);
    }

    function idOf(uint256 venue) public pure returns (uint256) {
        return 7 + venue;
    }

    function userAt(uint256 user) public pure returns (address) {
        return address(uint160(0xC00 + user));
    }

    function count(uint256 what) external view returns (uint256) {
        return [depositIds.length, requestIds.length, demandIds.length, nullifiers.length][what];
    }

    function registryToken(uint256 asset) external view returns (address) {
        return address(tokens[asset]);
    }

    /// @dev In hundredths of a value unit, so that base units of both tokens have whole values.
    function valueOf(uint256 asset, uint256 amount) public view returns (uint256) {
        return amount * marks[asset] * 100 / units[asset];
    }

    function userOfAddress(address who) internal pure returns (uint256) {
        return uint160(who) - 0xC00;
    }

    // ---- proofs and signatures ----

    function nf(uint256 venue, uint256 user, uint64 epoch) public pure returns (uint256) {
        return uint256(keccak256(abi.encode("nf", venue, user, epoch))) % ScalarField.MODULUS;
    }

    function claimOf(uint256 venue, uint256 user, uint64 epoch) internal pure returns (MarginClaim memory c) {
        c.epoch = epoch;
        c.marketCommitment = epoch;
        c.nullifier = nf(venue, user, epoch);
        c.nullifierNext = nf(venue, user, epoch + 1);
    }

    function payoutOf(uint256 venue, uint256 user, uint64 epoch, uint16 row, uint64 amount)
        internal
        view
        returns (Payout memory p)
    {
        p.claim = claimOf(venue, user, epoch);
        p.unmargined = true;
        p.row = row;
        p.amount = amount;
        p.recipient = userAt(user);
        p.deadline = uint64(block.timestamp);
    }

    function sealed_(uint256 venue, Payout memory p, bytes32 action) internal view returns (Payout memory) {
        AccountTerms memory terms = AccountTerms(
            true, false, true, true, uint80(p.row) + uint80(p.amount) * 2 ** 16, gate.contextOf(address(vault), action)
        );
        p.claim.proof.a[0] = gate.sealOfMargin(idOf(venue), p.claim, terms);
        return p;
    }

    function signerOf(uint256 venue, uint256 user, uint64 epoch, uint64 later)
        internal
        view
        returns (SignerClaim memory c)
    {
        (c.epoch, c.laterEpoch) = (epoch, later);
        (c.nullifier, c.laterNullifier) = (nf(venue, user, epoch), nf(venue, user, later));
        c.signer = vm.addr(USER_KEY);
        c.proof.a[0] = gate.sealOfSigner(idOf(venue), c);
    }

    function exitOf(uint256 venue, uint256 user, uint64 epoch, uint256 equity)
        internal
        view
        returns (ExitClaim memory c)
    {
        (c.equity, c.recipient, c.nullifier) = (equity, userAt(user), nf(venue, user, epoch));
        c.proof.a[0] = gate.sealOfExit(idOf(venue), epoch, c);
    }

    function markClaim(uint256 venue, uint64 epoch, uint16 row) internal view returns (MarkClaim memory c) {
        (c.row, c.mark) = (row, marks[row]);
        c.proof.a[0] = gate.sealOfMark(idOf(venue), epoch, c);
    }

    function signed(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domainHash = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof CollateralVault"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domainHash, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function approval(uint256 venue, Payout memory p, bool moves, bytes32 target) internal view returns (bytes memory) {
        bytes32 kind = moves
            ? keccak256(
                "MoveApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,bytes32 handle,uint64 deadline)"
            )
            : keccak256(
                "PayoutApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,address recipient,uint64 deadline)"
            );
        return signed(
            OPERATOR_KEY,
            keccak256(abi.encode(kind, idOf(venue), p.claim.nullifier, p.row, p.amount, target, p.deadline))
        );
    }

    // ---- books ----

    function call(address who, bytes memory data) internal returns (bool done) {
        (done,) = callFor(who, data);
    }

    function callFor(address who, bytes memory data) internal returns (bool done, bytes memory answer) {
        vm.prank(who);
        (done, answer) = address(vault).call(data);
        lookAround();
    }

    /// @dev What must hold between any two calls.
    function lookAround() internal {
        for (uint256 v = 0; v < VENUES; ++v) {
            uint64 now_ = vault.newestStanding(idOf(v));
            if (now_ < newest[v] || newest[v] != 0 && !vault.stands(idOf(v), newest[v])) ++standingLost;
            newest[v] = now_;
            bool isClosed = vault.hatchOf(idOf(v)).openedAt != 0;
            if (closed[v] && (!isClosed || vault.hatchOf(idOf(v)).baseEpoch != baseOf[v])) ++reopened;
        }
    }

    function noteUsed(uint256 venue, uint256 user, uint64 epoch) internal {
        uint256 nullifier = nf(venue, user, epoch);
        if (++timesPaid[nullifier] > 1) ++doublePayments;
        nullifiers.push(nullifier);
        if (registry.openedEpoch(idOf(venue)) > epoch) {
            nullifier = nf(venue, user, epoch + 1);
            if (++timesPaid[nullifier] > 1) ++doublePayments;
            nullifiers.push(nullifier);
        }
    }

    function noteOut(uint256 user, uint256 asset, uint256 amount) internal {
        tokensOut[asset] += amount;
        valueOut[user] += valueOf(asset, amount);
    }

    function noteMoved(uint256 venue, uint256 user, uint256 asset, uint256 amount) internal {
        clearedOf[venue][user][asset] += amount;
        movedToCleared[asset] += amount;
    }

    /// @dev What the clearing house heard of, token base units.
    function heardOf(uint256 asset) external view returns (uint256) {
        return OddHouse(HOUSE).creditOf("handle", asset);
    }

    /// @dev What all users have at the venue's clearing house, token base units.
    function clearedSum(uint256 venue, uint256 asset) external view returns (uint256 sum) {
        for (uint256 u = 0; u < USERS; ++u) {
            sum += clearedOf[venue][u][asset];
        }
    }

    function noteDeposit(uint256 depositId, uint256 venue, uint256 user, uint256 asset, uint256 amount) internal {
        depositIds.push(depositId);
        userOf[depositId] = user;
        account[venue][user][asset] += amount / units[asset];
    }
}
