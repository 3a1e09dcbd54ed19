//! Turns one declarative YAML document into finished films, clips and game assets.
//!
//! One value travels in one direction; each stage is a function of the value before it, and only that stage can make the
//! next one. `production run` is these stages in this order:
//!
//! | # | stage | takes | makes |
//! |---|---|---|---|
//! | 1 | [`document`] reads text | files | [`ProductionDraft`](document::draft::ProductionDraft): the document as written, every field with its bytes |
//! | 2 | [`story`] reads the script | Fountain | [`Screenplay`](story::Screenplay), and [coverage](story::shot_coverage): shots for scenes without any |
//! | 3 | [`resolve`] joins the [`library`] | draft | [`Production`](model::Production): concrete values, each with its [`FileSpan`](base::FileSpan) |
//! | 4 | [`validate`] proves it | production | [`CheckedProduction`](validate::CheckedProduction), which nothing else can make |
//! | 5 | [`expand`] unrolls it | checked | [`Job`](model::Job)s, eight phases of them |
//! | 6 | [`plan`] links and identifies them | jobs | [`Plan`](plan::Plan): acyclic, ordered, with the reason for every job |
//! | 7 | [`execute`] runs it | plan | [`RunOutcome`](execute::RunOutcome); it alone holds changing state |
//! | 8 | [`store`] keeps it | artefacts, events | blobs by digest, the journal that is the truth, manifests, published deliverables |
//! | 9 | [`report`] tells it | everything above | progress, summary, JSON, the HTML page |
//!
//! `docs/architecture.md` says what each stage guarantees, what an incremental run costs there, and why it is so.
//!
//! [`project::open`] is the stages 1 to 4 in order, for everyone who opens a production.
//!
//! Rooms beside the way: [`base`] (places in text, diagnostics, digests, time; knows nothing of film), [`model`] (the nouns,
//! plain data), [`event`] (the words that 7 and 9 share), [`producers`] (what a worker can do: job in, files out),
//! [`schema`] (the document as editors see it), [`machine`] (what it runs on, found out and said), [`process`] (child processes: none hangs, none is left behind), [`media`] (picture files, models, ffmpeg), [`gpu`] (the device and its renderer), [`farm`] (the same plan on many machines),
//! [`session`] (the stages 5 to 9 for one production: what the command line, a server and a user of the library call),
//! [`cli`] (the command line, and the only room that reads the environment or prints). `tests/layers.rs` holds the table of
//! which room may import which.

pub mod base;
pub mod cli;
pub mod document;
pub mod event;
pub mod execute;
pub mod expand;
pub mod farm;
pub mod gpu;
pub mod library;
pub mod machine;
pub mod media;
pub mod model;
pub mod plan;
pub mod process;
pub mod producers;
pub mod project;
pub mod report;
pub mod resolve;
pub mod schema;
pub mod session;
pub mod store;
pub mod story;
pub mod validate;
