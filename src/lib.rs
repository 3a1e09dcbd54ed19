//! Turns one declarative YAML document into finished films, clips and game assets.
//!
//! One value travels in one direction. Each stage is a function of the value before it, and only
//! that stage can make the next value. `production run` is these stages in this order:
//!
//! | # | stage | takes | makes |
//! |---|---|---|---|
//! | 1 | [`document`] reads and decodes YAML | files | [`ProductionDraft`](document::draft::ProductionDraft): the document as written, every field with its bytes |
//! | 2 | [`story`] reads the script | Fountain, Final Draft | [`Screenplay`](story::Screenplay), and [coverage](story::shot_coverage): shots for scenes without any |
//! | 3 | [`resolve`] applies the presets of the [`library`] | draft | [`Production`](model::Production): concrete values, each with its [`FileSpan`](base::FileSpan) |
//! | 4 | [`validate`] checks it by every rule | production | [`CheckedProduction`](validate::CheckedProduction), which nothing else can make |
//! | 5 | [`expand`] lists the work | checked production | [`Job`](model::Job)s, eight phases of them |
//! | 6 | [`plan`] links and identifies the jobs | jobs | [`Plan`](plan::Plan): acyclic, ordered, with the reason for every job |
//! | 7 | [`execute`] runs the plan | plan | [`RunOutcome`](execute::RunOutcome); this stage alone holds changing state |
//! | 8 | [`store`] keeps what was made | artefacts, events | blobs by digest, the journal that is the truth, manifests, published deliverables |
//! | 9 | [`report`] describes the run | everything above | progress, summary, JSON, the HTML page |
//!
//! `docs/architecture.md` says what each stage guarantees, what an incremental run costs there, and
//! why it is so.
//!
//! The other modules:
//!
//! * [`base`]: places in text, diagnostics, digests, time. Knows nothing of film.
//! * [`model`]: the nouns, as plain data.
//! * [`beats`]: plans ads: words to a sequence of beats of an exact length.
//! * [`timeline`]: clips and sounds by the frames of a film.
//! * [`interchange`]: timelines as other programs read and write them.
//! * [`captions`]: speech as text: divided, timed and written.
//! * [`event`]: the events that stages 7 and 9 share.
//! * [`library`]: presets by kind and name, built in and beside the document.
//! * [`project`]: the stages 1 to 4 in order. Everything that opens a production calls
//!   [`project::open`].
//! * [`producers`]: the kinds of work, job in and files out.
//! * [`schema`]: the JSON Schema of the document, for editors.
//! * [`machine`]: what the machine has, detected and from its profile.
//! * [`process`]: child processes. None hangs, and none is left behind.
//! * [`media`]: picture files, models, ffmpeg.
//! * [`lettering`]: draws text and graphics over pictures.
//! * [`treatment`]: Markdown or plain text to scenes, jobs and the document of a production.
//! * [`gpu`]: the device and its renderer.
//! * [`sound`]: samples: files, loudness, synthesis, mixes.
//! * [`music`]: composes cues and plays them.
//! * [`farm`]: the same plan on many machines.
//! * [`session`]: the stages 5 to 9 for one production. The command line, a server and a user of
//!   the library call it.
//! * [`cli`]: the command line, and the only module that reads the environment or prints.
//!
//! `tests/layers.rs` holds the table of which module may import which.

pub mod base;
pub mod beats;
pub mod captions;
pub mod cli;
pub mod document;
pub mod event;
pub mod execute;
pub mod expand;
pub mod farm;
pub mod gpu;
pub mod interchange;
pub mod lettering;
pub mod library;
pub mod machine;
pub mod media;
pub mod model;
pub mod music;
pub mod plan;
pub mod process;
pub mod producers;
pub mod project;
pub mod report;
pub mod resolve;
pub mod schema;
pub mod session;
pub mod sound;
pub mod store;
pub mod story;
pub mod timeline;
pub mod treatment;
pub mod validate;
