pragma circom 2.2.3;

include "./inverse.circom";

/*
 * sum_j N_(U+j) / (beta - U - j): unused tiered slots may stand up to T indices beyond the last row.
 *
 * @param  T       tiered slots
 * @input  rows    U
 * @input  beta    challenge
 * @input  beyond  N of the indices U .. U+T-1
 * @output sum
 * **Requires** beta binds `beyond`
 * **Cost**     2 constraints an index
 */
template FractionsBeyond(T) {
    signal input rows;
    signal input beta;
    signal input beyond[T];
    signal output sum;

    component inverse[T];
    signal fraction[T];
    var total = 0;
    for (var j = 0; j < T; j++) {
        inverse[j] = Inverse();
        inverse[j].in <== beta - rows - j;
        fraction[j] <== inverse[j].out * beyond[j];
        total += fraction[j];
    }
    sum <== total;
}
