pragma circom 2.2.3;

include "./hash-list.circom";
include "./tags.circom";

/*
 * Public name of a market table: H(tag, header, digest of rows, root of rows).
 *
 * The digest is what this project's close opens, the root a tree over the same rows for proofs that open a few of them.
 * That both are of one table `market-table` proves, and everybody checks who reads the table; see docs/statement.md.
 *
 * @input  level                         1 maintenance, 2 initial
 * @input  snapshotTime .. scenarioDigest  header, S beside them
 * @input  listedRows, tieredRows        counted from the rows that the digest binds
 * @input  rowsDigest, rowsRoot
 * @output commitment
 * **Cost** 465 constraints
 */
template MarketCommitment(S) {
    signal input level;
    signal input snapshotTime;
    signal input valueScale;
    signal input listedRows;
    signal input tieredRows;
    signal input instrumentList;
    signal input parameterSet;
    signal input scenarioDigest;
    signal input rowsDigest;
    signal input rowsRoot;
    signal output commitment;

    component header = HashList(tagMarket(), 11);
    header.elements[0] <== level;
    header.elements[1] <== snapshotTime;
    header.elements[2] <== valueScale;
    header.elements[3] <== S;
    header.elements[4] <== listedRows;
    header.elements[5] <== tieredRows;
    header.elements[6] <== instrumentList;
    header.elements[7] <== parameterSet;
    header.elements[8] <== scenarioDigest;
    header.elements[9] <== rowsDigest;
    header.elements[10] <== rowsRoot;
    commitment <== header.hash;
}
