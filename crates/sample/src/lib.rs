//! The sample election: East Kalimantan's real polling stations, made-up pairs, and form layouts.
