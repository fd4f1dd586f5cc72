//! The layout of JSON: one entry per line, so that files can be compared by line. It changes no number and no order.
//!
//! White space within entries is left out, since it would make up a third of the results of a hub.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Greatest depth at which each entry of an object or array has a line of its own. Deeper ones stay on the line of their entry.
const DEEPEST: usize = 2;

/// The state of the layout: `depth` counts the open objects and arrays.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    depth: usize,
    /// Whether the object or array last opened or closed has an entry. An empty one takes no lines.
    has_entry: bool,
}

impl Lines {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_entry = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_entry && self.depth < DEEPEST {
            self.new_line(writer)?;
        }
        self.has_entry = true;
        writer.write_all(bracket)
    }

    fn entry<W: ?Sized + Write>(&mut self, writer: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            writer.write_all(b",")?;
        }
        if self.depth <= DEEPEST {
            return self.new_line(writer);
        }
        Ok(())
    }

    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.entry(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_entry = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.entry(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        // A space after the colon helps readers of the upper levels. Deeper levels have a hundred thousand colons.
        writer.write_all(if self.depth <= DEEPEST { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_entry = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[test]
    fn an_entry_is_a_line() {
        let tree: serde_json::Value = serde_json::from_str(
            r#"{"a": {"x": {"p": [1, {}], "q": "b: c,"}, "y": {}}, "b": [], "c": [1.5, [2, 3]], "d": null}"#,
        )
        .unwrap();
        let mut bytes = Vec::new();
        tree.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Lines::default())).unwrap();
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap(), @r#"
        {
          "a": {
            "x": {"p":[1,{}],"q":"b: c,"},
            "y": {}
          },
          "b": [],
          "c": [
            1.5,
            [2,3]
          ],
          "d": null
        }
        "#);
    }
}
