//! Typed parameters and results.

use anyhow::{anyhow, Result};
use runar_macros::{action, service};
use runar_node::services::RequestContext;
use runar_serializer::Plain;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize, Plain)]
pub struct Order {
    isbn: String,
    count: i64,
    price: f64,
    #[serde(default)]
    discount: Option<f64>,
}

#[service(
    name = "Calculator",
    path = "calculator",
    description = "Typed parameters and results",
    version = "1.0.0"
)]
pub struct CalculatorService;

#[service]
impl CalculatorService {
    #[action]
    async fn add(&self, a: f64, b: f64, ctx: &RequestContext) -> Result<f64> {
        ctx.debug("an addition");
        Ok(a + b)
    }

    #[action]
    async fn count(&self, from: i64, count: i64) -> Result<Vec<i64>> {
        Ok((0..count).map(|step| from.saturating_add(step)).collect())
    }

    #[action]
    async fn greet(&self, name: String, title: Option<String>) -> Result<String> {
        let title = title.map(|title| title + " ").unwrap_or_default();
        Ok(format!("Hello, {title}{name}!"))
    }

    #[action]
    async fn total(&self, orders: Vec<Order>) -> Result<f64> {
        Ok(orders.iter().map(|order| order.count as f64 * order.price).sum())
    }

    #[action]
    async fn discounted(&self, order: Order, discount: f64) -> Result<Order> {
        if !(0.0..1.0).contains(&discount) {
            return Err(anyhow!("no discount of {discount}"));
        }
        Ok(Order { discount: Some(discount), ..order })
    }
}
