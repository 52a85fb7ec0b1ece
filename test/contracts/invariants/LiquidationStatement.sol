// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {VaultFixture} from "../vault/VaultFixture.sol";

/// @dev What stands behind a commitment: `key` the owner's, quantities by row.
struct Holding {
    uint256 key;
    uint256 nonce;
    uint32 period;
    int256[5] q;
}

struct Sale {
    uint64 buyer;
    uint64 seller;
    uint64 expiry;
    uint16 row;
    uint16 payRow;
    int256 quantity;
    int256 payment;
    uint256 market;
}

/// @dev A market table: what a quantum is worth, and what margin takes off for it.
struct Table {
    bool initial;
    int256[5] mark;
    int256[5] longCharge;
    int256[5] shortCharge;
}

/// @dev What an account is worth under a table: equity V, charges R (no scenarios here).
struct Worth {
    int256 equity;
    int256 risk;
}

/// @dev The statements of docs/decisions/0009 and 0010 but for slots and caps, margin and band among them, decided over openings that
/// are kept in the clear: a "proof" holds exactly where the statement is true.
abstract contract LiquidationStatement is VaultFixture {
    uint16 internal constant ENTRY_ROW = 2;
    uint16 internal constant PERP_ROW = 3;
    uint16 internal constant OPTION_ROW = 4;
    uint256 internal constant ROWS = 5;
    int256 internal constant PPM = 1e6;

    /// @dev The words of terms and delta, taken apart.
    struct Said {
        uint256 kind;
        bool seller;
        bool owned;
        bool reducing;
        bool unmargined;
        bool opens;
        uint32 period;
        uint24 band;
        uint64 first;
        uint64 second;
        uint64 expiry;
        uint256 delta;
    }

    mapping(uint256 commitment => Holding) internal holdings;
    mapping(uint256 tradeCommitment => Sale) internal sales;
    mapping(uint256 market => Table) private _tables;
    mapping(uint256 circuitId => mapping(uint256 frame => uint256 market)) internal marketOf;
    mapping(uint256 frame => uint256[2] commitmentAndMarket) internal spokenOf;

    // ---- verdicts ----

    function holdsVerdict(uint256[4] memory s) external view returns (bool) {
        (uint256 commitment, uint256 market) = (spokenOf[s[0]][0], spokenOf[s[0]][1]);
        uint256 word = s[1] % 2 ** 96;
        if (market == 0 || holdings[commitment].key == 0 || s[1] >> 224 != 0 || s[2] != 0 || s[3] != 0) return false;
        if (word == 1 + 2 ** 84) return isHealthy(commitment, market);
        return word == 0 && !isHealthy(commitment, market);
    }

    function isHealthy(uint256 commitment, uint256 market) public view returns (bool) {
        Worth memory worth = worthOf(holdings[commitment].q, market);
        return worth.equity >= worth.risk;
    }

    function worthOf(int256[5] memory q, uint256 market) public view returns (Worth memory worth) {
        Table memory t = _tables[market];
        for (uint256 i = 0; i < ROWS; ++i) {
            worth.equity += q[i] * t.mark[i];
            worth.risk += q[i] > 0 ? q[i] * t.longCharge[i] : -q[i] * t.shortCharge[i];
        }
    }

    function judgedTable(uint256 market) public view returns (Table memory) {
        return _tables[market];
    }

    function setTable(uint256 market, Table memory table) internal {
        _tables[market] = table;
    }

    // ---- transitions ----

    function holds(uint256 circuitId, uint256 secret, uint256[5] memory s) external view returns (bool) {
        uint256 market = marketOf[circuitId][s[0]];
        Holding memory next = holdings[s[2]];
        Said memory said = saidBy(s[3], s[4]);
        if (market == 0 || next.key == 0 || said.kind == 4 || next.period != said.period) return false;
        Holding memory old = holdings[s[1]];
        if (said.opens) {
            if (said.kind != 0 || !said.owned || s[1] != 0) return false;
            old.key = next.key;
        }
        if (old.key != next.key || !known(old, next, secret, said) || !settled(old, said)) return false;
        (bool fits, int256[5] memory q) = posted(old, said, market);
        return fits && keccak256(abi.encode(q)) == keccak256(abi.encode(next.q)) && permitted(old.q, q, said, market);
    }

    /// @dev Kind 4 for what no terms are.
    function saidBy(uint256 terms, uint256 delta) private pure returns (Said memory said) {
        said.kind = terms >> 232 != 0 || terms & 128 != 0 ? 4 : terms % 4;
        said.seller = terms & 4 != 0;
        said.owned = terms & 8 != 0;
        said.reducing = terms & 16 != 0;
        said.unmargined = terms & 32 != 0;
        said.opens = terms & 64 != 0;
        (said.period, said.band) = (uint32(terms >> 8), uint24(terms >> 40));
        (said.first, said.second) = (uint64(terms >> 64), uint64(terms >> 128));
        (said.expiry, said.delta) = (uint40(terms >> 192), delta);
        if (said.reducing && said.kind != 1) said.kind = 4;
        if (said.opens && said.kind != 0) said.kind = 4;
    }

    /// @dev The owner, or a nonce that the owner can work out.
    function known(Holding memory old, Holding memory next, uint256 secret, Said memory said)
        private
        pure
        returns (bool)
    {
        if (said.owned) return next.key == uint256(keccak256(abi.encode(secret)));
        return next.nonce == derivedNonce(old.nonce, said.delta);
    }

    function derivedNonce(uint256 nonce, uint256 delta) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(nonce, delta)));
    }

    function settled(Holding memory old, Said memory said) private pure returns (bool) {
        if (said.kind == 3) return old.period == said.second && old.q[PERP_ROW] != 0 && old.period != said.period;
        return old.q[PERP_ROW] == 0 || old.period == said.period;
    }

    function posted(Holding memory old, Said memory said, uint256 market)
        private
        view
        returns (bool fits, int256[5] memory q)
    {
        for (uint256 i = 0; i < ROWS; ++i) {
            q[i] = old.q[i];
        }
        if (said.kind == 0) return (collateralPosted(q, said.delta), q);
        if (said.kind == 1) return (tradePosted(q, said, market), q);
        if (said.kind == 2) return (false, q);
        q[said.first] += floorDiv(-q[PERP_ROW] * rateOf(said.delta), PPM);
        fits = true;
    }

    function collateralPosted(int256[5] memory q, uint256 delta) private pure returns (bool) {
        (uint16 inRow, uint64 inAmount) = (uint16(delta), uint64(delta >> 16));
        (uint16 outRow, uint64 outAmount) = (uint16(delta >> 80), uint64(delta >> 96));
        if (inRow > BTC_ROW || outRow > BTC_ROW || delta >> 160 != 0) return false;
        q[inRow] += int256(uint256(inAmount));
        q[outRow] -= int256(uint256(outAmount));
        return true;
    }

    function tradePosted(int256[5] memory q, Said memory said, uint256 market) private view returns (bool) {
        Sale memory sale = sales[said.delta];
        int256 sign = said.seller ? int256(-1) : int256(1);
        q[sale.row] += sign * sale.quantity;
        q[sale.payRow] -= sign * sale.payment;
        return sale.quantity > 0 && sale.row != sale.payRow && sale.payRow <= ENTRY_ROW && sale.market == market
            && sale.buyer == said.first && sale.seller == said.second && sale.expiry == said.expiry;
    }

    /// @dev Sum of the rates listed for the perpetual's group, which is its row here.
    function rateOf(uint256 delta) private pure returns (int256 rate) {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 word = delta >> (80 * i);
            if (uint16(word) == PERP_ROW) rate += int256(uint256(uint64(word >> 16))) - 2 ** 63;
        }
    }

    function permitted(int256[5] memory old, int256[5] memory q, Said memory said, uint256 market)
        private
        view
        returns (bool)
    {
        if (said.unmargined && !isUnmargined(q)) return false;
        if (said.kind == 3) return true;
        bool takesOut = said.kind == 0 && uint64(said.delta >> 96) != 0;
        if (said.kind == 0 && !said.owned) return !takesOut && owesOnly(q);
        if (said.kind == 0 && !takesOut) return true;
        for (uint256 i = 0; said.owned && i <= BTC_ROW; ++i) {
            if (q[i] < 0 && q[i] < old[i]) return false;
        }
        if (said.kind == 0) return meets(old, q, false, market);
        if (!inBand(said, market)) return false;
        if (said.owned) return meets(old, q, said.reducing, market);
        Sale memory sale = sales[said.delta];
        int256 left = said.seller ? q[sale.row] : -q[sale.row];
        if (!said.reducing || left < 0) return false;
        bool converts = sale.row == ENTRY_ROW && sale.payRow == USD_ROW && owesOnly(q);
        return converts || meets(old, q, true, market);
    }

    /// @dev Margin, or less risk.
    function meets(int256[5] memory old, int256[5] memory q, bool reducing, uint256 market)
        private
        view
        returns (bool)
    {
        Worth memory then_ = worthOf(q, market);
        if (!reducing) return then_.equity >= then_.risk;
        Worth memory before = worthOf(old, market);
        int256 fall = before.risk - then_.risk;
        return fall >= 0 && 2 * (then_.equity - before.equity) + fall >= 0;
    }

    function inBand(Said memory said, uint256 market) private view returns (bool) {
        Sale memory sale = sales[said.delta];
        Table memory t = _tables[market];
        int256 off = PPM * (sale.payment * t.mark[sale.payRow] - sale.quantity * t.mark[sale.row]);
        int256 room = int256(uint256(said.band)) * sale.quantity * (t.mark[sale.row] + t.shortCharge[sale.row]) + PPM
            * t.mark[sale.payRow];
        return off <= room && -off <= room;
    }

    function owesOnly(int256[5] memory q) internal pure returns (bool) {
        for (uint256 i = 0; i < ROWS; ++i) {
            if (q[i] > 0) return false;
        }
        return true;
    }

    function isUnmargined(int256[5] memory q) internal pure returns (bool) {
        return q[0] >= 0 && q[1] >= 0 && q[2] == 0 && q[3] == 0 && q[4] == 0;
    }

    function floorDiv(int256 a, int256 b) internal pure returns (int256) {
        return a >= 0 || a % b == 0 ? a / b : a / b - 1;
    }
}
