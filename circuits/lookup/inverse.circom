pragma circom 2.2.3;

/*
 * 1/in.
 *
 * @input  in   not 0; no witness exists for 0
 * @output out  its inverse
 * **Cost** 1 constraint
 */
template Inverse() {
    signal input in;
    signal output out;

    // A hint, because division is no constraint; the next line leaves one value only.
    out <-- 1 / in;
    out * in === 1;
}
