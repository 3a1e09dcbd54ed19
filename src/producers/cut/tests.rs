//! Tests of the producers of transitions and of text, with real files.

use super::{TextExportProducer, TransitionProducer};
use crate::media::DisplayImage;
use crate::media::picture::{read_png, write_png16};
use crate::model::cut::{
    FrameFitting, FrameTrim, ScreenColour, TextExportKind, TextExportWork, TransitionKind,
    TransitionWork,
};
use crate::model::retro_treatment::FitMode;
use crate::model::{InputFile, InputFiles, JobAction, PixelSize};
use crate::producers::contract::{FailureClass, JobFailure, JobProducer, OutputFile};
use crate::producers::testing::TestBench;

const SIZE: PixelSize = PixelSize::new(16, 9);

/// Returns graded frames of these values.
fn frames(bench: &TestBench, stem: &str, size: PixelSize, values: &[u16]) -> Vec<InputFile> {
    let files = values.iter().enumerate();
    files
        .map(|(index, value)| {
            let path = bench.folder_path().join(format!("{stem}{index}"));
            write_png16(&path, &DisplayImage::filled_with(size, [*value; 3])).unwrap();
            InputFile {
                name: format!("{index:04}.png"),
                path,
            }
        })
        .collect()
}

fn dissolve(before: usize, after: usize) -> TransitionWork {
    TransitionWork {
        kind: TransitionKind::Dissolve,
        before,
        after,
        from: Some(FrameTrim::default()),
        into: Some(FrameTrim::default()),
        fitting: None,
        high_range: None,
    }
}

/// Returns the first value of each frame that is made.
fn blend(
    bench: &TestBench,
    work: &TransitionWork,
    inputs: &InputFiles,
) -> Result<Vec<u16>, JobFailure> {
    let action = JobAction::Transition(work.clone());
    let mut values = Vec::new();
    bench.run_job(&action, inputs, |job| {
        let made = TransitionProducer.run_job(job)?;
        TransitionProducer.check_outputs(job, &made.outputs)?;
        for output in &made.outputs {
            values.push(read_png(&output.path).unwrap().pixels[0][0]);
        }
        Ok(made)
    })?;
    Ok(values)
}

#[test]
fn a_dissolve_goes_from_one_shot_to_the_other() {
    let bench = TestBench::new();
    let from = frames(&bench, "a", SIZE, &[10_000; 3]);
    let into = frames(&bench, "b", SIZE, &[50_000; 3]);
    let inputs = TestBench::input_files([("from", from), ("into", into)]);
    let values = blend(&bench, &dissolve(1, 2), &inputs).unwrap();
    assert_eq!(values.len(), 3);
    assert!(
        values.is_sorted() && values[0] > 10_000 && values[2] < 50_000,
        "{values:?}"
    );
}

#[test]
fn only_the_frames_of_the_transition_are_used_of_whole_chunks() {
    let bench = TestBench::new();
    let from = frames(&bench, "a", SIZE, &[1, 1, 20_000, 20_000, 1]);
    let into = frames(&bench, "b", SIZE, &[20_000, 20_000, 1]);
    let inputs = TestBench::input_files([("from", from), ("into", into)]);
    let work = TransitionWork {
        from: Some(FrameTrim { head: 2, tail: 1 }),
        into: Some(FrameTrim { head: 0, tail: 1 }),
        ..dissolve(1, 1)
    };
    let values = blend(&bench, &work, &inputs).unwrap();
    assert!(
        values.iter().all(|value| value.abs_diff(20_000) < 8),
        "{values:?}"
    );
    // With one frame too few, every blend would be off by one.
    let short = TransitionWork {
        from: Some(FrameTrim { head: 2, tail: 2 }),
        ..work
    };
    let failure = blend(&bench, &short, &inputs).unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
}

#[test]
fn a_fade_needs_one_shot_alone() {
    let bench = TestBench::new();
    let into = frames(&bench, "b", SIZE, &[40_000; 4]);
    let inputs = TestBench::input_files([("into", into)]);
    let work = TransitionWork {
        kind: TransitionKind::FadeIn {
            colour: ScreenColour::BLACK,
        },
        from: None,
        ..dissolve(0, 4)
    };
    let values = blend(&bench, &work, &inputs).unwrap();
    assert_eq!(values[0], 0);
    assert!(values.is_sorted() && values[3] < 40_000);
}

#[test]
fn frames_of_two_sizes_are_fitted_before_they_are_blended() {
    let bench = TestBench::new();
    let from = frames(&bench, "a", SIZE, &[30_000; 2]);
    let into = frames(&bench, "b", PixelSize::new(20, 20), &[30_000; 2]);
    let inputs = TestBench::input_files([("from", from), ("into", into)]);
    let failure = blend(&bench, &dissolve(1, 1), &inputs).unwrap_err();
    assert!(failure.message.contains("16x9") && failure.message.contains("20x20"));
    let fitted = TransitionWork {
        fitting: Some(FrameFitting {
            size: PixelSize::new(32, 18),
            fit: FitMode::Crop,
            by_area: false,
        }),
        ..dissolve(1, 1)
    };
    let values = blend(&bench, &fitted, &inputs).unwrap();
    assert!(
        values.iter().all(|value| value.abs_diff(30_000) < 16),
        "{values:?}"
    );
}

#[test]
fn a_damaged_frame_is_named() {
    let bench = TestBench::new();
    let mut from = frames(&bench, "a", SIZE, &[30_000; 2]);
    from[1].path = bench.folder_path().join("empty");
    std::fs::write(&from[1].path, b"").unwrap();
    let into = frames(&bench, "b", SIZE, &[30_000; 2]);
    let inputs = TestBench::input_files([("from", from), ("into", into)]);
    let failure = blend(&bench, &dissolve(1, 1), &inputs).unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
    assert!(failure.message.contains("0001.png"), "{failure}");
}

#[test]
fn frames_do_not_depend_on_the_number_of_threads() {
    let bench = TestBench::new();
    let from = bench.graded_frames(PixelSize::new(96, 54), 6, 0);
    let into = bench.graded_frames(PixelSize::new(96, 54), 6, 20);
    let inputs = TestBench::input_files([("from", from), ("into", into)]);
    let made = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| {
            let action = JobAction::Transition(dissolve(3, 3));
            let mut bytes = Vec::new();
            bench
                .run_job(&action, &inputs, |job| {
                    let made = TransitionProducer.run_job(job)?;
                    bytes.extend(
                        made.outputs
                            .iter()
                            .map(|file| std::fs::read(&file.path).unwrap()),
                    );
                    Ok(made)
                })
                .unwrap();
            bytes
        })
    };
    assert_eq!(made(1), made(3));
}

#[test]
fn a_text_is_written_as_it_is_and_one_that_is_cut_off_is_refused() {
    let bench = TestBench::new();
    let text = "event,shot\r\n1,wide\r\n";
    let action = JobAction::TextExport(TextExportWork {
        kind: TextExportKind::CutList,
        text: text.into(),
        captions: None,
        part: None,
    });
    let inputs = TestBench::input_files([]);
    bench
        .run_job(&action, &inputs, |job| {
            let made = TextExportProducer.run_job(job)?;
            let output: &OutputFile = &made.outputs[0];
            assert_eq!(output.name, "cut_list.csv");
            assert_eq!(std::fs::read_to_string(&output.path).unwrap(), text);
            TextExportProducer.check_outputs(job, &made.outputs)?;
            std::fs::write(&output.path, &text[..5]).unwrap();
            let failure = TextExportProducer
                .check_outputs(job, &made.outputs)
                .unwrap_err();
            assert_eq!(failure.class, FailureClass::BadOutput);
            Ok(made)
        })
        .unwrap();
}
