//! Regions and polling stations, from the lists in `data/`.

use domain::{RegionCode, TpsCode};
use protocol::console::Region;
use protocol::pack::Roll;
use serde::Deserialize;

use crate::{BrokenData, rolls};

const REGIONS_CSV: &[u8] = include_bytes!("../data/regions.csv");
const TPS_CSV: &[u8] = include_bytes!("../data/tps.csv");

/// A polling station and the voters on its permanent roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleTps {
    /// Its real code.
    pub code: TpsCode,
    /// Its made-up roll.
    pub roll: Roll,
}

#[derive(Deserialize)]
struct RegionRow {
    code: RegionCode,
    name: String,
}

#[derive(Deserialize)]
struct TpsRow {
    code: TpsCode,
}

/// The province and all regions in it, by code.
pub(crate) fn regions() -> Result<Vec<Region>, BrokenData> {
    csv::Reader::from_reader(REGIONS_CSV)
        .into_deserialize::<RegionRow>()
        .map(|row| {
            let RegionRow { code, name } = row?;
            Ok(Region {
                level: code.level(),
                code,
                name,
            })
        })
        .collect()
}

/// All polling stations, by code.
pub(crate) fn tps() -> Result<Vec<SampleTps>, BrokenData> {
    csv::Reader::from_reader(TPS_CSV)
        .into_deserialize::<TpsRow>()
        .map(|row| {
            let TpsRow { code } = row?;
            let roll = rolls::roll(&code);
            Ok(SampleTps { code, roll })
        })
        .collect()
}
