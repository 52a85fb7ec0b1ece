// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {AccountTerms, ExitClaim, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ICollateralVault, Payout, VaultLimit, VaultRules} from "../../../contracts/interfaces/ICollateralVault.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {AssetLimit} from "../../../contracts/interfaces/IReserveSource.sol";
import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission, SettlementAsset, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {VaultPayouts} from "../../../contracts/vault/VaultPayouts.sol";
import {VaultWindUp} from "../../../contracts/vault/VaultWindUp.sol";
import {MockAccountProofs} from "../mocks/MockAccountProofs.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev A venue of the fixture's registry whose collateral a vault holds; accounts' proofs are sealed for a mock gate.
abstract contract VaultFixture is RegistryFixture {
    uint256 internal constant HELD = 9;
    uint256 internal constant OPERATOR_KEY = 0x0417;
    uint256 internal constant USER_KEY = 0x05E7;
    uint256 internal constant MIN_TIMELOCK = 1 days;
    uint256 internal constant MARGIN = 501;
    uint256 internal constant EXIT = 502;
    uint256 internal constant SIGNER = 503;
    uint256 internal constant ROW_MARK = 504;
    uint256 internal constant EPOCH_TABLES = 7000;
    uint256 internal constant INITIAL_TABLES = 8000;
    /// Value units of a quantum: 10^-6 USD, and 10^-6 BTC at 60,000 USD.
    uint64 internal constant USD_MARK = 1e6;
    uint64 internal constant BTC_MARK = 6e10;
    uint128 internal constant BTC_UNITS = 100;
    uint96 internal constant BOND = 1e15;
    uint16 internal constant USD_ROW = 0;
    uint16 internal constant BTC_ROW = 1;
    uint16 internal constant BTC_TIER = 5;
    uint16 internal constant UNLISTED_ROW = 6;

    address internal constant ALICE = address(0xC0);
    address internal constant BOB = address(0xC1);
    address internal constant HOUSE = address(0xC2);

    CollateralVault internal vault;
    MockAccountProofs internal gate;
    TestToken internal usd;
    OddToken internal btc;
    OddToken internal unlisted;
    address internal venueOperator;
    uint256 private _initialTables;

    function setUp() public virtual override {
        super.setUp();
        venueOperator = vm.addr(OPERATOR_KEY);
        gate = new MockAccountProofs(registry);
        vault = newVault();
        usd = new TestToken("Test USD", "tUSD", 6);
        btc = new OddToken();
        unlisted = new OddToken();
        vm.startPrank(OWNER);
        registry.registerVenue(HELD, vaultConfig());
        vault.setTokenAllowed(address(usd), true);
        vault.setTokenAllowed(address(btc), true);
        vault.setTokenAllowed(address(unlisted), true);
        vm.stopPrank();
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(HELD, heldAssets());
        markets.stateSettlementRows(HELD, heldRows(), rowAssets());
        vault.setRules(HELD, vaultRules(), vaultLimits());
        vm.stopPrank();
        fill(ALICE);
        fill(BOB);
    }

    // ---- what the venue set up ----

    function newVault() internal returns (CollateralVault) {
        VaultPayouts payouts = new VaultPayouts(registry, gate);
        VaultWindUp windUp = new VaultWindUp(registry, gate);
        return new CollateralVault(OWNER, registry, gate, MIN_TIMELOCK, payouts, windUp);
    }

    function vaultConfig() internal view returns (VenueConfig memory c) {
        c = config();
        c.reserves = vault;
        c.operator = venueOperator;
        c.fundToken = address(usd);
    }

    /// The third is in no table.
    function heldAssets() internal view returns (SettlementAsset[] memory list) {
        list = new SettlementAsset[](3);
        list[0] = SettlementAsset(address(usd), 1);
        list[1] = SettlementAsset(address(btc), BTC_UNITS);
        list[2] = SettlementAsset(address(unlisted), 1);
    }

    function heldRows() internal pure returns (uint256[] memory rows) {
        rows = new uint256[](4);
        (rows[0], rows[1], rows[2], rows[3]) = (USD_ROW, BTC_ROW, BTC_TIER, UNLISTED_ROW);
    }

    function rowAssets() internal pure returns (uint256[] memory assets_) {
        assets_ = new uint256[](4);
        (assets_[0], assets_[1], assets_[2], assets_[3]) = (0, 1, 1, 2);
    }

    function vaultRules() internal pure returns (VaultRules memory) {
        return VaultRules({
            timelock: 3 days,
            payoutTableAge: 10 minutes,
            demandWindow: 1 hours,
            answerWindow: 2 hours,
            requestDelay: 1 days,
            hatchAfter: 2 days,
            claimWindow: 7 days,
            limitWindow: 1 hours,
            demandBond: BOND
        });
    }

    function vaultLimits() internal pure returns (VaultLimit[] memory list) {
        list = new VaultLimit[](3);
        for (uint256 i = 0; i < 3; ++i) {
            list[i] = VaultLimit(i, AssetLimit(1e24, 1e24), 1e30);
        }
    }

    function fill(address who) internal {
        usd.mint(who, 1e15);
        btc.mint(who, 1e15);
        unlisted.mint(who, 1e15);
        vm.deal(who, 1 ether);
        vm.prank(who);
        usd.approve(address(vault), type(uint256).max);
    }

    // ---- deposits, time, epochs ----

    function deposit(address who, uint256 asset, uint256 amount) internal returns (uint256 depositId) {
        vm.prank(who);
        return vault.deposit(HELD, asset, amount, bytes32(uint256(uint160(who))));
    }

    function pass(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
        vm.roll(block.number + duration / 12 + 1);
    }

    function openSnapshot() internal {
        vm.prank(venueOperator);
        registry.openSnapshot(HELD);
    }

    /// @dev The epoch that was opened, over a table of its own.
    function acceptEpoch() internal returns (uint64 epoch) {
        epoch = registry.latestEpoch(HELD) + 1;
        uint256 commitment = EPOCH_TABLES + epoch;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = commitment;
        s = seal(s, block.chainid, address(registry), HELD);
        vm.prank(venueOperator);
        registry.submitEpoch(HELD, s);
    }

    function nextEpoch() internal returns (uint64) {
        openSnapshot();
        return acceptEpoch();
    }

    function letStand() internal {
        pass(vaultRules().demandWindow + vaultRules().answerWindow);
    }

    function standingEpoch() internal returns (uint64 epoch) {
        epoch = nextEpoch();
        letStand();
    }

    /// @dev A new table of initial level, with prices of now.
    function initialTable() internal returns (uint256 commitment) {
        commitment = INITIAL_TABLES + ++_initialTables;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, commitment, Market(MarginLevel.INITIAL, uint64(block.timestamp), 2), 12);
    }

    // ---- what owners prove ----

    function nf(address account, uint64 epoch) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("nf", account, epoch))) % P;
    }

    function scoped(address account, uint64 epoch) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("nf", account, epoch, "demands"))) % P;
    }

    /// @dev Of an unmargined account, under the epoch's own table, paid to the account's address.
    function draftPayout(address account, uint64 epoch, uint16 row, uint64 amount)
        internal
        view
        returns (Payout memory p)
    {
        p.claim.circuitId = MARGIN;
        p.claim.epoch = epoch;
        p.claim.marketCommitment = EPOCH_TABLES + epoch;
        p.claim.nullifier = nf(account, epoch);
        p.claim.nullifierNext = nf(account, epoch + 1);
        p.unmargined = true;
        p.row = row;
        p.amount = amount;
        p.recipient = account;
        p.deadline = uint64(block.timestamp + 1 hours);
    }

    function termsOfPayout(Payout memory p, bytes32 action) internal view returns (AccountTerms memory terms) {
        terms.healthy = true;
        terms.withdraws = true;
        terms.unmargined = p.unmargined;
        terms.payload = uint80(p.row) + uint80(p.amount) * 2 ** 16;
        terms.context = gate.contextOf(address(vault), action);
    }

    function sealPayout(Payout memory p, bytes32 action) internal view returns (Payout memory) {
        p.claim.proof.a[0] = gate.sealOfMargin(HELD, p.claim, termsOfPayout(p, action));
        return p;
    }

    function payoutOf(address account, uint64 epoch, uint16 row, uint64 amount) internal view returns (Payout memory) {
        return resealed(draftPayout(account, epoch, row, amount));
    }

    function resealed(Payout memory p) internal view returns (Payout memory) {
        return sealPayout(p, keccak256(abi.encode("clearproof.payout", p.recipient, p.deadline)));
    }

    function requestOf(address account, uint64 epoch, uint16 row, uint64 amount)
        internal
        view
        returns (Payout memory p)
    {
        p = draftPayout(account, epoch, row, amount);
        return sealPayout(p, keccak256(abi.encode("clearproof.request", p.recipient, p.deadline)));
    }

    function signerOf(address account, uint64 epoch, uint64 laterEpoch) internal view returns (SignerClaim memory c) {
        c.circuitId = SIGNER;
        c.epoch = epoch;
        c.nullifier = nf(account, epoch);
        c.laterEpoch = laterEpoch;
        c.laterNullifier = nf(account, laterEpoch);
        c.signer = vm.addr(USER_KEY);
        c.proof.a[0] = gate.sealOfSigner(HELD, c);
    }

    function exitOf(address account, uint64 epoch, uint256 equity) internal view returns (ExitClaim memory c) {
        c.circuitId = EXIT;
        c.equity = equity;
        c.recipient = account;
        c.nullifier = nf(account, epoch);
        c.proof.a[0] = gate.sealOfExit(HELD, epoch, c);
    }

    function markOf(uint64 epoch, uint16 row, uint64 mark) internal view returns (MarkClaim memory c) {
        c.circuitId = ROW_MARK;
        c.row = row;
        c.mark = mark;
        c.proof.a[0] = gate.sealOfMark(HELD, EPOCH_TABLES + epoch, c);
    }

    /// @dev Shows that the account, in a leaf of `leafEpoch`, is the prover's.
    function demandOf(address account, uint64 leafEpoch, uint64 epoch, bytes memory key)
        internal
        view
        returns (MarginClaim memory c)
    {
        c.circuitId = MARGIN;
        c.epoch = leafEpoch;
        c.marketCommitment = EPOCH_TABLES + leafEpoch;
        c.nullifier = scoped(account, leafEpoch);
        c.nullifierNext = scoped(account, leafEpoch + 1);
        AccountTerms memory terms;
        terms.held = true;
        terms.payload = gate.scopeOf(address(vault));
        terms.context = gate.contextOf(address(vault), keccak256(abi.encode("clearproof.demand", epoch, key)));
        c.proof.a[0] = gate.sealOfMargin(HELD, c, terms);
    }

    /// @dev Confirms under the epoch's own table: of an unmargined account.
    function confirmationOf(address account, uint64 epoch, uint256 requestId)
        internal
        view
        returns (MarginClaim memory c)
    {
        c.circuitId = MARGIN;
        c.epoch = epoch;
        c.marketCommitment = EPOCH_TABLES + epoch;
        c.nullifier = nf(account, epoch);
        c.nullifierNext = nf(account, epoch + 1);
        return sealConfirmation(c, requestId, true);
    }

    function sealConfirmation(MarginClaim memory c, uint256 requestId, bool unmargined)
        internal
        view
        returns (MarginClaim memory)
    {
        AccountTerms memory terms;
        terms.healthy = true;
        terms.unmargined = unmargined;
        terms.context = gate.contextOf(address(vault), keccak256(abi.encode("clearproof.confirm", requestId)));
        c.proof.a[0] = gate.sealOfMargin(HELD, c, terms);
        return c;
    }

    // ---- what the venue and owners sign ----

    function typed(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domainHash = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof CollateralVault"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domainHash, structHash));
    }

    function signed(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, typed(structHash));
        return abi.encodePacked(r, s, v);
    }

    function approvalHash(Payout memory p) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "PayoutApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,address recipient,uint64 deadline)"
                ),
                HELD,
                p.claim.nullifier,
                p.row,
                p.amount,
                p.recipient,
                p.deadline
            )
        );
    }

    function moveHash(Payout memory p, bytes32 handle) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "MoveApproval(uint256 venueId,uint256 nullifier,uint16 row,uint64 amount,bytes32 handle,uint64 deadline)"
                ),
                HELD,
                p.claim.nullifier,
                p.row,
                p.amount,
                handle,
                p.deadline
            )
        );
    }

    function orderHash(uint256 nullifier, uint64 sequence, bytes32 orderDigest) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("LaterOrder(uint256 venueId,uint256 nullifier,uint64 sequence,bytes32 orderDigest)"),
                HELD,
                nullifier,
                sequence,
                orderDigest
            )
        );
    }

    function approved(Payout memory p) internal view returns (bytes memory) {
        return signed(OPERATOR_KEY, approvalHash(p));
    }

    // ---- whole steps ----

    function withdraw(address account, uint64 epoch, uint16 row, uint64 amount) internal {
        Payout memory p = payoutOf(account, epoch, row, amount);
        vault.withdraw(HELD, p, approved(p));
    }

    function refuseWithdraw(Payout memory p, bytes memory reason) internal {
        bytes memory approval = approved(p);
        vm.expectRevert(reason);
        vault.withdraw(HELD, p, approval);
    }

    function request(address account, uint64 epoch, uint16 row, uint64 amount) internal returns (uint256) {
        return vault.requestWithdrawal(HELD, requestOf(account, epoch, row, amount), signerOf(account, epoch, epoch));
    }

    function defer(uint256 requestId, uint256 nullifier) internal {
        bytes memory signature = signed(USER_KEY, orderHash(nullifier, 1, "order"));
        vm.prank(venueOperator);
        vault.deferRequest(requestId, 1, "order", signature);
    }

    function setHouse(address house) internal {
        vm.startPrank(PARAMETERS);
        vault.proposeClearingHouse(HELD, house);
        pass(vault.rulesOf(HELD).timelock);
        vault.activateClearingHouse(HELD, house);
        vm.stopPrank();
    }

    /// @dev The venue falls silent after the epoch that stands.
    function openHatch() internal returns (uint64 base) {
        base = vault.newestStanding(HELD);
        uint256 dueAt = registry.epochAt(HELD, base).acceptedAt + vaultRules().hatchAfter;
        if (block.timestamp < dueAt) pass(dueAt - block.timestamp);
        vault.openHatch(HELD, base);
    }

    function reportMarks(uint64 base) internal {
        vault.reportMark(HELD, 0, markOf(base, USD_ROW, USD_MARK));
        vault.reportMark(HELD, 1, markOf(base, BTC_ROW, BTC_MARK));
    }

    function settle() internal {
        pass(vaultRules().claimWindow);
        vault.settleRound(HELD);
    }

    function collect(address account, uint64 base) internal {
        uint256[] memory both = new uint256[](2);
        both[1] = 1;
        vault.collectExit(HELD, nf(account, base), both);
    }

    function refused(address who, bytes memory call, bytes memory reason) internal {
        vm.prank(who);
        (bool ok, bytes memory got) = address(vault).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }
}
