//! The two files of every deliverable for games: a picture and the data about it.

use crate::model::sprites::GameKind;
use crate::producers::contract::{
    ExecutionMode, JobContext, JobFailure, OutputFile, ProducerOutput,
};

/// Returns where a job writes its files, in the order of [`GameKind::made_names`].
pub(super) fn output_files(kind: GameKind, context: &JobContext<'_>) -> [OutputFile; 2] {
    kind.made_names().map(|name| OutputFile {
        name: name.to_owned(),
        path: context.scratch.join(name),
    })
}

/// Writes the data about a picture.
pub(super) fn write_text(file: &OutputFile, text: &str) -> Result<(), JobFailure> {
    std::fs::write(&file.path, text)
        .map_err(|error| JobFailure::from_io_error(&format!("write {}", file.name), &error))
}

/// Returns what a job made that has written both files.
pub(super) fn finished_output(context: &JobContext<'_>, files: [OutputFile; 2]) -> ProducerOutput {
    (context.progress)(1, 1);
    ProducerOutput {
        outputs: files.to_vec(),
        provider: "sprites (built in)".to_owned(),
        mode: ExecutionMode::Real,
        warnings: Vec::new(),
    }
}
