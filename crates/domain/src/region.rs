//! Codes of regions and polling stations, as the KPU writes them.
//!
//! A code is a string of digits whose length is its level: province 2,
//! regency or city 4, district (*kecamatan*) 6, village (*desa* or
//! *kelurahan*) 10, polling station (*TPS*) 13. A region lies in another when
//! the other's code is a prefix of its own; that is all the geography Saksi
//! needs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How deep in the tree of regions a code stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Level {
    /// *Provinsi*, 2 digits.
    Province,
    /// *Kabupaten* or *kota*, 4 digits.
    Regency,
    /// *Kecamatan*, 6 digits.
    District,
    /// *Desa* or *kelurahan*, 10 digits.
    Village,
    /// *Tempat pemungutan suara*, 13 digits.
    Tps,
}

impl Level {
    /// The number of digits of a code of this level.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Regency => 4,
            Self::District => 6,
            Self::Village => 10,
            Self::Tps => 13,
        }
    }

    /// The level just below, or `None` below a polling station.
    #[must_use]
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Province => Some(Self::Regency),
            Self::Regency => Some(Self::District),
            Self::District => Some(Self::Village),
            Self::Village => Some(Self::Tps),
            Self::Tps => None,
        }
    }

    fn of_digits(digits: usize) -> Option<Self> {
        [
            Self::Province,
            Self::Regency,
            Self::District,
            Self::Village,
            Self::Tps,
        ]
        .into_iter()
        .find(|level| level.digits() == digits)
    }
}

/// Why a text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a region code: 2, 4, 6, 10 or 13 digits")]
pub struct NotACode(String);

/// The code of a region at any level, polling stations included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
#[ts(export, type = "string")]
pub struct RegionCode(String);

impl RegionCode {
    /// The code's digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How deep this region stands.
    #[must_use]
    pub fn level(&self) -> Level {
        Level::of_digits(self.0.len()).unwrap_or(Level::Tps)
    }

    /// Whether this region is `other` or lies inside it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The region of `level` that this one lies in, itself included; `None`
    /// when `level` is deeper than this code.
    #[must_use]
    pub fn at(&self, level: Level) -> Option<Self> {
        self.0
            .get(..level.digits())
            .map(|digits| Self(digits.to_owned()))
    }

    /// The region that directly holds this one; `None` for a province.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let above = match self.level() {
            Level::Province => return None,
            Level::Regency => Level::Province,
            Level::District => Level::Regency,
            Level::Village => Level::District,
            Level::Tps => Level::Village,
        };
        self.at(above)
    }
}

impl FromStr for RegionCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if all_digits && Level::of_digits(text.len()).is_some() {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotACode(text.chars().take(40).collect()))
        }
    }
}

impl TryFrom<String> for RegionCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The code of one polling station: 13 digits, the last three its number in
/// the village.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
#[ts(export, type = "string")]
pub struct TpsCode(String);

impl TpsCode {
    /// The code's 13 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in the village as the form's head shows it, such as `001`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.0.get(Level::Village.digits()..).unwrap_or_default()
    }

    /// The same place as a region, for prefix questions.
    #[must_use]
    pub fn region(&self) -> RegionCode {
        RegionCode(self.0.clone())
    }
}

impl FromStr for TpsCode {
    type Err = NotACode;
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code: RegionCode = text.parse()?;
        if code.level() == Level::Tps {
            Ok(Self(code.0))
        } else {
            Err(NotACode(code.0))
        }
    }
}

impl TryFrom<String> for TpsCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<TpsCode> for String {
    fn from(code: TpsCode) -> Self {
        code.0
    }
}

impl fmt::Display for TpsCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polling_station_lies_in_its_village_district_regency_and_province() {
        let tps: TpsCode = "6472011001003".parse().unwrap();
        assert_eq!(tps.number(), "003");
        let code = tps.region();
        assert_eq!(code.at(Level::Village).unwrap().as_str(), "6472011001");
        assert_eq!(code.at(Level::District).unwrap().as_str(), "647201");
        assert!(code.is_within(&"6472".parse().unwrap()));
        assert!(!code.is_within(&"6471".parse().unwrap()));
        assert_eq!(
            code.parent().unwrap().parent().unwrap().level(),
            Level::District
        );
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for text in ["", "6", "64720", "64a2", "６４", "64720110010011", " 64"] {
            assert!(text.parse::<RegionCode>().is_err(), "{text:?}");
        }
        assert!("6472".parse::<TpsCode>().is_err());
        assert!(serde_json::from_str::<TpsCode>("\"6472\"").is_err());
    }
}
