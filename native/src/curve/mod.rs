//! Points of both groups of BN254: y^2 = x^3 + b.

mod accumulator;
mod affine;

pub use accumulator::Accumulator;
pub use affine::{Affine, G1, G2, Group};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Modulus, Portable, ScalarField};

    fn order_kills_the_generator<G: Group>() {
        assert!(G::generator().is_on_curve());
        assert!(G::generator().multiply(&ScalarField::LIMBS).is_infinity());
        let mut almost = ScalarField::LIMBS;
        almost[0] -= 1;
        assert_eq!(G::generator().multiply(&almost).to_affine(), G::generator().negate());
    }

    #[test]
    fn generators_have_the_groups_order() {
        order_kills_the_generator::<G1<Portable>>();
        order_kills_the_generator::<G2<Portable>>();
    }
}
