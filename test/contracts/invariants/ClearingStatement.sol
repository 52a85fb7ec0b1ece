// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {VaultFixture} from "../vault/VaultFixture.sol";

/// @dev What stands behind a commitment: `key` the owner's, quantities by row.
struct Opening {
    uint256 key;
    uint256 nonce;
    uint32 period;
    int256[6] q;
}

struct Deal {
    uint64 buyer;
    uint64 seller;
    uint64 expiry;
    uint16 row;
    uint16 payRow;
    int256 quantity;
    int256 payment;
    uint256 market;
}

/// @dev The statement of docs/decisions/0009-clearing-house.md but for margin, band and caps, decided over openings that are kept in the
/// clear: a "proof", whose first word is what the prover knows, holds exactly where the statement is true.
abstract contract ClearingStatement is VaultFixture {
    uint16 internal constant ENTRY_ROW = 2;
    uint16 internal constant PERP_ROW = 3;
    uint16 internal constant CASH_OPTION = 4;
    uint16 internal constant COIN_OPTION = 5;
    uint16 internal constant MODEL_ROWS = 6;

    /// @dev The words of terms and delta, taken apart.
    struct Said {
        uint256 kind;
        bool seller;
        bool owned;
        bool unmargined;
        bool opens;
        uint32 period;
        uint64 first;
        uint64 second;
        uint64 expiry;
        uint256 delta;
    }

    mapping(uint256 commitment => Opening) internal openings;
    mapping(uint256 commitment => Deal) internal deals;
    mapping(uint256 circuitId => mapping(uint256 frame => uint256 market)) internal marketOf;

    function holds(uint256 circuitId, uint256 secret, uint256[5] memory s) public view returns (bool) {
        uint256 market = marketOf[circuitId][s[0]];
        Opening memory next = openings[s[2]];
        Said memory said = saidBy(s[3], s[4]);
        if (market == 0 || next.key == 0 || said.kind == 4 || next.period != said.period) return false;
        Opening memory old = openings[s[1]];
        if (said.opens) {
            if (said.kind != 0 || !said.owned || s[1] != 0) return false;
            old.key = next.key;
        }
        if (old.key != next.key || !known(old, next, secret, said) || !settled(old, said)) return false;
        (bool fits, int256[6] memory q) = posted(old, said, market);
        return fits && keccak256(abi.encode(q)) == keccak256(abi.encode(next.q)) && permitted(old.q, q, said);
    }

    /// @dev Kind 4 for what no terms are.
    function saidBy(uint256 terms, uint256 delta) private pure returns (Said memory said) {
        said.kind = terms >> 232 != 0 || terms & 128 != 0 ? 4 : terms % 4;
        said.seller = terms & 4 != 0;
        said.owned = terms & 8 != 0;
        said.unmargined = terms & 32 != 0;
        said.opens = terms & 64 != 0;
        said.period = uint32(terms >> 8);
        said.first = uint64(terms >> 64);
        said.second = uint64(terms >> 128);
        said.expiry = uint40(terms >> 192);
        said.delta = delta;
    }

    /// @dev The owner, or a nonce that the owner can work out.
    function known(Opening memory old, Opening memory next, uint256 secret, Said memory said)
        private
        pure
        returns (bool)
    {
        if (said.owned) return next.key == uint256(keccak256(abi.encode(secret)));
        return said.kind != 0 && next.nonce == derivedNonce(old.nonce, said.delta);
    }

    function derivedNonce(uint256 nonce, uint256 delta) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(nonce, delta)));
    }

    function settled(Opening memory old, Said memory said) private pure returns (bool) {
        if (said.kind == 3) return old.period == said.second && (said.owned || old.period != said.period);
        return old.q[PERP_ROW] == 0 || old.period == said.period;
    }

    function posted(Opening memory old, Said memory said, uint256 market)
        private
        view
        returns (bool fits, int256[6] memory q)
    {
        for (uint256 i = 0; i < MODEL_ROWS; ++i) {
            q[i] = old.q[i];
        }
        if (said.kind == 0) return (collateralPosted(q, said.delta), q);
        if (said.kind == 1) return (tradePosted(q, said, market), q);
        if (said.kind == 2) return (expiryPosted(q, said), q);
        int256 due = q[PERP_ROW] * rateOf(said.delta);
        fits = said.owned || q[PERP_ROW] != 0;
        q[said.first] += floorDiv(-due, 1e6);
    }

    function collateralPosted(int256[6] memory q, uint256 delta) private pure returns (bool) {
        (uint16 inRow, uint64 inAmount) = (uint16(delta), uint64(delta >> 16));
        (uint16 outRow, uint64 outAmount) = (uint16(delta >> 80), uint64(delta >> 96));
        if (inRow > BTC_ROW || outRow > BTC_ROW || delta >> 160 != 0) return false;
        q[inRow] += int256(uint256(inAmount));
        q[outRow] -= int256(uint256(outAmount));
        return true;
    }

    function tradePosted(int256[6] memory q, Said memory said, uint256 market) private view returns (bool) {
        Deal memory deal = deals[said.delta];
        int256 sign = said.seller ? int256(-1) : int256(1);
        q[deal.row] += sign * deal.quantity;
        q[deal.payRow] -= sign * deal.payment;
        return deal.quantity > 0 && deal.market == market && deal.buyer == said.first && deal.seller == said.second
            && deal.expiry == said.expiry;
    }

    function expiryPosted(int256[6] memory q, Said memory said) private pure returns (bool) {
        uint256 delta = said.delta;
        uint16 row = uint16(delta);
        int256 held = q[row];
        int256 value = int256((delta >> 48) % 2 ** 49) - 2 ** 48;
        int256 unit = int256((delta >> 97) % 2 ** 48);
        int256 deliver = int256((delta >> 145) % 2 ** 33) - 2 ** 32;
        q[row] = 0;
        q[uint16(delta >> 16)] += floorDiv(held * value, unit);
        q[uint16(delta >> 32)] += held * deliver;
        return delta >> 178 == 0 && (said.owned || held != 0);
    }

    /// @dev Sum of the rates listed for the perpetual's group, which is its row here.
    function rateOf(uint256 delta) private pure returns (int256 rate) {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 word = delta >> (80 * i);
            if (uint16(word) == PERP_ROW) rate += int256(uint256(uint64(word >> 16))) - 2 ** 63;
        }
    }

    /// @dev Nothing is borrowed from the house; what says that it needs no margin needs none; without its owner an account only gets
    /// smaller.
    function permitted(int256[6] memory old, int256[6] memory q, Said memory said) private pure returns (bool) {
        if (said.unmargined && !isUnmargined(q)) return false;
        bool takesOut = said.kind == 0 && uint64(said.delta >> 96) != 0;
        if (said.kind != 1 && !takesOut) return true;
        for (uint256 i = 0; i < MODEL_ROWS; ++i) {
            bool lent = i <= BTC_ROW && q[i] < 0 && q[i] < old[i];
            if (said.owned && lent) return false;
            bool grows = abs(q[i]) > abs(old[i]) || (q[i] > 0 && old[i] < 0) || (q[i] < 0 && old[i] > 0);
            if (!said.owned && i > ENTRY_ROW && grows) return false;
        }
        return true;
    }

    function isUnmargined(int256[6] memory q) internal pure returns (bool) {
        return q[0] >= 0 && q[1] >= 0 && q[2] == 0 && q[3] == 0 && q[4] == 0 && q[5] == 0;
    }

    function floorDiv(int256 a, int256 b) internal pure returns (int256) {
        return a >= 0 || a % b == 0 ? a / b : a / b - 1;
    }

    function abs(int256 x) internal pure returns (uint256) {
        return uint256(x < 0 ? -x : x);
    }
}
