//! Why something was not done.

use crate::json::Json;
use std::fmt;

/// What kind of thing is wrong, for programs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// Options or their number.
    Arguments,
    /// A proving key's file.
    Key,
    /// A witness.
    Witness,
    /// A request's frame.
    Frame,
    /// An element that is not below the modulus.
    Element,
    /// A file or socket to write.
    Output,
    /// The system's generator of random numbers.
    Random,
    /// A fault of this program.
    Internal,
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Arguments => "ARGUMENTS",
            Self::Key => "KEY",
            Self::Witness => "WITNESS",
            Self::Frame => "FRAME",
            Self::Element => "ELEMENT",
            Self::Output => "OUTPUT",
            Self::Random => "RANDOM",
            Self::Internal => "INTERNAL",
        })
    }
}

/// A request that is not carried out. Says in one sentence what is wrong where and what to do; never a value of a witness.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// For programs.
    pub code: Code,
    /// For people.
    pub message: String,
}

impl Refusal {
    /// With a code and a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// `{"code","message"}`
    pub fn to_json(&self) -> Json {
        Json::object([("code", Json::text(self.code.to_string())), ("message", Json::text(self.message.as_str()))])
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
