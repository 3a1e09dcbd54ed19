//! Explanations of the codes of treatments. Data only.
//!
//! The examples are treatments; `tests/treatments.rs` reads them, as it cannot be done from a
//! document: the wrong one gives its code, the right one does not.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::treatment::too_large",
        severity: Severity::Error,
        summary: "a treatment has at most 2 MB",
        explanation: "That is about 700 pages of text. A longer file is a book, or no treatment at \
            all. Divide it: one treatment for each film.",
        wrong: "\
# treatment.md
(a file of more than 2 MB)
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::not_text",
        severity: Severity::Error,
        summary: "a treatment is text in UTF-8",
        explanation: "The file has bytes that are no text, as pictures, PDF and documents of word \
            processors have. Save it as plain text or as Markdown.",
        wrong: "\
# treatment.md
(a file that is no text)
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::empty",
        severity: Severity::Error,
        summary: "a treatment has at least one scene",
        explanation: "There is nothing to say and nothing to show. Write a heading for each scene, \
            and below it `Narration:` for what is said and `Visual:` for what is seen.",
        wrong: "\
# treatment.md
---
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::too_many_scenes",
        severity: Severity::Warning,
        summary: "a treatment has at most 2000 scenes",
        explanation: "The scenes after the first 2000 are left out. Divide the treatment: one for \
            each film.",
        wrong: "\
# treatment.md
(a heading for each of 2001 scenes)
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::guess",
        severity: Severity::Info,
        summary: "what no label says is guessed, with the reason",
        explanation: "The text has no label that says what this is, so it was taken for what it most \
            probably is. If the guess is wrong, write the label: `Narration:`, `Visual:`, \
            `Text:`, `Purpose:`, `Language:`.",
        wrong: "\
# treatment.md
## One

Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
Language: English
Aspect: 16:9

Scene 1: One
Purpose: hook
Narration: Bees dance in the dark of the hive.
Visual: A hive
",
    },
    CodeExplanation {
        code: "production::treatment::unknown_label",
        severity: Severity::Warning,
        summary: "labels are spelt as this program knows them",
        explanation: "A line begins with words and a colon that are almost a label. It is read as \
            that label. Correct the spelling, so that the next reader need not guess.",
        wrong: "\
# treatment.md
## One

Naration: Bees dance in the dark.
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark.
",
    },
    CodeExplanation {
        code: "production::treatment::unreadable_value",
        severity: Severity::Warning,
        summary: "the value of a label is one of its kind",
        explanation: "The text behind a label is no length, language, colour, shape or answer, \
            whichever the label wants, or nothing follows the label at all. It is left out. The \
            help says how to write it.",
        wrong: "\
# treatment.md
Duration: soon

## One

Narration: Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
Duration: 20 sec

## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::contradiction",
        severity: Severity::Warning,
        summary: "a value is written once, and times run forwards",
        explanation: "Two lines give the same value and differ, so the first one counts; or a scene \
            ends before it begins, so its time is left out. Keep the line that you mean.",
        wrong: "\
# treatment.md
Duration: 20 sec
Duration: 30 sec

## One

Narration: Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
Duration: 20 sec

## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::redacted",
        severity: Severity::Warning,
        summary: "URLs and secrets are taken out of the text",
        explanation: "A URL, or a word that may be a password or a key, is in the text. It is in no \
            narration, job, document or film. A URL is kept in the list of files, without \
            its query. If it is a secret, remove it from the treatment, and replace it \
            wherever it is valid.",
        wrong: "\
# treatment.md
## One

Narration: Log in with password=hunter22 now.
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::chart_without_data",
        severity: Severity::Warning,
        summary: "a chart has data",
        explanation: "Charts show the given numbers and nothing else, so a chart without a table, a \
            list or numbers in its line is left out. Write the data below it.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.
Chart: bar - Losses by winter
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Chart: bar - Losses by winter: 2007 32%, 2012 22%
",
    },
    CodeExplanation {
        code: "production::treatment::unknown_profile",
        severity: Severity::Warning,
        summary: "a profile is one of the library",
        explanation: "The profile gives colours, pace, effects and limits. One of this name does not \
            exist, so the usual one is used. `production library profiles` lists them.",
        wrong: "\
# treatment.md
Profile: dazzling

## One

Narration: Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
Profile: educational_explainer

## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::duration_mismatch",
        severity: Severity::Warning,
        summary: "the scenes last as long as the film",
        explanation: "The lengths of the scenes do not add up to the length that is asked for. They \
            are scaled in proportion, and the last scene takes the remainder, so that the \
            film is exact to the frame. Change either so that they agree.",
        wrong: "\
# treatment.md
Duration: 20 sec

## One (5 sec)

Narration: Bees dance.

## Two (5 sec)

Narration: Bees sing.
",
        right: "\
# treatment.md
Duration: 10 sec

## One (5 sec)

Narration: Bees dance.

## Two (5 sec)

Narration: Bees sing.
",
    },
    CodeExplanation {
        code: "production::treatment::invalid_scene_start",
        severity: Severity::Warning,
        summary: "a scene begins where the one before ends",
        explanation: "There is a gap between two scenes. The earlier one lasts until the later one \
            begins; a gap before the first scene is closed. Correct the times if something \
            was to be in between.",
        wrong: "\
# treatment.md
0:00-0:05 One
Narration: Bees dance.

0:07-0:10 Two
Narration: Bees sing.
",
        right: "\
# treatment.md
0:00-0:05 One
Narration: Bees dance.

0:05-0:10 Two
Narration: Bees sing.
",
    },
    CodeExplanation {
        code: "production::treatment::scene_overlap",
        severity: Severity::Warning,
        summary: "scenes do not overlap",
        explanation: "A scene begins before the one before it ends. The earlier one ends where the \
            later one begins. Correct the times.",
        wrong: "\
# treatment.md
0:00-0:06 One
Narration: Bees dance.

0:05-0:10 Two
Narration: Bees sing.
",
        right: "\
# treatment.md
0:00-0:05 One
Narration: Bees dance.

0:05-0:10 Two
Narration: Bees sing.
",
    },
    CodeExplanation {
        code: "production::treatment::scene_out_of_bounds",
        severity: Severity::Warning,
        summary: "a scene ends with the film or before it",
        explanation: "The times of a scene lead beyond the length that is asked for. All scenes are \
            scaled to fit. Give the film more time, or the scenes less.",
        wrong: "\
# treatment.md
Duration: 8 sec

0:00-0:05 One
Narration: Bees dance.

0:05-0:10 Two
Narration: Bees sing.
",
        right: "\
# treatment.md
Duration: 10 sec

0:00-0:05 One
Narration: Bees dance.

0:05-0:10 Two
Narration: Bees sing.
",
    },
    CodeExplanation {
        code: "production::treatment::scene_too_short",
        severity: Severity::Warning,
        summary: "a scene lasts at least a tenth of a second",
        explanation: "Less is not seen. The scene is made that long.",
        wrong: "\
# treatment.md
## One (0.05 sec)

Visual: A flash

## Two (5 sec)

Narration: Bees sing.
",
        right: "\
# treatment.md
## One (1 sec)

Visual: A flash

## Two (5 sec)

Narration: Bees sing.
",
    },
    CodeExplanation {
        code: "production::treatment::missing_visual",
        severity: Severity::Warning,
        summary: "a scene shows something",
        explanation: "The scene has neither a picture nor a chart nor a text. It gets a picture of \
            its heading, or of its first words. Write `Visual:` to say what is seen.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Visual: A hive
",
    },
    CodeExplanation {
        code: "production::treatment::missing_asset",
        severity: Severity::Warning,
        summary: "a file that a scene shows is beside the treatment, and can be shown",
        explanation: "The picture does not exist, its path leads out of the folder of the \
            treatment, or it is damaged or of a kind that cannot be shown. A picture is drawn in \
            its place. Put a whole file (PNG, JPEG, TIFF, EXR, HDR or a film) beside the \
            treatment, or below it.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.

![a hive](hive.png)
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Visual: a hive
",
    },
    CodeExplanation {
        code: "production::treatment::invalid_asset_source",
        severity: Severity::Warning,
        summary: "pictures are drawn or are the user's own",
        explanation: "There is no library of stock pictures. A picture is drawn in its place. Use a file of your own.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.
Visual: Stock footage of a hive
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Visual: A hive
",
    },
    CodeExplanation {
        code: "production::treatment::no_tts_provider",
        severity: Severity::Warning,
        summary: "narration has a voice",
        explanation: "There is narration, and the treatment says that nobody speaks. `espeak-ng` \
            speaks it. Remove the narration, or the line about the voice.",
        wrong: "\
# treatment.md
TTS: none

## One

Narration: Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::unsupported_tts_provider",
        severity: Severity::Warning,
        summary: "the program that speaks is one that works here",
        explanation: "Voices are spoken by `espeak-ng`, `piper` or `murmur`; services on a network \
            are not called. `espeak-ng` speaks in its place. For a program of your own see \
            docs/sound.md.",
        wrong: "\
# treatment.md
TTS: HeavenlyVoices

## One

Narration: Bees dance in the dark of the hive.
",
        right: "\
# treatment.md
TTS: piper

## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::missing_gen_job",
        severity: Severity::Warning,
        summary: "every need of a scene has exactly one job",
        explanation: "A scene needs something that no job makes, or that two jobs make. The planner \
            makes the jobs from the needs, so this is a mistake in the program. Please \
            report it.",
        wrong: "\
# treatment.md
(no treatment leads to it)
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::degraded",
        severity: Severity::Warning,
        summary: "a treatment can be planned",
        explanation: "What is asked for is impossible even after all repairs, such as fifty scenes \
            in one second. The film is one scene with the title, so that nothing is \
            pretended. Correct the treatment, or create it as it is with \
            `--accept-degraded`.",
        wrong: "\
# treatment.md
Duration: 0.2 sec

## One

Visual: A

## Two

Visual: B

## Three

Visual: C
",
        right: "\
# treatment.md
Duration: 20 sec

## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::narration_too_long",
        severity: Severity::Warning,
        summary: "narration fits into its scene",
        explanation: "The words take longer than the scene lasts, even spoken a quarter faster. They \
            would go on over the cut. Shorten them, or give the scene or the film more \
            time.",
        wrong: "\
# treatment.md
## One (1 sec)

Narration: Bees dance in the dark of the hive, and all the others read the dance.
Visual: A hive
",
        right: "\
# treatment.md
## One (8 sec)

Narration: Bees dance in the dark of the hive, and all the others read the dance.
Visual: A hive
",
    },
    CodeExplanation {
        code: "production::treatment::graphic_too_short",
        severity: Severity::Warning,
        summary: "charts, other graphics and texts are seen long enough to be read",
        explanation: "Nobody reads a chart in less than 2 seconds, a list, a quote or code in less than 1.5, or a text \
            in less than 1; more words need more. Those that take turns need that time each. Give the scene or the film more time, or \
            put fewer scenes into it.",
        wrong: "\
# treatment.md
## One (1 sec)

Visual: A hive

| Winter | Lost |
|--------|------|
| 2012   | 22%  |
| 2019   | 38%  |
",
        right: "\
# treatment.md
## One (4 sec)

Visual: A hive

| Winter | Lost |
|--------|------|
| 2012   | 22%  |
| 2019   | 38%  |
",
    },
    CodeExplanation {
        code: "production::treatment::text_too_long",
        severity: Severity::Warning,
        summary: "texts on screen are short",
        explanation: "A text of more than 90 characters, or a list of more than 6 points, is not \
            read, least of all on a phone. Let the voice say the rest, or divide the \
            scene.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.
Text: This is a very long text that nobody will ever be able to read on the small screen of a phone in a tram
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Text: Bees dance
",
    },
    CodeExplanation {
        code: "production::treatment::forbidden_effect",
        severity: Severity::Warning,
        summary: "effects suit the profile",
        explanation: "The profile of the film never has this effect, and it is left out. Choose \
            another profile, or an effect that suits it.",
        wrong: "\
# treatment.md
Profile: educational_explainer

## One

Narration: Bees dance.
Effect: lens flare
",
        right: "\
# treatment.md
Profile: educational_explainer

## One

Narration: Bees dance.
Effect: crossfade
",
    },
    CodeExplanation {
        code: "production::treatment::unknown_effect",
        severity: Severity::Info,
        summary: "effects are ones that a document can say",
        explanation: "Transitions, moves of the camera and motions of titles can be written in a \
            document. This effect is none of them, and is kept as a comment beside its \
            scene.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.
Effect: hologram
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Effect: slow pan
",
    },
    CodeExplanation {
        code: "production::treatment::pace",
        severity: Severity::Info,
        summary: "scenes change no faster than the profile has it",
        explanation: "There are far more scenes in the time than the profile is made for. That may \
            be what you want.",
        wrong: "\
# treatment.md
Duration: 2 sec

## One

Visual: A

## Two

Visual: B

## Three

Visual: C
",
        right: "\
# treatment.md
## One

Narration: Bees dance in the dark of the hive.
",
    },
    CodeExplanation {
        code: "production::treatment::no_whole",
        severity: Severity::Warning,
        summary: "the parts of a pie are a whole",
        explanation: "A pie shows shares of a whole: no part is negative, and percentages add up to 100. Drawn as a \
            pie, these would show shares that nobody wrote, so they are bars. Correct the numbers, add what is \
            missing as a part, or ask for bars.",
        wrong: "\
# treatment.md
## One

Narration: Who takes what.
Pie chart: Farm 10%, Trade 30%, Roast 60%, Shop 20%
",
        right: "\
# treatment.md
## One

Narration: Who takes what.
Pie chart: Farm 10%, Trade 20%, Roast 50%, Shop 20%
",
    },
    CodeExplanation {
        code: "production::treatment::no_font",
        severity: Severity::Warning,
        summary: "every letter that is shown has a font",
        explanation: "The font of the program has Latin, Greek and Cyrillic letters. For others `create` looks among the \
            fonts of the machine, and names those that have them under `fonts:` of the document. Here none has, so \
            the text is not shown. Install the font that the message names, and type the command again. What is \
            said is spoken and captioned all the same.",
        wrong: "\
# treatment.md
## One

Narration: Good evening.
Text: \u{591c}\u{306e}\u{5e02}\u{5834}
",
        right: "\
# treatment.md
## One

Narration: Good evening.
Text: Yoru no ichiba
",
    },
    CodeExplanation {
        code: "production::treatment::not_drawn",
        severity: Severity::Info,
        summary: "everything of a scene is seen or heard",
        explanation: "A logo, a sound that is not in the library, a character that the font of the \
            program lacks, or a row of a chart without a number is in the plan, and not in the \
            film. A number that is not written is never drawn.",
        wrong: "\
# treatment.md
## One

Narration: Bees dance.

Bar chart: Losses

| Winter | Lost |
|--------|------|
| 2007   | 32%  |
| 2012   | unknown |
",
        right: "\
# treatment.md
## One

Narration: Bees dance.
Bar chart: Losses: 2007 32%, 2012 22%
",
    },
];
