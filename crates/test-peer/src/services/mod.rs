//! The services of the application, each written with upstream's macros.

mod calculator;
mod greetings;
mod relay;
mod trouble;

use anyhow::Result;
use runar_node::Node;

/// Adds them all.
pub async fn add_to(node: &mut Node) -> Result<()> {
    node.add_service(calculator::CalculatorService::default()).await?;
    node.add_service(greetings::GreetingsService::default()).await?;
    node.add_service(relay::RelayService::default()).await?;
    node.add_service(trouble::TroubleService::default()).await
}
