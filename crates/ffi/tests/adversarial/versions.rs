//! Peers that speak other versions of the session protocol.

use serde_json::json;

use super::nodes::{run, Authority};
use crate::error::Code;
use crate::protocol::MAX_SESSION_VERSION as NOW;

#[test]
fn nodes_with_a_common_version_call_each_other() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let newer = authority.member_of_versions(NOW, NOW + 3).await?;
        let older = authority.member_of_versions(NOW - 1, NOW).await?;
        for (caller, called) in [(&newer, &older), (&older, &newer)] {
            caller.connect(called).await?;
            let (_, reply) = caller.call(called, "here/echo", &[4])?;
            reply.await?;
        }
        Ok(())
    })
}

#[test]
fn nodes_without_a_common_version_refuse_each_other_and_name_both() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let newer = authority.member_of_versions(NOW + 1, NOW + 2).await?;
        let older = authority.member_of_versions(NOW, NOW).await?;
        let (new, old) = (json!([NOW + 1, NOW + 2]), json!([NOW, NOW]));
        for (caller, called, own, peers) in
            [(&newer, &older, &new, &old), (&older, &newer, &old, &new)]
        {
            let Err(error) = caller.connect(called).await else {
                anyhow::bail!("the nodes are connected");
            };
            assert_eq!(error.code, Code::PeerVersion);
            let details = error.details.unwrap_or_default();
            assert_eq!((&details["own"], &details["peers"]), (own, peers));
            let range = format!("{} to {}", NOW + 1, NOW + 2);
            assert!(error.message.contains(&range), "{}", error.message);
        }
        Ok(())
    })
}
