//! One polling station in a table: who it is and what was read of its form.

/// Figures of one form in the order of a [`Sheet`](super::Sheet)'s columns.
/// A blank is `None`: blank is not zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Figures(Box<[Option<u32>]>);

impl Figures {
    /// Figures in the order of the sheet's columns.
    #[must_use]
    pub fn new(values: Vec<Option<u32>>) -> Self {
        Self(values.into_boxed_slice())
    }

    /// The figure in a column; `None` when it is blank or there is no such column.
    #[must_use]
    pub fn get(&self, column: usize) -> Option<u32> {
        self.0.get(column).copied().flatten()
    }

    /// Whether nothing at all is filled in.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The same with another figure in one column.
    pub(super) fn with(&self, column: usize, value: Option<u32>) -> Self {
        let mut changed = self.clone();
        if let Some(place) = changed.0.get_mut(column) {
            *place = value;
        }
        changed
    }
}

/// A polling station of one village in one contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its number in the village.
    pub number: u32,
    /// The number as read from the form's head, if somebody read it.
    pub form_number: Option<u32>,
    /// The figures that are looked at.
    pub first: Figures,
    /// A second reading of the same form, by somebody else.
    pub second: Option<Figures>,
    /// What was officially published for this polling station.
    pub official: Option<Figures>,
}

impl Station {
    /// A polling station of which nothing but one reading is known.
    #[must_use]
    pub fn new(number: u32, first: Figures) -> Self {
        Self {
            number,
            form_number: None,
            first,
            second: None,
            official: None,
        }
    }
}
