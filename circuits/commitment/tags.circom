pragma circom 2.2.3;

/*
 * Domain tags: what every hash but the tree node starts from. The same numbers stand in src/commitment/tags.ts.
 * Parameters fix the number of elements that follow, so that each tag belongs to one input length.
 */
function tagOwner() { return 1; }
function tagKey() { return 2; }
function tagLeaf() { return 3; }
function tagChain() { return 4; }
function tagClaims() { return 5; }
function tagChainStart() { return 6; }
function tagAccumulator() { return 7; }
function tagChallenges() { return 8; }
function tagBook() { return 9; }
function tagAlpha() { return 10; }
function tagR() { return 11; }
function tagWeightedBook() { return 12; }
function tagRow() { return 13; }
function tagRowDetail() { return 14; }
function tagMarket() { return 15; }
function tagDomain() { return 17; }
function tagRows() { return 18; }
function tagBookRows() { return 19; }
function tagWeightedRows() { return 20; }
function tagTableState() { return 21; }
function tagScenarios() { return 22; }
function tagNullifier() { return 23; }
function tagFrame() { return 24; }
function tagBalance() { return 25; }
function tagClearedSalt() { return 26; }
function tagDerivedNonce() { return 27; }
function tagTransitionFrame() { return 28; }
function tagTrade() { return 29; }

/* kind + A*2^16 + B*2^32 + C*2^48 + D*2^64 + E*2^80, each parameter below 2^16. */
function tagOf(kind, A, B, C, D, E) {
    return kind + A * (1 << 16) + B * (1 << 32) + C * (1 << 48) + D * (1 << 64) + E * (1 << 80);
}
