//! The kind of an SQL statement, and the typed errors of SQLite.
//!
//! The worker of `runar_services` must know beforehand whether a statement returns rows: one that
//! does, run as a change, changes the database and fails all the same.

use serde_json::Map;

use crate::error::{Code, Error, Result};

const ROWS: &[&str] = &["SELECT", "VALUES", "PRAGMA", "EXPLAIN"];
const CHANGES: &[&str] = &["INSERT", "UPDATE", "DELETE", "REPLACE"];
const TRANSACTIONS: &[&str] = &["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];

/// One statement, parsed far enough to choose between rows and a count of changes.
#[derive(Debug, PartialEq)]
pub struct Statement {
    /// The verb in capitals; after a `WITH`, that of the main statement.
    pub verb: String,
    pub returns_rows: bool,
}

pub fn read(sql: &str) -> Result<Statement> {
    let mut statement: Option<Statement> = None;
    let (mut depth, mut ended) = (0, false);
    for token in (Tokens { rest: sql }) {
        match token {
            Token::Semicolon => ended = statement.is_some(),
            _ if ended => return Err(refuse("more than one statement; send them one by one")),
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Other => {}
            Token::Word(word) => {
                let word = word.to_ascii_uppercase();
                match &mut statement {
                    None => {
                        let returns_rows = ROWS.contains(&word.as_str());
                        statement = Some(Statement { verb: word, returns_rows });
                    }
                    Some(found) if found.verb == "WITH" && depth == 0 => {
                        let rows = ROWS.contains(&word.as_str());
                        if rows || CHANGES.contains(&word.as_str()) {
                            *found = Statement { verb: word, returns_rows: rows };
                        }
                    }
                    // A trigger contains statements of its own.
                    Some(found) if found.verb == "CREATE" => break,
                    Some(found) => found.returns_rows |= word == "RETURNING",
                }
            }
        }
    }
    let statement = statement.ok_or_else(|| refuse("there is no statement"))?;
    if TRANSACTIONS.contains(&statement.verb.as_str()) {
        return Err(refuse(&format!(
            "{} is not possible: all callers share one connection, so a transaction would take in \
             the statements of others. Write the change as one statement",
            statement.verb
        )));
    }
    Ok(statement)
}

fn refuse(what: &str) -> Error {
    Error::new(Code::InvalidArgument, what)
}

enum Token<'a> {
    Word(&'a str),
    Open,
    Close,
    Semicolon,
    Other,
}

struct Tokens<'a> {
    rest: &'a str,
}

impl Tokens<'_> {
    /// Moves behind `end`, or to the end of the text.
    fn skip_past(&mut self, from: usize, end: &str) {
        let behind = self.rest.get(from..).and_then(|rest| rest.split_once(end));
        self.rest = behind.map_or("", |(_, rest)| rest);
    }

    fn skip_space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            match () {
                () if self.rest.starts_with("--") => self.skip_past(2, "\n"),
                () if self.rest.starts_with("/*") => self.skip_past(2, "*/"),
                () => return,
            }
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let first = self.rest.chars().next()?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        if is_word(first) {
            let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Token::Word(word));
        }
        match first {
            // A doubled quote ends one quoted part and begins the next, with the same result.
            '\'' => self.skip_past(1, "'"),
            '"' => self.skip_past(1, "\""),
            '`' => self.skip_past(1, "`"),
            '[' => self.skip_past(1, "]"),
            other => self.rest = &self.rest[other.len_utf8()..],
        }
        Some(match first {
            '(' => Token::Open,
            ')' => Token::Close,
            ';' => Token::Semicolon,
            _ => Token::Other,
        })
    }
}

/// The worker's failures are texts: what it did, then what SQLite message, and of a statement that
/// cannot be read the statement once more and the position.
pub fn failure(text: &str, sql: Option<&str>) -> Error {
    let message = sql
        .and_then(|sql| text.split_once(&format!("'{sql}': ")))
        .or_else(|| text.split_once("schema batch: "))
        .map_or(text, |(_, message)| message);
    let message = message.split(". DDL:").next().unwrap_or(message);
    let position = sql.and_then(|sql| message.split_once(&format!(" in {sql} at offset ")));
    let (reason, offset) = match position {
        Some((reason, offset)) => (reason, offset.parse::<usize>().ok()),
        None => (message, None),
    };
    let says = |parts: &[&str]| parts.iter().any(|part| reason.contains(part));
    let code = if says(&["constraint failed"]) {
        Code::SqlConstraint
    } else if says(&["database is locked", "database table is locked"]) {
        Code::SqlBusy
    } else if says(&[
        "unable to open database file",
        "file is not a database",
        "disk image is malformed",
        "readonly database",
        "disk I/O error",
        "database or disk is full",
    ]) {
        Code::SqlFile
    } else {
        Code::Sql
    };
    let mut details = Map::from_iter([("reason".to_owned(), reason.into())]);
    details.extend(sql.map(|sql| ("sql".to_owned(), sql.into())));
    details.extend(offset.map(|offset| ("offset".to_owned(), offset.into())));
    Error::new(code, reason).with_details(details.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(sql: &str) -> String {
        match read(sql) {
            Ok(Statement { verb, returns_rows }) => {
                format!("{verb} {}", if returns_rows { "rows" } else { "changes" })
            }
            Err(error) => error.message.split([';', ':']).next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn tells_statements_apart() {
        for (sql, expected) in [
            ("select 1", "SELECT rows"),
            (" -- a note; with a semicolon\n/* and; another */ SELECT 1;;", "SELECT rows"),
            ("VALUES (1), (2)", "VALUES rows"),
            ("PRAGMA user_version", "PRAGMA rows"),
            ("EXPLAIN QUERY PLAN DELETE FROM a", "EXPLAIN rows"),
            ("WITH a AS (SELECT 1) SELECT * FROM a", "SELECT rows"),
            ("WITH RECURSIVE a(n) AS (VALUES(1) UNION SELECT n+1 FROM a) INSERT INTO b SELECT n FROM a", "INSERT changes"),
            ("with a as (select 1) delete from b returning id", "DELETE rows"),
            ("INSERT INTO a VALUES ('returning; it''s')", "INSERT changes"),
            ("INSERT INTO a VALUES (1) RETURNING id", "INSERT rows"),
            ("UPDATE a SET \"returning\" = [returning], `returning` = 1", "UPDATE changes"),
            ("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END", "CREATE changes"),
            ("SELECT 1; DELETE FROM a", "more than one statement"),
            ("SELECT 'not closed; DELETE", "SELECT rows"),
            ("", "there is no statement"),
            (" ; -- nothing", "there is no statement"),
            ("BEGIN", "BEGIN is not possible"),
            ("savepoint a", "SAVEPOINT is not possible"),
        ] {
            assert_eq!(reported(sql), expected, "{sql}");
        }
    }

    #[test]
    fn reads_the_reasons_of_failures() {
        for (text, sql, code, reason) in [
            (
                "Failed to execute SQL 'X': UNIQUE constraint failed: a.id",
                Some("X"),
                Code::SqlConstraint,
                "UNIQUE constraint failed: a.id",
            ),
            (
                "Error preparing statement for SQL 'it''s': near \"it\": syntax error",
                Some("it''s"),
                Code::Sql,
                "near \"it\": syntax error",
            ),
            (
                "Failed to execute SQL 'X': database is locked",
                Some("X"),
                Code::SqlBusy,
                "database is locked",
            ),
            (
                "Failed to apply schema batch: file is not a database. DDL:\nCREATE",
                None,
                Code::SqlFile,
                "file is not a database",
            ),
        ] {
            let error = failure(text, sql);
            assert_eq!((error.code, error.message.as_str()), (code, reason));
        }
    }
}
