//! The prefix that a labelled component logger writes before its text:
//! `[label][Component.Sub|action=a|event=e] text`, where a root logger leaves the second part out.

/// A message taken apart. Parts that the message does not have are `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prefix<'a> {
    pub label: Option<&'a str>,
    pub component: Option<&'a str>,
    pub action: Option<&'a str>,
    pub event: Option<&'a str>,
    pub text: &'a str,
}

impl<'a> Prefix<'a> {
    /// The target of every record of such a logger.
    pub const TARGET: &'static str = "runar_common::logging";

    pub fn parse(message: &'a str) -> Self {
        let Some((label, rest)) = bracketed(message) else {
            return Self { text: message, ..Self::default() };
        };
        let mut parsed = Self { label: Some(label), text: rest, ..Self::default() };
        // Text may itself begin with a bracket: only a part that follows without a space counts.
        if let Some((origin, text)) = bracketed(rest) {
            let mut parts = origin.split('|');
            parsed.component = parts.next().filter(|component| !component.is_empty());
            for part in parts {
                match part.split_once('=') {
                    Some(("action", action)) => parsed.action = Some(action),
                    Some(("event", event)) => parsed.event = Some(event),
                    _ => {}
                }
            }
            parsed.text = text;
        }
        parsed.text = parsed.text.trim_start();
        parsed
    }
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('[')?.split_once(']')
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_component_record_comes_apart() {
        let parsed = Prefix::parse("[n1][Service.Custom|action=add|event=x] hello [world]");
        assert_eq!(parsed.label, Some("n1"));
        assert_eq!(parsed.component, Some("Service.Custom"));
        assert_eq!(parsed.action, Some("add"));
        assert_eq!(parsed.event, Some("x"));
        assert_eq!(parsed.text, "hello [world]");
    }

    #[test]
    fn a_root_record_has_no_component() {
        let parsed = Prefix::parse("[n1] [brackets] belong to the text");
        assert_eq!(parsed.label, Some("n1"));
        assert_eq!(parsed.component, None);
        assert_eq!(parsed.text, "[brackets] belong to the text");
    }

    #[test]
    fn any_other_message_stays_whole() {
        for message in ["plain", "", "[open", "]closed"] {
            assert_eq!(Prefix::parse(message), Prefix { text: message, ..Prefix::default() });
        }
    }
}
