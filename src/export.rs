//! Stored mentions as CSV or JSON Lines: the format that `import` and `replay` read back.
