//! Capturing records from the `log` facade and from `tracing` events.

use std::fmt::Debug;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::Layer;

use crate::level::Level;
use crate::record::Record;

/// Decides what becomes of each record.
pub trait Router: Send + Sync + 'static {
    /// Whether records of this level and target may pass; checked before a record is built.
    fn enabled(&self, level: Level, target: &str) -> bool;

    fn route(&self, record: Record);
}

/// Which of the two facades the bridge captures. A facade that had a logger before keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Installed {
    pub log: bool,
    pub tracing: bool,
}

/// Installs the bridge for the whole process.
pub fn install(router: &'static dyn Router) -> Installed {
    let tracing = tracing::subscriber::set_global_default(
        tracing_subscriber::registry().with(BridgeLayer { router }),
    );
    let log = log::set_boxed_logger(Box::new(LogCapture { router }));
    Installed { log: log.is_ok(), tracing: tracing.is_ok() }
}

struct LogCapture {
    router: &'static dyn Router,
}

impl log::Log for LogCapture {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        self.router.enabled(metadata.level().into(), metadata.target())
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let message = record.args().to_string();
            self.router.route(Record::new(record.level().into(), record.target(), &message));
        }
    }

    fn flush(&self) {}
}

/// The `tracing` side, for those who compose a subscriber of their own.
pub struct BridgeLayer {
    pub router: &'static dyn Router,
}

/// What a span was given, when it began and since.
struct SpanFields(serde_json::Map<String, Value>);

/// The field that names the spans around an event, the outermost first: `request:handler`.
const SPAN: &str = "span";

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for BridgeLayer {
    // The default caches the answer of `enabled` per call site, and levels change at run time.
    fn register_callsite(
        &self,
        _: &'static tracing::Metadata<'static>,
    ) -> tracing::subscriber::Interest {
        tracing::subscriber::Interest::sometimes()
    }

    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        // A span is there for records that matter more than itself.
        if metadata.is_span() && Level::from(metadata.level()) >= Level::Info {
            return true;
        }
        self.router.enabled(metadata.level().into(), metadata.target())
    }

    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        id: &tracing::span::Id,
        context: Context<'_, S>,
    ) {
        if let Some(span) = context.span(id) {
            let mut fields = SpanFields(serde_json::Map::new());
            attributes.record(&mut FieldVisitor { message: None, fields: &mut fields.0 });
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(
        &self,
        id: &tracing::span::Id,
        values: &tracing::span::Record<'_>,
        context: Context<'_, S>,
    ) {
        if let Some(span) = context.span(id) {
            if let Some(fields) = span.extensions_mut().get_mut::<SpanFields>() {
                values.record(&mut FieldVisitor { message: None, fields: &mut fields.0 });
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = serde_json::Map::new();
        let mut names = Vec::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            names.push(span.name());
            if let Some(span_fields) = span.extensions().get::<SpanFields>() {
                fields.extend(span_fields.0.clone());
            }
        }
        if !names.is_empty() {
            fields.insert(SPAN.to_owned(), names.join(":").into());
        }
        let mut visitor = FieldVisitor { message: None, fields: &mut fields };
        event.record(&mut visitor);
        let message = visitor.message.unwrap_or_default();
        let mut record = Record::new(metadata.level().into(), metadata.target(), &message);
        record.fields.extend(fields);
        self.router.route(record);
    }
}

struct FieldVisitor<'a> {
    message: Option<String>,
    fields: &'a mut serde_json::Map<String, Value>,
}

impl FieldVisitor<'_> {
    fn put(&mut self, field: &Field, value: Value) {
        self.fields.insert(field.name().to_owned(), value);
    }
}

impl Visit for FieldVisitor<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = Some(value.to_owned());
        } else {
            self.put(field, value.into());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Kept(Mutex<Vec<Record>>);

    impl Router for Kept {
        fn enabled(&self, level: Level, _: &str) -> bool {
            level >= Level::Info
        }

        fn route(&self, record: Record) {
            if let Ok(mut kept) = self.0.lock() {
                kept.push(record);
            }
        }
    }

    fn kept_of(write: impl FnOnce()) -> Vec<Record> {
        let kept: &'static Kept = Box::leak(Box::new(Kept(Mutex::default())));
        let subscriber = tracing_subscriber::registry().with(BridgeLayer { router: kept });
        tracing::subscriber::with_default(subscriber, write);
        kept.0.lock().map(|mut kept| std::mem::take(&mut *kept)).unwrap_or_default()
    }

    #[test]
    fn an_event_carries_its_message_its_fields_and_those_of_its_spans() {
        let kept = kept_of(|| {
            let span = tracing::info_span!("request", peer = "a", size = tracing::field::Empty);
            let _entered = span.enter();
            span.record("size", 7);
            let inner = tracing::info_span!("handler");
            let _entered = inner.enter();
            tracing::warn!(target: "runar_common::logging", attempt = 2, "[n1][Network] lost");
            tracing::debug!("not wanted");
        });
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].message, "lost");
        assert_eq!(kept[0].label.as_deref(), Some("n1"));
        assert_eq!(kept[0].fields["peer"], "a");
        assert_eq!(kept[0].fields["size"], 7);
        assert_eq!(kept[0].fields["attempt"], 2);
        assert_eq!(kept[0].fields["span"], "request:handler");
    }

    #[test]
    fn a_second_bridge_finds_the_first_and_leaves_it_alone() {
        let kept: &'static Kept = Box::leak(Box::new(Kept(Mutex::default())));
        let first = install(kept);
        assert!(first.log && first.tracing);
        let second = install(kept);
        assert!(!second.log && !second.tracing);
    }
}
