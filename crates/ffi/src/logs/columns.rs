//! The JSON of a batch of log records, in columns, which JavaScript parses twice as fast as a list
//! of objects. `sdk/src/logging/columns.ts` makes records of it.

use runar_logging_bridge::{Batch, PerLevel, Record};
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
pub struct Columns<'a> {
    levels: PerLevel,
    dropped: PerLevel,
    left: usize,
    time: Vec<f64>,
    level: Vec<u8>,
    message: Vec<&'a str>,
    /// Left out where no record has one; so are `fields`.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Vec<Option<&'a str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<Option<&'a Map<String, Value>>>>,
    /// The names that the columns below refer to by numbers from 1 on; 0 stands for none.
    names: Vec<&'a str>,
    target: Vec<usize>,
    component: Vec<usize>,
    action: Vec<usize>,
    event: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub fn of(batch: &'a Batch) -> Self {
        let Batch { records, levels, dropped, left } = batch;
        let mut names = Names::default();
        let mut column = |part: fn(&Record) -> Option<&str>| -> Vec<usize> {
            records.iter().map(|record| part(record).map_or(0, |name| names.number(name))).collect()
        };
        let target = column(|record| Some(&record.target));
        let component = column(|record| record.component.as_deref());
        let action = column(|record| record.action.as_deref());
        let event = column(|record| record.event.as_deref());
        Self {
            levels: *levels,
            dropped: *dropped,
            left: *left,
            time: records.iter().map(|record| record.time).collect(),
            level: records.iter().map(|record| record.level as u8).collect(),
            message: records.iter().map(|record| record.message.as_str()).collect(),
            raw: some(records.iter().map(|record| record.raw.as_deref())),
            fields: some(
                records.iter().map(|record| Some(&record.fields).filter(|map| !map.is_empty())),
            ),
            names: names.list,
            target,
            component,
            action,
            event,
        }
    }
}

/// A column that has something in it.
fn some<T>(column: impl Iterator<Item = Option<T>>) -> Option<Vec<Option<T>>> {
    let column: Vec<_> = column.collect();
    column.iter().any(Option::is_some).then_some(column)
}

#[derive(Default)]
struct Names<'a> {
    list: Vec<&'a str>,
    numbers: FxHashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        *self.numbers.entry(name).or_insert_with(|| {
            self.list.push(name);
            self.list.len()
        })
    }
}
