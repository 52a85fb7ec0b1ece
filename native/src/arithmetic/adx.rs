//! For x86-64 with BMI2 and ADX: products that touch no flag and two chains of carries side by side, which compilers do not make.

use super::{Arithmetic, Limbs, Modulus};
use std::arch::asm;

/// 64-bit products by `mulx`, carries by `adcx` and `adox`. Only for processors for which `Cpu::Adx` is available.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Adx;

/// One limb of the second factor: t += a * rdx, carried into the fifth limb; then t = (t + quotient * p) / 2^64. As in `Portable` nothing is
/// carried out of the highest limb. `t` names four registers, turned by one after each limb.
macro_rules! limb {
    ($offset:literal, $t0:literal, $t1:literal, $t2:literal, $t3:literal) => {
        concat!(
            "mov rdx, [{b} + ",
            $offset,
            "]\n",
            // Clears both carries.
            "xor {low:e}, {low:e}\n",
            "mulx {high}, {low}, {a0}\n",
            "adox {",
            $t0,
            "}, {low}\n",
            "adcx {",
            $t1,
            "}, {high}\n",
            "mulx {high}, {low}, {a1}\n",
            "adox {",
            $t1,
            "}, {low}\n",
            "adcx {",
            $t2,
            "}, {high}\n",
            "mulx {high}, {low}, {a2}\n",
            "adox {",
            $t2,
            "}, {low}\n",
            "adcx {",
            $t3,
            "}, {high}\n",
            "mulx {top}, {low}, {a3}\n",
            "adox {",
            $t3,
            "}, {low}\n",
            "mov {low:e}, 0\n",
            "adcx {top}, {low}\n",
            "adox {top}, {low}\n",
            reduce!($t0, $t1, $t2, $t3)
        )
    };
}

/// t + top * 2^256 is reduced by one limb; `t0` becomes the highest.
macro_rules! reduce {
    ($t0:literal, $t1:literal, $t2:literal, $t3:literal) => {
        concat!(
            "mov rdx, {inverse}\n",
            "imul rdx, {",
            $t0,
            "}\n",
            "xor {low:e}, {low:e}\n",
            "mulx {high}, {low}, [{p}]\n",
            // Becomes 0; what counts is the carry.
            "adcx {low}, {",
            $t0,
            "}\n",
            "adox {",
            $t1,
            "}, {high}\n",
            "mulx {high}, {low}, [{p} + 8]\n",
            "adcx {",
            $t1,
            "}, {low}\n",
            "adox {",
            $t2,
            "}, {high}\n",
            "mulx {high}, {low}, [{p} + 16]\n",
            "adcx {",
            $t2,
            "}, {low}\n",
            "adox {",
            $t3,
            "}, {high}\n",
            "mulx {",
            $t0,
            "}, {low}, [{p} + 24]\n",
            "adcx {",
            $t3,
            "}, {low}\n",
            "mov {low:e}, 0\n",
            "adcx {",
            $t0,
            "}, {low}\n",
            "adox {",
            $t0,
            "}, {top}\n",
        )
    };
}

impl Arithmetic for Adx {
    #[inline(always)]
    #[allow(unsafe_code)]
    fn multiply<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
        let (t0, t1, t2, t3): (u64, u64, u64, u64);
        // SAFETY: reads the four limbs at b and p, writes registers alone; the processor has the instructions wherever this type is chosen.
        unsafe {
            asm!(
                "mov rdx, [{b}]",
                "xor {low:e}, {low:e}",
                "mulx {t1}, {t0}, {a0}",
                "mulx {t2}, {low}, {a1}",
                "adox {t1}, {low}",
                "mulx {t3}, {low}, {a2}",
                "adox {t2}, {low}",
                "mulx {top}, {low}, {a3}",
                "adox {t3}, {low}",
                "mov {low:e}, 0",
                "adox {top}, {low}",
                reduce!("t0", "t1", "t2", "t3"),
                limb!("8", "t1", "t2", "t3", "t0"),
                limb!("16", "t2", "t3", "t0", "t1"),
                limb!("24", "t3", "t0", "t1", "t2"),
                // t is below 2p: takes p away where nothing is borrowed.
                "mov {a0}, {t0}",
                "sub {a0}, [{p}]",
                "mov {a1}, {t1}",
                "sbb {a1}, [{p} + 8]",
                "mov {a2}, {t2}",
                "sbb {a2}, [{p} + 16]",
                "mov {a3}, {t3}",
                "sbb {a3}, [{p} + 24]",
                "cmovnc {t0}, {a0}",
                "cmovnc {t1}, {a1}",
                "cmovnc {t2}, {a2}",
                "cmovnc {t3}, {a3}",
                a0 = inout(reg) a[0] => _,
                a1 = inout(reg) a[1] => _,
                a2 = inout(reg) a[2] => _,
                a3 = inout(reg) a[3] => _,
                b = in(reg) b,
                p = in(reg) const { &M::LIMBS },
                inverse = const M::NEGATIVE_INVERSE,
                t0 = out(reg) t0,
                t1 = out(reg) t1,
                t2 = out(reg) t2,
                t3 = out(reg) t3,
                low = out(reg) _,
                high = out(reg) _,
                top = out(reg) _,
                out("rdx") _,
                options(pure, readonly, nostack),
            );
        }
        [t0, t1, t2, t3]
    }
}
