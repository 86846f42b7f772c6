//! Enrolment: an address and a code become an identity.

use protocol::enrol::{EnrolCode, EnrolRequest};
use protocol::keys::KEY_BYTES;
use store::{Enrolment, Identity, PackRow};
use sync::{Address, EnrolLink, Enrolled};

use crate::core::Core;
use crate::view::{Failure, TroubleCode};

/// What the witness typed, checked as far as it can be without a connection.
pub(crate) struct Asked {
    pub(crate) address: Address,
    code: EnrolCode,
}

impl Core {
    /// Reads what was typed: an address and a code, or an enrolment link in
    /// either box. The link's code counts when none was typed.
    pub(crate) fn read_enrolment(&self, address: &str, code: &str) -> Result<Asked, Failure> {
        let link = EnrolLink::parse(address).or_else(|| EnrolLink::parse(code));
        let (server, code) = match link {
            Some(link) => {
                let typed = Some(code.to_owned()).filter(|code| code.parse::<EnrolCode>().is_ok());
                (link.server, typed.or(link.code).unwrap_or_default())
            }
            None => (address.to_owned(), code.to_owned()),
        };
        let code = code.parse().map_err(|_| Failure::Trouble {
            code: TroubleCode::CodeMistyped,
        })?;
        let address = Address::parse(&server, self.ports.cleartext)?;
        Ok(Asked { address, code })
    }

    /// The key to enrol with, durable before anything is asked: a lost answer
    /// can then be asked for again with the same key.
    pub(crate) fn enrolling_identity(&self) -> Result<Identity, Failure> {
        let mut seed = zeroize::Zeroizing::new([0_u8; KEY_BYTES]);
        self.ports.random.fill(seed.as_mut_slice())?;
        Ok(self.store().enrolling_identity(&seed, self.now())?)
    }

    /// The request for a checked code.
    pub(crate) fn enrol_request(&self, asked: &Asked, identity: &Identity) -> EnrolRequest {
        EnrolRequest {
            code: asked.code.to_string(),
            public_key: identity.key.public().to_string(),
            proof: asked.code.prove(&identity.key),
            device: self.ports.info.clone(),
        }
    }

    /// Takes in the endpoint's answer. Its key is pinned from here on.
    pub(crate) fn finish_enrolment(
        &self,
        identity: i64,
        address: &Address,
        enrolled: Enrolled,
    ) -> Result<(), Failure> {
        let now = self.now();
        let answer = enrolled.answer;
        // The address that just answered comes first, whatever others there
        // are. An endpoint that was told no address of its own names the one it
        // listens on, which here would be this device itself: not that one.
        let mut endpoints = vec![address.to_string()];
        for text in answer.endpoints {
            match Address::parse(&text, self.ports.cleartext) {
                Ok(other) if other.is_this_machine() => {}
                Ok(other) if !endpoints.contains(&other.to_string()) => {
                    endpoints.push(other.to_string());
                }
                Ok(_) => {}
                Err(report) => tracing::warn!(%report, "an address of the endpoint is of no use"),
            }
        }
        let enrolment = Enrolment {
            device: answer.device_id,
            token: answer.token,
            server_key_id: answer.server_key_id,
            server_key: answer.server_key,
            address: address.to_string(),
            endpoints,
            enrolled_at: now,
        };
        let pack = PackRow {
            pack: answer.pack,
            etag: None,
            taken_at: now,
        };
        let mut store = self.store();
        store.finish_enrolment(identity, &enrolment, &pack)?;
        store.put_contact(now.unix_ms(), enrolled.clock_skew_ms)?;
        tracing::info!(device = %enrolment.device, "enrolled");
        Ok(())
    }
}
