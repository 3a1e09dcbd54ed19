//! Streams: the segments of every rendition become one file and one playlist each, and the main
//! playlist names them.

use super::segment_stitcher::concat_list;
use crate::media::FfmpegTools;
use crate::media::ffmpeg::{FilmJoin, FilmSound};
use crate::media::hls_playlist::{
    RenditionEntry, RenditionPlaylist, SoundEntry, avc_codec, main_playlist,
};
use crate::model::{InputFile, OutputFormat};
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use crate::producers::output_check::{MAIN_PLAYLIST, SOUND_STEM, film_names};
use std::path::{Path, PathBuf};

/// AAC as RFC 6381 names it: the low-complexity profile that the encoder makes.
const AAC_CODEC: &str = "mp4a.40.2";

/// Makes the files of a stream from the segments of all its renditions, one rendition after the
/// other.
pub(super) fn join_stream(
    tools: &FfmpegTools,
    segments: &[&InputFile],
    format: &OutputFormat,
    sound: Option<FilmSound<'_>>,
    context: &JobContext<'_>,
) -> Result<Vec<OutputFile>, JobFailure> {
    // ffmpeg is started in this folder, where a relative path would lead elsewhere.
    let folder = std::path::absolute(context.scratch)
        .map_err(|error| JobFailure::from_io_error("find the folder to work in", &error))?;
    let count = context.action.unit_count();
    let formats = format.encoded_formats();
    // All renditions have the same shots, so each has an equal share, one behind the other.
    let each = segments
        .len()
        .checked_div(formats.len())
        .unwrap_or_default();
    if each == 0 || each * formats.len() != segments.len() {
        let message = format!(
            "stitch {} renditions: there are {} segments",
            formats.len(),
            segments.len()
        );
        return Err(JobFailure::new(FailureClass::MissingInput, message));
    }
    // The pictures begin so late, and both must be in step.
    let delay = format.start_seconds();
    let sound_playlist = sound
        .map(|sound| package_sound(tools, sound, delay, &folder, context))
        .transpose()?;
    let mut entries = Vec::new();
    for (rendition, own) in formats.iter().zip(segments.chunks(each)) {
        package_rendition(tools, own, rendition, &folder, context)?;
        entries.push(describe_rendition(
            &folder,
            rendition,
            sound_playlist.as_ref(),
        )?);
        // A rendition is the smallest step that can be seen from here.
        (context.progress)(count * entries.len() / formats.len(), count);
    }
    let sound_entry = sound.map(|sound| SoundEntry {
        file: format!("{SOUND_STEM}.m3u8"),
        language: sound.format.language.clone(),
    });
    let text = main_playlist(&entries, sound_entry.as_ref(), format.rate);
    std::fs::write(folder.join(MAIN_PLAYLIST), text)
        .map_err(|error| JobFailure::from_io_error("write the main playlist", &error))?;
    let names = film_names(format, sound.is_some(), count).into_iter();
    Ok(names
        .map(|name| OutputFile {
            path: context.scratch.join(&name),
            name,
        })
        .collect())
}

fn package_sound(
    tools: &FfmpegTools,
    sound: FilmSound<'_>,
    delay: f64,
    folder: &Path,
    context: &JobContext<'_>,
) -> Result<RenditionPlaylist, JobFailure> {
    // ffmpeg works in the scratch folder, and the path may begin in another.
    let path = std::path::absolute(sound.path)
        .map_err(|error| JobFailure::from_io_error("find the sound", &error))?;
    let sound = FilmSound {
        path: &path,
        ..sound
    };
    tools.package_sound(sound, delay, folder, SOUND_STEM, context.watch)?;
    read_playlist(folder, SOUND_STEM)
}

fn package_rendition(
    tools: &FfmpegTools,
    segments: &[&InputFile],
    rendition: &OutputFormat,
    folder: &Path,
    context: &JobContext<'_>,
) -> Result<(), JobFailure> {
    let no_film = || JobFailure::new(FailureClass::Crash, "stitch: a rendition is no film");
    let film = rendition.codec.film_encoding().ok_or_else(no_film)?;
    let container = film.container(&rendition.encoding).ok_or_else(no_film)?;
    let list: PathBuf = folder.join("segments.ffconcat");
    std::fs::write(&list, concat_list(segments)?)
        .map_err(|error| JobFailure::from_io_error("write the list of segments", &error))?;
    let join = FilmJoin {
        list: &list,
        encoding: &film.with_choice(&rendition.encoding),
        container: container.spec(),
        rate: rendition.rate,
        sound: None,
        texts: &[],
        timecode: None,
        // A stream is cut into pieces again, so its packets are not compared with those of the
        // segments.
        keeps_packets: false,
    };
    let whole = folder.join("rendition");
    tools.concat_segments(join, &whole, context.watch, |_| {})?;
    tools.package_pictures(&whole, folder, &rendition.size.to_string(), context.watch)?;
    // What is left would be an unexpected output.
    for path in [list, whole] {
        std::fs::remove_file(path)
            .map_err(|error| JobFailure::from_io_error("remove a part of the stream", &error))?;
    }
    Ok(())
}

/// Returns what the main playlist says of a rendition.
fn describe_rendition(
    folder: &Path,
    rendition: &OutputFormat,
    sound: Option<&RenditionPlaylist>,
) -> Result<RenditionEntry, JobFailure> {
    let stem = rendition.size.to_string();
    let playlist = read_playlist(folder, &stem)?;
    let bytes = std::fs::read(folder.join(format!("{stem}.mp4")))
        .map_err(|error| JobFailure::from_io_error("read a rendition", &error))?;
    let unknown = || {
        let message = format!("stitch {stem}: its file does not say how it is decoded");
        JobFailure::new(FailureClass::BadOutput, message)
    };
    // Read from the file and not from the request to the encoder: players refuse a stream that
    // differs from its playlist.
    let pictures = avc_codec(&bytes).ok_or_else(unknown)?;
    let codecs = match sound {
        Some(_) => format!("{pictures},{AAC_CODEC}"),
        None => pictures,
    };
    let with_sound = |own: u64, bits: fn(&RenditionPlaylist) -> u64| own + sound.map_or(0, bits);
    Ok(RenditionEntry {
        file: format!("{stem}.m3u8"),
        size: rendition.size,
        peak_bits: with_sound(playlist.peak_bits(), RenditionPlaylist::peak_bits),
        average_bits: with_sound(playlist.average_bits(), RenditionPlaylist::average_bits),
        codecs,
    })
}

fn read_playlist(folder: &Path, stem: &str) -> Result<RenditionPlaylist, JobFailure> {
    let text = std::fs::read_to_string(folder.join(format!("{stem}.m3u8")))
        .map_err(|error| JobFailure::from_io_error("read a playlist", &error))?;
    RenditionPlaylist::parse(&text).ok_or_else(|| {
        let message = format!("stitch {stem}: ffmpeg wrote no playlist of one file");
        JobFailure::new(FailureClass::BadOutput, message)
    })
}
