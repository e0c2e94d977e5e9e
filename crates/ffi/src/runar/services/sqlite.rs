//! A database that JavaScript hosts, on the worker of `runar_services`: a thread that owns the
//! connection, so that a slow statement delays only its caller.
//!
//! The crate's `SqliteService`, which wraps this worker in one action, is not used: it loses the
//! reason when a file cannot be opened, runs every statement that does not begin with SELECT as a
//! change (so `INSERT … RETURNING` inserts and fails), and answers with nulls that cannot be sent
//! to a peer. Its action `execute_query` is here too, for Rust callers, without these defects.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use runar_common::logging::Logger;
use runar_services::sqlite::{
    Params, Schema, SqlQuery, SqliteWorker, SqliteWorkerCommand as Command, Value as SqlValue,
};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use super::sql_values::{list_of, sql_value};
use super::{payload, sql};
use crate::error::{Code, Error, Result};
use crate::runar::outcome::OFFLOAD_ITEMS;
use crate::runar::service::Handler;
use crate::runtime;
use crate::sync::lock;
use crate::value::ArcValue;

/// How many statements may be queued; further callers wait for capacity.
const MAX_QUEUED_STATEMENTS: usize = 1_024;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    pub file: String,
    pub schema: Schema,
    /// Names and values, as they are written in SQL.
    pub pragmas: Vec<(String, String)>,
    pub key: Option<Vec<u8>>,
}

pub struct Database {
    config: DatabaseConfig,
    worker: Mutex<Option<Worker>>,
}

struct Worker {
    commands: mpsc::Sender<Command>,
    /// Ends with the thread, once the file is closed.
    ended: oneshot::Receiver<()>,
}

#[derive(Clone, Copy)]
enum Expected {
    Rows,
    Changes,
    /// Rows or changes, as the statement has them.
    Either,
}

impl Database {
    pub fn new(config: DatabaseConfig) -> Self {
        Self { config, worker: Mutex::default() }
    }

    pub fn schema(&self) -> &Schema {
        &self.config.schema
    }

    pub fn actions(self: &Arc<Self>) -> Vec<(String, Handler)> {
        [
            ("query", Expected::Rows),
            ("execute", Expected::Changes),
            ("execute_query", Expected::Either),
        ]
        .into_iter()
        .map(|(name, expected)| {
            let database = self.clone();
            let handler: Handler = Arc::new(move |payload, topic| {
                let database = database.clone();
                Box::pin(async move {
                    let answer = match statement_of(payload) {
                        Ok(query) => database.run(query, expected).await,
                        Err(error) => Err(error),
                    };
                    answer.map_err(|error| error.at(&topic).into())
                })
            });
            (name.to_owned(), handler)
        })
        .collect()
    }

    /// Opens the file and applies the pragmas and the schema.
    pub async fn start(&self, logger: Arc<Logger>) -> Result<()> {
        let worker = self.open(logger).await?;
        let commands = worker.commands.clone();
        *lock(&self.worker) = Some(worker);
        if let Err(error) = self.prepare(commands).await {
            self.stop().await;
            return Err(error);
        }
        Ok(())
    }

    async fn open(&self, logger: Arc<Logger>) -> Result<Worker> {
        let (commands, receiver) = mpsc::channel(MAX_QUEUED_STATEMENTS);
        let (ready, is_ready) = oneshot::channel();
        let (fail, failed) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let DatabaseConfig { file, key, .. } = self.config.clone();
        let runtime = runtime::handle()?;
        let run = move || {
            // Dropped last, when the connection is gone.
            let _end: oneshot::Sender<()> = end;
            match SqliteWorker::new(file, receiver, logger, ready, key) {
                Ok(worker) => runtime.block_on(worker.run()),
                // The receiver is gone when the caller waits no longer.
                Err(reason) => drop(fail.send(reason)),
            }
        };
        std::thread::Builder::new().name("runar-sqlite".to_owned()).spawn(run).map_err(
            |error| {
                Error::new(Code::SqlFile, format!("The database's thread could not start: {error}"))
            },
        )?;
        match is_ready.await {
            Ok(()) => Ok(Worker { commands, ended }),
            Err(_) => {
                let reason = failed.await.unwrap_or_else(|_| "its thread has ended".to_owned());
                Err(sql::failure(&reason, None))
            }
        }
    }

    async fn prepare(&self, commands: mpsc::Sender<Command>) -> Result<()> {
        // SQLite reads a file only when it first has to: this detects a wrong key, and files that
        // are no databases.
        let look = "SELECT count(*) FROM sqlite_master".to_owned();
        let pragmas =
            self.config.pragmas.iter().map(|(name, value)| format!("PRAGMA {name} = {value}"));
        for statement in pragmas.chain([look]) {
            let query = SqlQuery::new(&statement);
            ask(&commands, |reply_to| Command::Query { query, reply_to })
                .await?
                .map_err(|text| sql::failure(&text, Some(&statement)))?;
        }
        let schema = quoted(&self.config.schema);
        ask(&commands, |reply_to| Command::ApplySchema { schema, reply_to })
            .await?
            .map_err(|text| sql::failure(&text, None))
    }

    /// Lets the worker finish the queued statements, and waits until the file is closed.
    pub async fn stop(&self) {
        let Some(Worker { commands, ended }) = lock(&self.worker).take() else {
            return;
        };
        drop(commands);
        // Always resolves with an error: the thread sends nothing and drops its end.
        let _ = ended.await;
    }

    async fn run(&self, query: SqlQuery, expected: Expected) -> Result<ArcValue> {
        let statement = sql::read(&query.statement)?;
        let verb = &statement.verb;
        let rows = match expected {
            Expected::Changes if statement.returns_rows => {
                let message = format!("this {verb} returns rows; send it with query");
                return Err(Error::new(Code::InvalidArgument, message));
            }
            Expected::Rows if !statement.returns_rows => {
                let message = format!("this {verb} returns no rows; send it with execute");
                return Err(Error::new(Code::InvalidArgument, message));
            }
            Expected::Changes => false,
            Expected::Rows => true,
            Expected::Either => statement.returns_rows,
        };
        if rows {
            let rows = self.rows(query).await?;
            match rows.len() {
                0..OFFLOAD_ITEMS => Ok(list_of(rows)),
                _ => runtime::aside(|| list_of(rows)).await,
            }
        } else {
            Ok(ArcValue::new_primitive(self.changes(query).await?))
        }
    }

    pub async fn rows(&self, query: SqlQuery) -> Result<Vec<HashMap<String, SqlValue>>> {
        let text = query.statement.clone();
        ask(&self.commands()?, |reply_to| Command::Query { query, reply_to })
            .await?
            .map_err(|reason| sql::failure(&reason, Some(&text)))
    }

    /// How many rows were changed.
    pub async fn changes(&self, query: SqlQuery) -> Result<i64> {
        let text = query.statement.clone();
        ask(&self.commands()?, |reply_to| Command::Execute { query, reply_to })
            .await?
            .map(|changes| changes as i64)
            .map_err(|reason| sql::failure(&reason, Some(&text)))
    }

    fn commands(&self) -> Result<mpsc::Sender<Command>> {
        lock(&self.worker).as_ref().map(|worker| worker.commands.clone()).ok_or_else(|| {
            Error::new(
                Code::ServiceNotRunning,
                "the database is not open: its service is not running",
            )
        })
    }
}

/// Quotes the names of a schema: the worker does not, and a name may be a keyword of SQL.
fn quoted(schema: &Schema) -> Schema {
    let quote = |name: &mut String| *name = format!("\"{name}\"");
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        quote(&mut table.name);
        table.columns.iter_mut().for_each(|column| quote(&mut column.name));
    }
    for index in &mut schema.indexes {
        quote(&mut index.name);
        quote(&mut index.table_name);
        index.columns.iter_mut().for_each(quote);
    }
    schema
}

type Answer<T> = std::result::Result<T, String>;

async fn ask<T>(
    commands: &mpsc::Sender<Command>,
    command: impl FnOnce(oneshot::Sender<Answer<T>>) -> Command,
) -> Result<Answer<T>> {
    let ended = || Error::new(Code::Sql, "The database's thread has ended");
    let (reply, answer) = oneshot::channel();
    commands.send(command(reply)).await.map_err(|_| ended())?;
    answer.await.map_err(|_| ended())
}

/// `[statement, params]`, `{ statement, params }`, or what Rust callers send: an `SqlQuery`.
fn statement_of(given: Option<ArcValue>) -> Result<SqlQuery> {
    let given = given.unwrap_or_else(ArcValue::null);
    if let Ok(query) = given.as_type_ref::<SqlQuery>() {
        return Ok(query.as_ref().clone());
    }
    let statement = payload::argument(&given, 0, "statement")
        .as_ref()
        .and_then(payload::text)
        .ok_or_else(|| {
            Error::new(
                Code::InvalidArgument,
                "payload: expected [statement, params] or { statement, params } with a string first",
            )
        })?;
    let params = match payload::argument(&given, 1, "params") {
        Some(params) if payload::kind(&params) != "null" && !params.is_null() => params,
        _ => return Ok(SqlQuery::new(&statement)),
    };
    let values = payload::items(&params).ok_or_else(|| {
        let message = format!("params: expected an array, got {}", payload::kind(&params));
        Error::new(Code::InvalidArgument, message)
    })?;
    let values = values.iter().enumerate().map(|(index, value)| {
        sql_value(value)
            .map_err(|what| Error::new(Code::InvalidArgument, format!("params[{index}]: {what}")))
    });
    Ok(SqlQuery::new(&statement).with_params(Params { values: values.collect::<Result<_>>()? }))
}

#[cfg(test)]
mod tests {
    use runar_common::logging::Component;
    use serde_json::json;

    use super::*;

    /// The results of payloads in turn, as JSON.
    fn answers(action: &str, payloads: Vec<ArcValue>) -> Result<Vec<serde_json::Value>> {
        let config = json!({
            "file": ":memory:",
            "schema": { "tables": [], "indexes": [] },
            "pragmas": [],
        });
        let config = serde_json::from_value(config)
            .map_err(|error| Error::new(Code::Value, error.to_string()))?;
        let database = Arc::new(Database::new(config));
        let (_, handler) = database
            .actions()
            .into_iter()
            .find(|(name, _)| name == action)
            .ok_or_else(|| Error::new(Code::NotFound, action))?;
        runtime::handle()?.block_on(async {
            database.start(Arc::new(Logger::new_root(Component::Database, "test"))).await?;
            let mut answers = Vec::new();
            for payload in payloads {
                let answer = handler(Some(payload), format!("db/{action}")).await;
                answers.push(match answer {
                    Ok(value) => value.to_json().unwrap_or_else(|error| json!(error.to_string())),
                    Err(error) => json!(error.to_string()),
                });
            }
            database.stop().await;
            Ok(answers)
        })
    }

    #[test]
    fn answers_rust_callers_as_the_service_of_the_crate_does() -> Result<()> {
        let query = |statement: &str, value: SqlValue| {
            let params = Params { values: vec![value] };
            ArcValue::new_struct(SqlQuery::new(statement).with_params(params))
        };
        let answers = answers(
            "execute_query",
            vec![
                query("CREATE TABLE t (a) -- ?", SqlValue::Null),
                ArcValue::new_json(
                    json!({ "statement": "CREATE TABLE t (a)", "params": { "values": [] } }),
                ),
                query("INSERT INTO t VALUES (?)", SqlValue::Integer(5)),
                ArcValue::new_json(json!({
                    "statement": "SELECT a, ? AS b FROM t", "params": { "values": ["Null"] },
                })),
                query("WITH x AS (SELECT ? AS a) SELECT a FROM x", SqlValue::Boolean(true)),
            ],
        )?;
        assert_eq!(
            answers[1..],
            [json!(0), json!(1), json!([{ "a": 5, "b": null }]), json!([{ "a": 1 }])]
        );
        assert!(answers[0].as_str().is_some_and(|error| error.contains("Got 1, needed 0")));
        Ok(())
    }
}
