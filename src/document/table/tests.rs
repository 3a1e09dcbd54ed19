//! Facts about tables: what spreadsheets and tracking tools write is read as it was meant.

#[test]
fn nothing_yet() {}
