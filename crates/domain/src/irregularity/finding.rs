//! What an irregularity is: a code, a station, figures, evidence, a sentence.

use serde::{Deserialize, Serialize};

/// From this score on a finding is a flag: somebody should look at it. Below,
/// it is a notice: legal, or so common that it tells little.
pub const FLAG_SCORE: u8 = 30;

/// Which kind of irregularity, where somebody branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A rule of the form does not hold; the code is the rule's own.
    Rule,
    /// One digit whose change repairs the identities.
    OneDigit,
    /// Two neighbouring digits whose exchange repairs the identities.
    Transposed,
    /// A digit too many or too few, whose change repairs the identities.
    DigitCount,
    /// Two figures whose exchange repairs the identities.
    Exchanged,
    /// A sum that was left blank, or zero, over votes that are there.
    BlankSum,
    /// No votes at all, though voters came.
    NoVotes,
    /// A figure larger than the form has boxes for.
    TooManyDigits,
    /// More came than the roll plus what is allowed.
    OverRoll,
    /// More on the roll, or more came, than a polling station may have.
    OverSize,
    /// Unusually many ballots returned.
    ManyReturned,
    /// The TPS number on the form is another one.
    FormNumber,
    /// Exact copy of another TPS of the village.
    ExactCopy,
    /// Nearly a copy of another TPS of the village.
    NearCopy,
    /// The figures fit the roll of another TPS of the village better.
    FitsAnother,
    /// Two options exchanged would fit the neighbours.
    Swapped,
    /// No vote for the own option, where there should be some.
    OwnZero,
    /// All votes for one option.
    AllForOne,
    /// Two readings of the form differ.
    ReadingsDiffer,
    /// What was officially published differs.
    OfficialDiffers,
    /// The bubbles of a photo say another figure than was keyed.
    BubblesDiffer,
    /// A photo is another polling station's, or contest's, too.
    SamePhoto,
    /// Photos of the form were picked from files, not taken in the app.
    FromGallery,
    /// A photo of the form was taken on another day.
    OtherDay,
    /// Votes were sent before the polling stations closed.
    BeforeClosing,
    /// A form was sent from far away from the village's others.
    FarAway,
}

impl Kind {
    /// The stable code of the kind; [`Kind::Rule`] has its rule's.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rule => "E",
            Self::OneDigit => "I101",
            Self::Transposed => "I102",
            Self::DigitCount => "I103",
            Self::Exchanged => "I104",
            Self::BlankSum => "I105",
            Self::NoVotes => "I106",
            Self::TooManyDigits => "I107",
            Self::OverRoll => "I201",
            Self::OverSize => "I202",
            Self::ManyReturned => "I203",
            Self::FormNumber => crate::rules::WRONG_TPS,
            Self::ExactCopy => "I301",
            Self::NearCopy => "I302",
            Self::FitsAnother => "I303",
            Self::Swapped => "I304",
            Self::OwnZero => "I401",
            Self::AllForOne => "I402",
            Self::ReadingsDiffer => "I501",
            Self::OfficialDiffers => "I601",
            Self::BubblesDiffer => "P101",
            Self::SamePhoto => "P201",
            Self::FromGallery => "P301",
            Self::OtherDay => "P302",
            Self::BeforeClosing => "P401",
            Self::FarAway => "P402",
        }
    }
}

/// How two figures, or two readings, differ.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DifferenceClass {
    /// One of them is blank, or zero all over.
    Blank,
    /// One holds the figures of another TPS of the village.
    WrongTps,
    /// Two options are exchanged.
    Swapped,
    /// A sum stands in an option's place, or figures slipped by a row.
    Shifted,
    /// One figure, one digit.
    OneDigit,
    /// One figure, two neighbouring digits exchanged.
    Transposed,
    /// One figure, a digit left out or doubled.
    DigitCount,
    /// Several options, one digit each.
    OneDigitEach,
    /// Every option differs and both add up: two different forms.
    OtherForm,
    /// None of these.
    Mixed,
}

/// A figure that would repair the identities it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Repair {
    /// Field id.
    pub field: String,
    /// What stands there.
    pub from: u32,
    /// What would fit.
    pub to: u32,
    /// Worth of the digit that changes (1, 10, 100 …); `None` when more than
    /// one digit moves.
    pub place: Option<u32>,
}

/// One figure in two readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Difference {
    /// Field id.
    pub field: String,
    /// The figure that is looked at.
    pub first: Option<u32>,
    /// The figure it is compared with.
    pub other: Option<u32>,
}

/// The numbers behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "is")]
#[ts(export)]
pub enum Evidence {
    /// Two sums that should be equal, or the left at most the right.
    Sums {
        /// Left side.
        left: u32,
        /// Right side.
        right: u32,
    },
    /// Changes of one figure that repair what is broken, the likeliest first.
    Repairs {
        /// The changes, one for each figure.
        repairs: Vec<Repair>,
        /// Whether the first of them repairs every identity of the form.
        repairs_all: bool,
    },
    /// Other stations of the village, by number.
    Stations {
        /// Their numbers.
        numbers: Vec<u32>,
    },
    /// A share of the valid votes here, and around, in per mille.
    Shares {
        /// Here.
        here: u32,
        /// In the other stations of the village.
        around: u32,
    },
    /// Two readings, figure by figure.
    Readings {
        /// How they differ.
        class: DifferenceClass,
        /// What differs.
        differences: Vec<Difference>,
        /// The station whose figures they are, when [`DifferenceClass::WrongTps`].
        station: Option<u32>,
        /// Whether the figures looked at add up.
        first_adds_up: bool,
        /// Whether the others add up.
        other_adds_up: bool,
    },
    /// What the bubbles of photos say (`other`) beside what was keyed (`first`).
    Bubbles {
        /// Figure by figure.
        differences: Vec<Difference>,
    },
    /// A photo that is another form's too.
    Photo {
        /// Hash of its reading copy.
        photo: String,
        /// The other form, as election/tps/contest.
        slot: String,
    },
    /// Something that happened at the wrong time.
    Moment {
        /// When, or on which day, in local time.
        at: String,
        /// The time or day that it should have kept to.
        bound: String,
        /// Hash of the photo it is about, if it is about one.
        photo: Option<String>,
    },
    /// Where a form was sent from.
    Distance {
        /// Latitude and longitude in degrees, to about a kilometre.
        at: String,
        /// How far from where the village's others were sent, in kilometres.
        km: u32,
        /// How many others that are.
        others: u32,
    },
    /// So many of so many.
    Count {
        /// How many.
        count: u32,
        /// Of how many.
        of: u32,
    },
}

/// Something wrong, or odd, in the figures of one polling station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Irregularity {
    /// Place of the station in the slice that was looked at.
    pub station: usize,
    /// Which kind.
    pub kind: Kind,
    /// Stable code.
    pub code: String,
    /// Field ids that it is about.
    pub fields: Vec<String>,
    /// The numbers behind it.
    pub evidence: Evidence,
    /// How much it deserves a look, 0 to 100; see [`FLAG_SCORE`].
    pub score: u8,
    /// Votes, voters or ballots that hang on it; sorts equals.
    pub stake: u32,
    /// The finding in Indonesian.
    pub text: String,
    /// The finding in English.
    pub text_en: String,
}

impl Irregularity {
    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_flag(&self) -> bool {
        self.score >= FLAG_SCORE
    }

    pub(super) fn of(station: usize, kind: Kind, evidence: Evidence) -> Self {
        Self {
            station,
            kind,
            code: kind.code().to_owned(),
            fields: Vec::new(),
            evidence,
            score: 0,
            stake: 0,
            text: String::new(),
            text_en: String::new(),
        }
    }

    pub(super) fn on(mut self, fields: Vec<String>) -> Self {
        self.fields = fields;
        self
    }

    pub(super) fn weighing(mut self, score: u8, stake: u32) -> Self {
        self.score = score.min(100);
        self.stake = stake;
        self
    }

    pub(super) fn saying(mut self, text: impl Into<String>, text_en: impl Into<String>) -> Self {
        self.text = text.into();
        self.text_en = text_en.into();
        self
    }
}
