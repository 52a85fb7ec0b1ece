//! What this processor can do, asked once.

use std::fmt;
use std::str::FromStr;

/// Ways to multiply, slowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cpu {
    /// Every processor.
    Portable,
    /// x86-64 with BMI2 and ADX.
    Adx,
    /// x86-64 with both, and AVX-512 F, DQ, VL and IFMA.
    Ifma,
}

impl Cpu {
    /// All, slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Adx, Self::Ifma];

    /// The fastest that this processor has.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rev().find(|cpu| cpu.is_available()).unwrap_or(Self::Portable)
    }

    /// Whether this processor has it.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        let adx = || is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("adx");
        match self {
            Self::Portable => true,
            Self::Adx => adx(),
            Self::Ifma => {
                adx()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512ifma")
            }
        }
    }

    /// Whether this processor has it.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_available(self) -> bool {
        self == Self::Portable
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Portable => "portable",
            Self::Adx => "adx",
            Self::Ifma => "ifma",
        })
    }
}

impl FromStr for Cpu {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|cpu| cpu.to_string() == text).ok_or_else(|| format!("\"{text}\" is no arithmetic: take portable, adx or ifma"))
    }
}
