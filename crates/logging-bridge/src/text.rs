//! The decoration of a record's text: emoji, and the step that wrote it in brackets.

/// A text without decoration.
#[derive(Debug, PartialEq, Eq)]
pub struct Plain<'a> {
    /// The step, from `[step] text`.
    pub step: Option<&'a str>,
    pub text: &'a str,
}

impl<'a> Plain<'a> {
    pub fn of(text: &'a str) -> Self {
        let undecorated = text.trim_start_matches(is_picture);
        let text = if undecorated.len() < text.len() { undecorated.trim_start() } else { text };
        match text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((step, rest)) if is_name(step) => {
                Self { step: Some(step), text: rest.trim_start() }
            }
            _ => Self { step: None, text },
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Symbols, emoji, and what joins them.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '\u{200d}')
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_steps_are_taken_off() {
        for (given, step, text) in [
            ("🔍 [read_message] Reading", Some("read_message"), "Reading"),
            ("⚠️ [PeerState] closed", Some("PeerState"), "closed"),
            ("✅ done", None, "done"),
            ("[retain] topic=a", Some("retain"), "topic=a"),
        ] {
            assert_eq!(Plain::of(given), Plain { step, text }, "{given}");
        }
    }

    #[test]
    fn whatever_else_stays() {
        for text in ["plain", "", "ünïcode", "[two words] text", "[]", "[a]b", "[1, 2] is a list"]
        {
            assert_eq!(Plain::of(text), Plain { step: None, text });
        }
    }
}
