// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/CollateralVault.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {AccountTerms, ExitClaim, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {MockAccountProofs} from "../mocks/MockAccountProofs.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev What owners prove, sealed for a mock gate, and what venue and owners sign.
abstract contract VaultProofs is RegistryFixture {
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
}
