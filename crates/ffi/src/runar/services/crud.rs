//! Documents over a database that JavaScript hosts: `CrudSqliteService` of `runar_services`.
//!
//! It runs on a private node of the core, whose `store/execute_query` is the database. A failing
//! INSERT makes it panic, so the failure is set aside and reported to it as no change.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use runar_node::{AbstractService, Node};
use runar_services::crud_sqlite::{
    CrudSqliteService, FindOneRequest, FindOneResponse, InsertOneRequest, InsertOneResponse,
};
use runar_services::sqlite::{
    ColumnDefinition, DataType, SqlQuery, TableDefinition, Value as SqlValue,
};

use super::sql_values::{arc_value, list_of, sql_value};
use super::sqlite::Database;
use super::{payload, sql};
use crate::config::nearest;
use crate::error::{Code, Error, Result};
use crate::runar::adapter::Core;
use crate::runar::errors::not_started;
use crate::runar::running::Running;
use crate::runar::service::{Handler, ServiceEntry};
use crate::sync::lock;
use crate::value::ArcValue;

tokio::task_local! {
    /// The failure of the database during the current call.
    static FAILURE: RefCell<Option<Error>>;
}

pub struct Crud {
    store: Arc<Database>,
    running: Mutex<Option<(Running, Arc<Node>)>>,
}

impl Crud {
    pub fn new(store: Arc<Database>) -> Self {
        Self { store, running: Mutex::default() }
    }

    pub fn actions(self: &Arc<Self>) -> Vec<(String, Handler)> {
        vec![
            self.action("insertOne", |crud, payload| async move { crud.insert_one(payload).await }),
            self.action("findOne", |crud, payload| async move { crud.find_one(payload).await }),
        ]
    }

    fn action<F>(
        self: &Arc<Self>,
        name: &str,
        act: impl Fn(Arc<Self>, ArcValue) -> F + Send + Sync + Copy + 'static,
    ) -> (String, Handler)
    where
        F: std::future::Future<Output = Result<ArcValue>> + Send + 'static,
    {
        let crud = self.clone();
        let handler: Handler = Arc::new(move |payload, topic| {
            let answer = act(crud.clone(), payload.unwrap_or_else(ArcValue::null));
            Box::pin(async move { answer.await.map_err(|error| error.at(&topic).into()) })
        });
        (name.to_owned(), handler)
    }

    pub async fn start(&self, core: &Core) -> Result<()> {
        let mut running = core.private_node().await?;
        running.add(self.store_entry(), false).await?;
        running.begin().await?;
        let service = CrudSqliteService::new("crud", "crud", "store", self.store.schema().clone());
        let context = running.context("crud")?;
        service.init(context).await.map_err(not_started)?;
        let caller = Arc::new(running.node.clone());
        *lock(&self.running) = Some((running, caller));
        Ok(())
    }

    pub async fn stop(&self) -> Result<()> {
        let running = lock(&self.running).take();
        match running {
            Some((running, _)) => running.end().await,
            None => Ok(()),
        }
    }

    fn store_entry(&self) -> ServiceEntry {
        let store = self.store.clone();
        let handler: Handler = Arc::new(move |payload, _topic| {
            let store = store.clone();
            Box::pin(async move {
                let query = payload.unwrap_or_else(ArcValue::null).as_type_ref::<SqlQuery>()?;
                let query = query.as_ref().clone();
                if sql::read(&query.statement)?.returns_rows {
                    return match store.rows(query).await {
                        Ok(rows) => Ok(list_of(rows)),
                        Err(error) => {
                            set_aside(error.clone());
                            Err(error.into())
                        }
                    };
                }
                let changes = store.changes(query).await.unwrap_or_else(|error| {
                    set_aside(error);
                    0
                });
                Ok(ArcValue::new_primitive(changes))
            })
        });
        ServiceEntry {
            name: "store".to_owned(),
            path: "store".to_owned(),
            version: "1.0.0".to_owned(),
            description: String::new(),
            actions: vec![("execute_query".to_owned(), handler)],
        }
    }

    async fn call(&self, action: &str, request: ArcValue) -> Result<ArcValue> {
        let node = lock(&self.running)
            .as_ref()
            .map(|(_, node)| node.clone())
            .ok_or_else(|| Error::new(Code::ServiceNotRunning, "the service is not running"))?;
        let path = format!("crud/{action}");
        FAILURE
            .scope(RefCell::default(), async {
                let answer = node.local_request(path, Some(request)).await;
                match FAILURE.with(RefCell::take) {
                    Some(failure) => Err(failure),
                    None => answer.map_err(|error| Error::new(Code::Action, format!("{error:#}"))),
                }
            })
            .await
    }

    async fn insert_one(&self, given: ArcValue) -> Result<ArcValue> {
        // Rust callers get the types of the crate.
        if given.as_struct_ref::<InsertOneRequest>().is_ok() {
            return self.call("insertOne", given).await;
        }
        let (table, document) = self.arguments(&given, "document")?;
        let document = document
            .into_iter()
            .map(|(name, value)| {
                let value = fitting(table, &name, &value)?;
                Ok((name, value))
            })
            .collect::<Result<HashMap<_, _>>>()?;
        let request = InsertOneRequest { collection: table.name.clone(), document };
        let answer = self.call("insertOne", ArcValue::new_struct(request)).await?;
        let answer = answer.as_type_ref::<InsertOneResponse>().map_err(unexpected)?;
        Ok(ArcValue::new_primitive(answer.inserted_id.clone()))
    }

    async fn find_one(&self, given: ArcValue) -> Result<ArcValue> {
        if given.as_struct_ref::<FindOneRequest>().is_ok() {
            return self.call("findOne", given).await;
        }
        let (table, filter) = self.arguments(&given, "filter")?;
        if filter.is_empty() {
            return Err(refuse("filter: names no field; at least one is needed"));
        }
        let filter = filter
            .into_iter()
            .map(|(name, value)| match fitting(table, &name, &value)? {
                value if value.is_null() => Err(refuse(&format!(
                    "filter.{name}: null is equal to nothing in SQL; use a query with IS NULL"
                ))),
                value => Ok((name, value)),
            })
            .collect::<Result<HashMap<_, _>>>()?;
        let request = FindOneRequest { collection: table.name.clone(), filter };
        let answer = self.call("findOne", ArcValue::new_struct(request)).await?;
        let answer = answer.as_type_ref::<FindOneResponse>().map_err(unexpected)?;
        Ok(match &answer.document {
            Some(document) => ArcValue::new_map(document.clone()),
            None => ArcValue::null(),
        })
    }

    fn arguments(
        &self,
        given: &ArcValue,
        fields: &str,
    ) -> Result<(&TableDefinition, Vec<(String, ArcValue)>)> {
        let name = payload::argument(given, 0, "collection")
            .as_ref()
            .and_then(payload::text)
            .ok_or_else(|| refuse("collection: expected the name of a table"))?;
        let tables = &self.store.schema().tables;
        let table = tables.iter().find(|table| table.name == name).ok_or_else(|| {
            let hint = hint(&name, tables.iter().map(|table| table.name.as_str()));
            refuse(&format!("collection: the schema has no table {name}, {hint}"))
        })?;
        let is_id =
            |column: &ColumnDefinition| column.name == "_id" && column.data_type == DataType::Text;
        if !table.columns.iter().any(is_id) {
            let message = format!("collection: the table {name} has no text column _id");
            return Err(refuse(&message));
        }
        let entries = payload::argument(given, 1, fields)
            .as_ref()
            .and_then(payload::entries)
            .ok_or_else(|| refuse(&format!("{fields}: expected an object")))?;
        Ok((table, entries))
    }
}

/// The value in the only form that the service accepts for its column.
fn fitting(table: &TableDefinition, name: &str, value: &ArcValue) -> Result<ArcValue> {
    let known = table.columns.iter().find(|column| column.name == name);
    let column = known.ok_or_else(|| {
        let hint = hint(name, table.columns.iter().map(|column| column.name.as_str()));
        refuse(&format!("{}.{name}: no such column, {hint}", table.name))
    })?;
    let value_of =
        sql_value(value).map_err(|what| refuse(&format!("{}.{name}: {what}", table.name)))?;
    Ok(match (&column.data_type, value_of) {
        (_, SqlValue::Null) => ArcValue::null(),
        (DataType::Real, SqlValue::Integer(integer)) => ArcValue::new_primitive(integer as f64),
        (DataType::Integer, value @ SqlValue::Integer(_))
        | (DataType::Real, value @ SqlValue::Real(_))
        | (DataType::Text, value @ SqlValue::Text(_))
        | (DataType::Blob, value @ SqlValue::Blob(_))
        | (DataType::Boolean, value @ SqlValue::Boolean(_)) => arc_value(value),
        (DataType::Integer, SqlValue::Real(real)) => {
            return Err(refuse(&format!(
                "{}.{name}: the column is of type integer, got {real}",
                table.name
            )))
        }
        (expected, _) => {
            return Err(refuse(&format!(
                "{}.{name}: the column is of type {}, got {}",
                table.name,
                format!("{expected:?}").to_lowercase(),
                payload::kind(value)
            )))
        }
    })
}

fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

fn set_aside(error: Error) {
    // Fails outside of a call, where it is not needed.
    let _ = FAILURE.try_with(|failure| failure.replace(Some(error)));
}

fn refuse(what: &str) -> Error {
    Error::new(Code::InvalidArgument, what)
}

fn unexpected(error: anyhow::Error) -> Error {
    Error::new(Code::Action, format!("{error:#}"))
}
