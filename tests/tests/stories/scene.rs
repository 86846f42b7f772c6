//! A scene: an endpoint with the sample election, a relay before it, and a
//! coordinator of Samarinda.

use anyhow::{Context, Result, ensure};
use domain::Counts;
use domain::RulingKind;
use protocol::SlotId;
use protocol::console::DecisionRequest;
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::counting_room::CountingRoom;
use saksi_tests::stage::endpoint::Endpoint;
use saksi_tests::stage::portal::Portal;
use saksi_tests::stage::relay::{Relay, Shape};
use saksi_tests::stage::witness::Witness;
use sample::SampleElection;
use specimen::{Filled, Head, Shot};

pub(crate) const TPS: &str = "6472011001001";
const PASSWORD: &str = "kamar hitung samarinda";

pub(crate) struct Scene {
    pub(crate) endpoint: Endpoint,
    pub(crate) relay: Relay,
    pub(crate) coordinator: CountingRoom,
    pub(crate) election: SampleElection,
}

impl Scene {
    pub(crate) async fn new(backing: Backing) -> Result<Self> {
        let relay = Relay::new().await?;
        let endpoint = Endpoint::start_behind(&relay, backing)?;
        endpoint.add_user("rina", "coordinator", "6472", PASSWORD)?;
        let address = format!("http://{}", endpoint.address());
        let coordinator = CountingRoom::sign_in(&address, "rina", PASSWORD).await?;
        Ok(Self {
            endpoint,
            relay,
            coordinator,
            election: sample::kaltim()?,
        })
    }

    /// A new witness at the polling station, enrolled through the relay.
    pub(crate) async fn witness(&self, name: &str) -> Result<Witness> {
        self.witness_at(TPS, name).await
    }

    /// A new witness at another polling station.
    pub(crate) async fn witness_at(&self, tps: &str, name: &str) -> Result<Witness> {
        let witness = Witness::new()?;
        let code = self.endpoint.enrol_code(tps, name)?;
        witness.enrol(&self.relay.address(), &code).await?;
        Ok(witness)
    }

    pub(crate) fn slot(&self) -> SlotId {
        format!("{}/{TPS}/gub", self.election.election.id)
            .parse()
            .expect("a slot")
    }

    /// From now on every connection dies when so many bytes have left a phone
    /// through it.
    pub(crate) fn dies_after(&self, bytes: u64) {
        self.relay.cut();
        self.relay.shape(Shape {
            cut_after_up_bytes: Some(bytes),
            ..Shape::default()
        });
    }

    /// From now on this answers in the endpoint's place, also to connections
    /// that were open.
    pub(crate) async fn astray(&self, witness: &Witness, portal: &Portal) -> Result<()> {
        self.relay.cut();
        let delivery = witness.send().await?;
        ensure!(
            delivery.trouble.is_some(),
            "a line that was cut still leads somewhere"
        );
        self.relay.lead_to(portal.address());
        self.relay.restore();
        Ok(())
    }

    /// What the paper says.
    pub(crate) fn paper(&self) -> Counts {
        let tps = TPS.parse().expect("a code");
        self.election
            .truth(&tps, "gub")
            .expect("a form of that slot")
    }

    /// A photo of page 2 of the president's form, which has a tag and bubbles,
    /// on which the pairs have 24, 73 and 74 votes.
    pub(crate) fn presidents_page(&self, seed: u64) -> Result<Vec<u8>> {
        let form = sample::layout(sample::PPWP_FORM)?.context("no such form")?;
        let contest = sample::ppwp();
        let tps: domain::TpsCode = TPS.parse()?;
        let head = Head {
            place: self.election.place(&tps),
            number: tps.number().to_owned(),
            date: "2024-02-14".to_owned(),
        };
        let votes = [("votes.1", 24), ("votes.2", 73), ("votes.3", 74)];
        let filled = Filled {
            form: &form,
            contest: &contest,
            head: &head,
            counts: &votes.map(|(id, value)| (id.to_owned(), value)).into(),
            seed,
        };
        Ok(specimen::photograph(&filled, 2, &Shot::good(seed))?)
    }

    /// A photo of a page of the paper.
    pub(crate) fn photo(&self, page: u32, seed: u64) -> Result<Vec<u8>> {
        let tps = TPS.parse()?;
        let contest = self
            .election
            .contest_at(&tps, "gub")
            .context("no such contest")?;
        let form = self.election.form(&contest.form).context("no such form")?;
        let head = Head {
            place: self.election.place(&tps),
            number: tps.number().to_owned(),
            date: self.election.election.date.clone(),
        };
        let counts = self.paper();
        let filled = Filled {
            form,
            contest,
            head: &head,
            counts: &counts,
            seed,
        };
        Ok(specimen::photograph(
            &filled,
            page,
            &Shot::good(seed).with_megapixels(2.0),
        )?)
    }
}

pub(crate) fn ruling(kind: RulingKind) -> DecisionRequest {
    DecisionRequest {
        kind,
        chosen: None,
        counts: None,
        device: None,
        reason: None,
    }
}
