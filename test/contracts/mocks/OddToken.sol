// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @dev One token with every oddity the escrow must survive, chosen by the test.
contract OddToken {
    enum Oddity {
        NONE,
        FEE,
        RETURNS_FALSE,
        RETURNS_NOTHING,
        MOVES_NOTHING,
        TAKES_FROM_RECEIVER,
        REENTERS
    }

    error Blacklisted(address account);

    mapping(address account => uint256) public balanceOf;
    mapping(address account => bool) public blacklisted;
    Oddity public oddity;
    address public target;
    bytes public call;

    function setOddity(Oddity chosen) external {
        oddity = chosen;
    }

    function setBlacklisted(address account, bool is_) external {
        blacklisted[account] = is_;
    }

    function setCall(address target_, bytes calldata call_) external {
        (target, call) = (target_, call_);
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    /// @dev Nobody is asked: transfers need no allowance.
    function approve(address, uint256) external pure {
        _answer(1, 32);
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        if (blacklisted[to]) revert Blacklisted(to);
        if (oddity == Oddity.RETURNS_FALSE) _answer(0, 32);
        if (oddity == Oddity.REENTERS) {
            (bool ok, bytes memory reason) = target.call(call);
            if (!ok) {
                assembly {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
        if (oddity == Oddity.TAKES_FROM_RECEIVER) {
            balanceOf[to] -= 1;
        } else if (oddity != Oddity.MOVES_NOTHING) {
            balanceOf[from] -= amount;
            balanceOf[to] += oddity == Oddity.FEE ? amount - amount / 100 : amount;
        }
        _answer(1, oddity == Oddity.RETURNS_NOTHING ? 0 : 32);
    }

    function _answer(uint256 value, uint256 size) private pure {
        assembly {
            mstore(0, value)
            return(0, size)
        }
    }
}
