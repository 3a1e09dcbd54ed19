//! Captions as text: SubRip, WebVTT and TTML (IMSC 1.1 text).

use super::caption_cues::CaptionCue;
use crate::model::FrameRate;
use std::fmt::Write;

/// Returns captions as SubRip.
#[must_use]
pub fn srt_text(cues: &[CaptionCue], rate: FrameRate) -> String {
    let mut text = String::new();
    for (number, cue) in (1..).zip(cues) {
        // SubRip is French: its thousandths are behind a comma, and some readers refuse a
        // full stop.
        let start = clock_text(cue.start, rate, ',');
        let end = clock_text(cue.end, rate, ',');
        let _ = writeln!(text, "{number}\n{start} --> {end}");
        for line in &cue.lines {
            let _ = writeln!(text, "{}", srt_line(line));
        }
        text.push('\n');
    }
    text
}

/// Returns a line without what readers of SubRip take for marks. It has no escapes.
fn srt_line(line: &str) -> String {
    // `<b>` and `{\i1}` are styles, and some readers lose everything between the signs.
    let mut plain = String::with_capacity(line.len());
    for letter in line.chars() {
        plain.push(match letter {
            '<' => '‹',
            '>' => '›',
            '{' => '(',
            '}' => ')',
            letter => letter,
        });
    }
    plain
}

/// Returns how many captions have signs that SubRip cannot say: `<`, `>`, `{` and `}`.
#[must_use]
pub fn srt_losses(cues: &[CaptionCue]) -> usize {
    let is_changed = |cue: &&CaptionCue| {
        let lines = &cue.lines;
        lines.iter().any(|line| line.contains(['<', '>', '{', '}']))
    };
    cues.iter().filter(is_changed).count()
}

/// Returns captions as WebVTT. Who speaks is in voice tags.
#[must_use]
pub fn vtt_text(cues: &[CaptionCue], rate: FrameRate, language: &str) -> String {
    // A header line `Language:` is no part of the standard any more, and a note is ignored by every
    // reader.
    let mut text = format!("WEBVTT\n\nNOTE Language: {}\n", vtt_escaped(language));
    for (number, cue) in (1..).zip(cues) {
        // WebVTT has a full stop where SubRip has a comma.
        let start = clock_text(cue.start, rate, '.');
        let end = clock_text(cue.end, rate, '.');
        let _ = writeln!(text, "\n{number}\n{start} --> {end}");
        let (sounds, words) = cue.sounds_and_words();
        for sound in sounds {
            let _ = writeln!(text, "{}", vtt_escaped(sound));
        }
        let words: Vec<String> = words.iter().map(|line| vtt_escaped(line)).collect();
        let words = words.join("\n");
        if words.is_empty() {
            continue;
        }
        // A sound within the tag would be a word of the speaker.
        if cue.speaker.is_empty() {
            let _ = writeln!(text, "{words}");
        } else {
            // A voice tag ends its name at a line break.
            let name = cue.speaker.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "<v {}>{words}</v>", vtt_escaped(&name));
        }
    }
    text
}

fn vtt_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns captions as TTML, a document of the profile IMSC 1.1 text.
#[must_use]
pub fn ttml_text(cues: &[CaptionCue], rate: FrameRate, language: &str) -> String {
    let mut text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="{}" ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text" ttp:timeBase="media" ttp:cellResolution="32 15">
  <head>
"#,
        xml_escaped(language)
    );
    let speakers = distinct_speakers(cues);
    if !speakers.is_empty() {
        text.push_str("    <metadata>\n");
        for (number, name) in (1..).zip(&speakers) {
            let _ = writeln!(
                text,
                r#"      <ttm:agent xml:id="speaker{number}" type="character"><ttm:name type="full">{}</ttm:name></ttm:agent>"#,
                xml_escaped(name)
            );
        }
        text.push_str("    </metadata>\n");
    }
    text.push_str(
        r##"    <styling>
      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:fontSize="80%" tts:lineHeight="125%" tts:textAlign="center" tts:color="#FFFFFFFF" tts:backgroundColor="#000000C0"/>
    </styling>
    <layout>
      <region xml:id="below" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after"/>
    </layout>
  </head>
  <body style="text" region="below">
    <div>
"##,
    );
    for (number, cue) in (1..).zip(cues) {
        let _ = writeln!(text, "      {}", ttml_cue(cue, number, rate, &speakers));
    }
    text.push_str("    </div>\n  </body>\n</tt>\n");
    text
}

fn distinct_speakers(cues: &[CaptionCue]) -> Vec<&str> {
    let mut speakers: Vec<&str> = Vec::new();
    for cue in cues.iter().filter(|cue| !cue.speaker.is_empty()) {
        if !speakers.contains(&cue.speaker.as_str()) {
            speakers.push(&cue.speaker);
        }
    }
    speakers
}

fn ttml_cue(cue: &CaptionCue, number: usize, rate: FrameRate, speakers: &[&str]) -> String {
    let speaker = speakers.iter().position(|name| *name == cue.speaker);
    let agent = speaker.map_or_else(String::new, |index| {
        format!(r#" ttm:agent="speaker{}""#, index + 1)
    });
    let escaped = |lines: &[String]| -> String {
        let lines: Vec<String> = lines.iter().map(|line| xml_escaped(line)).collect();
        lines.join("<br/>")
    };
    // Nobody says a sound, so the agent is that of the words alone.
    let (sounds, words) = cue.sounds_and_words();
    let (agent, content) = match (sounds, words) {
        (_, []) => (String::new(), escaped(sounds)),
        ([], _) => (agent, escaped(words)),
        _ => {
            let content = format!(
                "<span>{}</span><br/><span{agent}>{}</span>",
                escaped(sounds),
                escaped(words)
            );
            (String::new(), content)
        }
    };
    format!(
        r#"<p xml:id="caption{number}" begin="{}" end="{}"{agent}>{content}</p>"#,
        clock_text(cue.start, rate, '.'),
        clock_text(cue.end, rate, '.'),
    )
}

fn xml_escaped(text: &str) -> String {
    // XML 1.0 has no form for these, not even as references: a document with one is refused as a
    // whole.
    let is_legal =
        |letter: &char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let legal: String = text.chars().filter(is_legal).collect();
    legal
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Returns when a frame begins, `hh:mm:ss,mmm`, rounded to the nearest thousandth of a second.
fn clock_text(frame: usize, rate: FrameRate, mark: char) -> String {
    // Rates such as 30000/1001 are exact only as fractions. From the count of frames, so that hours
    // of film do not drift.
    let ticks = frame as u128 * u128::from(rate.den) * 1000;
    // A rate of 0 is refused by the rules; this keeps a division from failing in a tool that skips
    // them.
    let num = u128::from(rate.num.max(1));
    let thousandths = (ticks + num / 2) / num;
    format!(
        "{:02}:{:02}:{:02}{mark}{:03}",
        thousandths / 3_600_000,
        thousandths / 60_000 % 60,
        thousandths / 1000 % 60,
        thousandths % 1000
    )
}
