//! The order of events: by time, then by the order in which they were planned.

use std::collections::BTreeMap;

/// Events to come.
pub struct Schedule<E> {
    events: BTreeMap<(i64, u64), E>,
    planned: u64,
}

impl<E> Default for Schedule<E> {
    fn default() -> Self {
        Self {
            events: BTreeMap::new(),
            planned: 0,
        }
    }
}

impl<E> Schedule<E> {
    /// Plans an event for the moment `at_ms`.
    pub fn plan(&mut self, at_ms: i64, event: E) {
        self.planned += 1;
        self.events.insert((at_ms, self.planned), event);
    }

    /// The next event and its moment.
    pub fn next(&mut self) -> Option<(i64, E)> {
        let ((at_ms, _), event) = self.events.pop_first()?;
        Some((at_ms, event))
    }

    /// Takes out all events of a kind.
    pub fn drop_those(&mut self, is_dropped: impl Fn(&E) -> bool) {
        self.events.retain(|_, event| !is_dropped(event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_as_planned() {
        let mut schedule = Schedule::default();
        for (at_ms, event) in [(5, 'c'), (1, 'a'), (5, 'd'), (2, 'b')] {
            schedule.plan(at_ms, event);
        }
        schedule.drop_those(|event| *event == 'd');
        let order: String = std::iter::from_fn(|| schedule.next())
            .map(|(_, event)| event)
            .collect();
        assert_eq!(order, "abc");
    }
}
