//! Checks whether a file is a voice of Piper: an ONNX model with a description beside it.
//!
//! The model itself is not loaded. It is a message in the format of Protocol Buffers, whose fields
//! are followed from one to the next: what is another file, or is cut short, shows in them.

use serde_json::Value;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The largest description that is read. Those of voices with a thousand speakers have 50 KB.
const MAX_DESCRIPTION_BYTES: u64 = 16 << 20;
/// Most fields of a model that are followed. Real ones have fewer than a hundred.
const MAX_FIELDS: usize = 100_000;
/// The field with the version of the format.
const VERSION_FIELD: u64 = 1;
/// The field with the graph.
const GRAPH_FIELD: u64 = 7;

/// Returns the path of the file that describes a voice.
#[must_use]
pub fn description_path(model: &Path) -> PathBuf {
    let mut name = model.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

/// Checks that a file is a whole model, and that the file beside it describes a voice.
///
/// # Errors
/// Fails with what is wrong, as a sentence about the file.
pub fn check_voice_model(model: &Path) -> Result<(), String> {
    check_model(model)?;
    let description = description_path(model);
    let name = description.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let mut bytes = Vec::new();
    let read = File::open(&description)
        .and_then(|file| file.take(MAX_DESCRIPTION_BYTES).read_to_end(&mut bytes));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!("its description `{name}` is not beside it"));
        }
        Err(error) => return Err(format!("its description `{name}` cannot be read: {error}")),
        Ok(_) => {}
    }
    if describes_voice(&bytes) {
        Ok(())
    } else {
        Err(format!(
            "`{name}` beside it is no description of a Piper voice"
        ))
    }
}

/// Returns whether a description has what Piper reads first: the sample rate and the sounds.
fn describes_voice(bytes: &[u8]) -> bool {
    let Ok(description) = serde_json::from_slice::<Value>(bytes) else {
        return false;
    };
    let rate = &description["audio"]["sample_rate"];
    rate.as_u64().is_some_and(|rate| rate > 0) && description["phoneme_id_map"].is_object()
}

fn check_model(path: &Path) -> Result<(), String> {
    let unreadable = |error: io::Error| format!("it cannot be read: {error}");
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut fields = ModelFields {
        file: BufReader::new(file),
        place: 0,
        length,
    };
    fields.check_all().map_err(|fault| match fault {
        ModelFault::NoModel => "it is no ONNX model".to_owned(),
        ModelFault::Truncated => "it is cut short".to_owned(),
        ModelFault::Unreadable(error) => unreadable(error),
    })
}

/// What is wrong with a model.
#[derive(Debug)]
enum ModelFault {
    NoModel,
    Truncated,
    Unreadable(io::Error),
}

/// The fields of a model, followed one after the other.
struct ModelFields<R> {
    file: R,
    place: u64,
    length: u64,
}

impl<R: Read + Seek> ModelFields<R> {
    fn check_all(&mut self) -> Result<(), ModelFault> {
        let mut has_version = false;
        let mut has_graph = false;
        for _ in 0..MAX_FIELDS {
            if self.place >= self.length {
                break;
            }
            // What ends within the first field may be anything.
            let end = if has_version {
                ModelFault::Truncated
            } else {
                ModelFault::NoModel
            };
            let Some(tag) = self.read_number()? else {
                return Err(end);
            };
            let field = tag >> 3;
            let size = match tag & 7 {
                0 => self.read_number()?.map(|_| 0),
                1 => Some(8),
                2 => self.read_number()?,
                5 => Some(4),
                _ => return Err(ModelFault::NoModel),
            };
            has_version |= field == VERSION_FIELD && tag & 7 == 0;
            if !has_version {
                // Every writer begins with the version.
                return Err(ModelFault::NoModel);
            }
            let next = size.and_then(|size| self.place.checked_add(size));
            match next.filter(|next| *next <= self.length) {
                Some(next) => self.skip_to(next)?,
                None => return Err(end),
            }
            has_graph |= field == GRAPH_FIELD && tag & 7 == 2;
        }
        // The graph is nearly all of a file; one without it is another kind of message.
        if has_graph {
            Ok(())
        } else {
            Err(ModelFault::NoModel)
        }
    }

    /// Returns the next number. `None`: the file ends before it does.
    fn read_number(&mut self) -> Result<Option<u64>, ModelFault> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let mut byte = [0];
            match self.file.read(&mut byte).map_err(ModelFault::Unreadable)? {
                0 => return Ok(None),
                _ => self.place += 1,
            }
            number |= u64::from(byte[0] & 0x7F) << shift;
            if byte[0] < 0x80 {
                return Ok(Some(number));
            }
        }
        // Ten bytes hold every number.
        Err(ModelFault::NoModel)
    }

    fn skip_to(&mut self, place: u64) -> Result<(), ModelFault> {
        self.place = place;
        let sought = self.file.seek(SeekFrom::Start(place));
        sought.map(|_| ()).map_err(ModelFault::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model with a version, a producer and a graph of 300 bytes.
    fn model() -> Vec<u8> {
        let mut bytes = vec![0x08, 0x08, 0x12, 0x03, b'a', b'b', b'c', 0x3A, 0xAC, 0x02];
        bytes.extend([7; 300]);
        bytes
    }

    fn checked(model: &[u8], description: Option<&str>) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.onnx");
        std::fs::write(&path, model).unwrap();
        if let Some(text) = description {
            std::fs::write(folder.path().join("a.onnx.json"), text).unwrap();
        }
        check_voice_model(&path)
    }

    const DESCRIPTION: &str = r#"{"audio": {"sample_rate": 22050}, "phoneme_id_map": {"_": [0]}}"#;

    #[test]
    fn a_model_with_its_description_is_a_voice() {
        assert_eq!(checked(&model(), Some(DESCRIPTION)), Ok(()));
    }

    #[test]
    fn other_files_and_cut_models_are_none_wherever_they_end() {
        let whole = model();
        for length in 3..whole.len() {
            let fault = checked(&whole[..length], Some(DESCRIPTION)).unwrap_err();
            // At a joint of two fields nothing is missing but the graph.
            assert!(
                fault == "it is cut short" || fault == "it is no ONNX model",
                "{fault}"
            );
        }
        let text = &b"a text\n"[..];
        for other in [
            text,
            b"",
            b"RIFF\0\0",
            b"\x08",
            &[0xFF; 40],
            b"{\"audio\": 1}",
        ] {
            let fault = checked(other, Some(DESCRIPTION)).unwrap_err();
            assert_eq!(fault, "it is no ONNX model", "{other:?}");
        }
    }

    #[test]
    fn a_description_that_is_missing_or_none_is_named() {
        let missing = checked(&model(), None).unwrap_err();
        assert_eq!(missing, "its description `a.onnx.json` is not beside it");
        for text in ["", "{}", "[]", r#"{"audio": {"sample_rate": 0}}"#, "\u{0}"] {
            let fault = checked(&model(), Some(text)).unwrap_err();
            assert!(fault.contains("no description"), "{text}: {fault}");
        }
    }
}
