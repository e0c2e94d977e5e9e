//! The services of the application, each written with upstream's macros.

mod calculator;
mod greetings;
mod relay;
mod trouble;

use anyhow::Result;
use runar_node::Node;

/// Adds them all.
pub async fn add_to(node: &Node) -> Result<()> {
    node.add_service(calculator::CalculatorService).await?;
    node.add_service(greetings::GreetingsService).await?;
    node.add_service(relay::RelayService).await?;
    node.add_service(trouble::TroubleService).await
}
