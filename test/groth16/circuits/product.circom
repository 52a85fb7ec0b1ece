pragma circom 2.2.3;

// Knows two factors of a public product. `label` is public and in no constraint: a proof must bind it all the same.
template Product() {
    signal input label;
    signal input product;
    signal input left;
    signal input right;
    product === left * right;
}
