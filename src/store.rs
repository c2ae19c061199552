//! The database; owns every line of SQL.
