// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {CreditSupportLender} from "../../../contracts/examples/CreditSupportLender.sol";
import {LoanOffer} from "../../../contracts/examples/ICreditSupportLender.sol";
import {OptionKind, OptionTerms} from "../../../contracts/examples/IOtcOptionSettlement.sol";
import {OtcOptionSettlement} from "../../../contracts/examples/OtcOptionSettlement.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {GateFixture} from "../gate/GateFixture.sol";
import {StandInAggregator} from "../mocks/StandInAggregator.sol";

/// @dev Does to both consumers of the gate what their parties and strangers may do, while the venue goes through its modes.
/// No action reverts: what may be refused is called through `_call`.
contract ConsumersHandler is GateFixture {
    address public constant FIRST = address(0xD0);
    address public constant SECOND = address(0xD1);
    uint256 private constant ACCOUNTS = 3;
    uint256 private constant MOST = 1e30;

    TestToken public token;
    StandInAggregator private _oracle;
    OtcOptionSettlement public otc;
    CreditSupportLender public lender;
    OptionTerms[] private _options;
    uint256 public loans;
    /// Options written and loans taken; and those of them while the gate was not open.
    uint256 public risks;
    uint256 public risksWhileShut;
    /// What anybody fetched.
    uint256 public fetched;

    constructor() {
        setUp();
        token = new TestToken("US dollar", "USD", 6);
        _oracle = new StandInAggregator(8);
        otc = new OtcOptionSettlement(gate, VENUE, TABLE_AGE);
        lender = new CreditSupportLender(gate, registry, VENUE, TABLE_AGE, 10 minutes, 1 days);
        address[3] memory parties = [FIRST, SECOND, STRANGER];
        for (uint256 i = 0; i < parties.length; ++i) {
            token.mint(parties[i], MOST);
            vm.startPrank(parties[i]);
            token.approve(address(otc), MOST);
            token.approve(address(lender), MOST);
            vm.stopPrank();
        }
    }

    function optionCount() external view returns (uint256) {
        return _options.length;
    }

    function optionOf(uint256 i) external view returns (OptionTerms memory) {
        return _options[i];
    }

    // ---- venue ----

    function passTime(uint32 time) external {
        vm.warp(block.timestamp + time % 12 hours);
    }

    function closeEpoch() external {
        uint64 epoch = registry.latestEpoch(VENUE) + 1;
        stateTable(10_000 + epoch, MarginLevel.MAINTENANCE);
        stateTable(20_000 + epoch, MarginLevel.INITIAL);
        EpochSubmission memory s = draft(epoch);
        s.marketCommitment = 10_000 + epoch;
        open();
        submit(seal(s, block.chainid, address(registry), VENUE));
    }

    function changeReserves(uint8 state_) external {
        // Mostly open, or nothing would ever be agreed.
        source.setState(ReserveState(state_ % 8 < 3 ? state_ % 8 : 0));
    }

    // ---- options ----

    function offerOption(uint64 premium, uint64 bond, uint32 days_, bool put) external {
        OptionTerms memory t = OptionTerms({
            buyer: FIRST,
            writer: SECOND,
            token: IERC20(address(token)),
            premium: premium,
            bond: bond,
            oracle: _oracle,
            maxPriceAge: 1 hours,
            kind: put ? OptionKind.PUT : OptionKind.CALL,
            strike: 60_000e8,
            quantity: 1e16,
            offerUntil: uint64(block.timestamp + 1 days),
            expiry: uint64(block.timestamp + 1 days + 1 + days_ % 2 days),
            topUpWindow: 1 days,
            salt: _options.length
        });
        if (_call(FIRST, address(otc), abi.encodeCall(otc.offer, (t)))) _options.push(t);
    }

    function writeOption(uint256 i, uint256 account) external {
        if (_options.length == 0) return;
        OptionTerms memory t = _options[i % _options.length];
        MarginClaim memory claim = _claimOf(address(otc), account, otc.writeAction(t), 20_000);
        _takeRisk(SECOND, address(otc), abi.encodeCall(otc.write, (t, claim)));
    }

    function settleOption(uint256 i, uint8 step, uint64 amount, uint64 price) external {
        if (_options.length == 0) return;
        OptionTerms memory t = _options[i % _options.length];
        step %= 5;
        _oracle.set(int256(uint256(price) % 120_000e8), block.timestamp);
        if (step == 0) _call(FIRST, address(otc), abi.encodeCall(otc.withdrawOffer, (t)));
        if (step == 1) _call(STRANGER, address(otc), abi.encodeCall(otc.fixPrice, (t)));
        if (step == 2) _call(SECOND, address(otc), abi.encodeCall(otc.topUp, (t, amount)));
        if (step == 3) _call(STRANGER, address(otc), abi.encodeCall(otc.declareDefault, (t)));
        if (step == 4) _call(STRANGER, address(otc), abi.encodeCall(otc.voidUnpriced, (t)));
    }

    // ---- loans ----

    function offerLoan(uint64 principal, uint32 yearlyRate, uint32 duration) external {
        LoanOffer memory t = LoanOffer(
            FIRST,
            SECOND,
            IERC20(address(token)),
            principal,
            yearlyRate % 1_000_000,
            uint64(block.timestamp + 1 days),
            duration % 7 days
        );
        if (_call(FIRST, address(lender), abi.encodeCall(lender.offerLoan, (t)))) ++loans;
    }

    function borrow(uint256 i, uint256 account) external {
        uint256 id = _loan(i);
        MarginClaim memory claim = _claimOf(address(lender), account, lender.borrowAction(id), 20_000);
        _takeRisk(SECOND, address(lender), abi.encodeCall(lender.borrow, (id, claim)));
    }

    function refresh(uint256 i, uint256 account) external {
        uint256 id = _loan(i);
        bytes32 action = lender.refreshAction(id, registry.latestEpoch(VENUE));
        MarginClaim memory claim = _claimOf(address(lender), account, action, 10_000);
        _call(STRANGER, address(lender), abi.encodeCall(lender.refresh, (id, claim)));
    }

    function endLoan(uint256 i, uint8 step) external {
        uint256 id = _loan(i);
        step %= 4;
        if (step == 0) _call(FIRST, address(lender), abi.encodeCall(lender.withdrawOffer, (id)));
        if (step == 1) _call(STRANGER, address(lender), abi.encodeCall(lender.callLoan, (id)));
        if (step == 2) _call(SECOND, address(lender), abi.encodeCall(lender.repay, (id)));
        if (step == 3) _call(STRANGER, address(lender), abi.encodeCall(lender.declareDefault, (id)));
    }

    function fetch(bool fromOtc, uint8 who) external {
        address party = [FIRST, SECOND, STRANGER][who % 3];
        address from = fromOtc ? address(otc) : address(lender);
        uint256 before = token.balanceOf(party);
        _call(party, from, abi.encodeCall(otc.withdraw, (IERC20(address(token)), party)));
        fetched += token.balanceOf(party) - before;
    }

    /// @dev The gate must have been open for whatever adds risk.
    function _takeRisk(address by, address target, bytes memory call) private {
        GateMode mode = gate.mode(VENUE);
        if (!_call(by, target, call)) return;
        ++risks;
        if (mode != GateMode.OPEN) ++risksWhileShut;
    }

    function _loan(uint256 i) private view returns (uint256) {
        return loans == 0 ? 1 : 1 + i % loans;
    }

    /// @dev Accounts have a name an epoch, that of the next in the same proof.
    function _claimOf(address consumer, uint256 account, bytes32 action, uint256 tables)
        private
        view
        returns (MarginClaim memory claim)
    {
        uint64 epoch = registry.latestEpoch(VENUE);
        account = 1 + account % ACCOUNTS;
        claim = draftMargin(epoch == 1 ? INITIAL_TABLE : tables + epoch);
        claim.nullifier = account * 1_000 + epoch;
        claim.nullifierNext = account * 1_000 + epoch + 1;
        return sealMargin(claim, frameHere(MARGIN, epoch, claim.marketCommitment), healthyWord(consumer, action));
    }

    function _call(address by, address target, bytes memory call) private returns (bool ok) {
        vm.prank(by);
        (ok,) = target.call(call);
    }
}
