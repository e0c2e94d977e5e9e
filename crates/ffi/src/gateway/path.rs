//! The path of an action in the path of a URL.

/// Why the path of a URL is the path of no action.
#[derive(Debug, PartialEq, Eq)]
pub enum BadPath {
    /// It is not well-formed.
    Malformed,
    /// No action can have it.
    Uncallable,
}

/// The path that a call would have: each segment is decoded once, so that no later step sees an
/// escape.
pub fn action_path(url_path: &str) -> Result<String, BadPath> {
    let rest = url_path.strip_prefix('/').ok_or(BadPath::Malformed)?;
    let mut path = String::with_capacity(rest.len());
    for (index, segment) in rest.split('/').enumerate() {
        if index > 0 {
            path.push('/');
        }
        let start = path.len();
        push_decoded(&mut path, segment)?;
        let decoded = &path[start..];
        // A decoded slash would move the boundaries of the parts. The core takes `*` and `>` for
        // patterns and leaves empty parts out.
        if decoded.is_empty() || decoded.contains(['/', '*', '>']) {
            return Err(BadPath::Uncallable);
        }
        if decoded.chars().any(char::is_control) {
            return Err(BadPath::Malformed);
        }
    }
    // The core's own services: `$registry`, `$keys`, `$streams`.
    if path.starts_with('$') {
        return Err(BadPath::Uncallable);
    }
    Ok(path)
}

fn push_decoded(path: &mut String, segment: &str) -> Result<(), BadPath> {
    if !segment.contains('%') {
        path.push_str(segment);
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, others @ ..] = rest else { return Err(BadPath::Malformed) };
        bytes.push(digit(*high)? << 4 | digit(*low)?);
        rest = others;
    }
    path.push_str(std::str::from_utf8(&bytes).map_err(|_| BadPath::Malformed)?);
    Ok(())
}

fn digit(byte: u8) -> Result<u8, BadPath> {
    let value = char::from(byte).to_digit(16).ok_or(BadPath::Malformed)?;
    u8::try_from(value).map_err(|_| BadPath::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_once() {
        for (url, path) in [
            ("/math/add", "math/add"),
            ("/math/item/user:7", "math/item/user:7"),
            ("/math/item/urn:isbn:0451450523", "math/item/urn:isbn:0451450523"),
            ("/math/item/::1", "math/item/::1"),
            ("/math/item/a%20b", "math/item/a b"),
            ("/math/item/a+b", "math/item/a+b"),
            ("/math/item/%C3%BC", "math/item/ü"),
            ("/math/item/%2520", "math/item/%20"),
            ("/math/item/%2e%2E", "math/item/.."),
            ("/math/item/100%25", "math/item/100%"),
            ("/math/%61dd", "math/add"),
        ] {
            assert_eq!(action_path(url), Ok(path.to_owned()), "{url}");
        }
    }

    #[test]
    fn what_no_call_can_have_is_refused() {
        for url in [
            "/",
            "//",
            "/math//add",
            "/math/",
            "/math/item/a%2Fb",
            "/math/%2a",
            "/math/*",
            "/math/%3E",
            "/$keys/ensure_symmetric_key",
            "/%24keys/ensure_symmetric_key",
            "/$registry/services/list",
        ] {
            assert_eq!(action_path(url), Err(BadPath::Uncallable), "{url}");
        }
        for url in ["*", "", "/a/%", "/a/%4", "/a/%zz", "/a/%+1", "/a/%ff", "/a/%00", "/a/%0A"] {
            assert_eq!(action_path(url), Err(BadPath::Malformed), "{url}");
        }
    }
}
