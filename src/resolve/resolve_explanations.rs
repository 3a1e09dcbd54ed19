//! Explanations of the diagnostic codes of `resolve`. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const RESOLVE_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::library::unknown_preset",
        severity: Severity::Error,
        summary: "every preset that is named exists",
        explanation: "Templates, styles, looks, locations, lenses, moves, outputs, palettes and \
            consoles are presets: built in, or in the folder `presets` beside the document. \
            `production library` lists them all.",
        wrong: "\
shots:
  - {name: wide, template: caracter_full, character: mara, location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    },
    CodeExplanation {
        code: "production::frames::bad_range",
        severity: Severity::Error,
        summary: "every frame range can be read and has frames",
        explanation: "Ranges are written `1001-1100`, both ends included, with `x` for a step as \
            in `1-100x2`, and commas between parts. The first frame comes first.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, frame_range: 48-1}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, frame_range: 1-48}
",
    },
    CodeExplanation {
        code: "production::value::out_of_range",
        severity: Severity::Error,
        summary: "every number is in the range of its field",
        explanation: "A number beyond the range would make a black picture, a lens that cannot \
            exist or a render that never ends. The message names the range.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, exposure: 30}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, exposure: 0.5}
",
    },
    CodeExplanation {
        code: "production::value::same_axis",
        severity: Severity::Error,
        summary: "the front of a model does not look upwards",
        explanation: "`up` names the axis of a model's file that is upwards, and `forward` the one \
            that its front looks along. They are two axes. Without `up`, y is upwards, as glTF has \
            it.",
        wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, up: z, forward: -z}
",
        right: "\
characters:
  - {name: mara, model: assets/mara.glb, up: z, forward: -y}
",
    },
    CodeExplanation {
        code: "production::value::bad_rate",
        severity: Severity::Error,
        summary: "every frame rate is a number from 1 to 240",
        explanation: "Rates are written `24`, `23.976` or exactly, as `24000/1001`.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: fast, path: out/film.mp4}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 24, path: out/film.mp4}
",
    },
    CodeExplanation {
        code: "production::value::unclear_rate",
        severity: Severity::Error,
        summary: "a decimal frame rate names one rate",
        explanation: "Broadcast rates are fractions: 23.976 and 23.98 are read as 24000/1001, 29.97 \
            as 30000/1001, and 47.95, 59.94, 119.88, 239.76 and 14.985 likewise. A decimal beside \
            one, such as 23.97 or 29.9, may be a slip for the fraction, or for a whole number. It \
            is not taken as it is, because such a film drifts from its sound. Write the fraction.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 23.97, path: out/film.mp4}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 24000/1001, path: out/film.mp4}
",
    },
    CodeExplanation {
        code: "production::value::bad_scene",
        severity: Severity::Error,
        summary: "every scene is named by its number",
        explanation: "The number of a scene is what the script writes between `#`: letters, digits, \
            dashes and full stops, such as `5`, `5A`, `A2` or `1-3`. Case and leading zeros do not \
            count. A scene without a number is counted: the next number, or `5A` after scene 5 if \
            there is a scene 6.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, scene: scene 1}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, scene: 1}
",
    },
    CodeExplanation {
        code: "production::value::bad_size",
        severity: Severity::Error,
        summary: "every picture size has a width and a height",
        explanation: "Sizes are written `1920x1080` or `[1920, 1080]`, in pixels, each side from 1 \
            to 16384.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, resolution: wide, path: out/film.mp4}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, resolution: 1920x1080, path: out/film.mp4}
",
    },
    CodeExplanation {
        code: "production::value::bad_duration",
        severity: Severity::Error,
        summary: "every duration is frames or seconds",
        explanation: "Durations are frames, such as `96`, or seconds with an `s`, such as `4s`; at \
            least one frame and at most a day.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: a while}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
",
    },
    CodeExplanation {
        code: "production::value::bad_facing",
        severity: Severity::Error,
        summary: "every facing is a direction",
        explanation: "`front` looks at the default camera, `partner` at the other in a shot of \
            two, and a number is degrees from the front, counter-clockwise from above: 90 looks to \
            screen right.",
        wrong: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara, facing: north}], location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara, facing: 70}], location: pier}
",
    },
    CodeExplanation {
        code: "production::value::bad_mark",
        severity: Severity::Error,
        summary: "every mark is a name or three numbers",
        explanation: "A mark is an empty node of the set, by name, or a place as `[x, y, z]` in \
            metres: to the right, up, towards the default camera.",
        wrong: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara, mark: [1, 2]}], location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, characters: [{name: mara, mark: [1, 0, 2]}], location: pier}
",
    },
    CodeExplanation {
        code: "production::value::mixed_environment",
        severity: Severity::Error,
        summary: "every environment is a sky or a studio, not both",
        explanation: "A `zenith` makes the surroundings a sky, a `backdrop` makes them a studio. \
            Only one can be behind the set.",
        wrong: "\
locations:
  - {name: pier, environment: {zenith: [0.2, 0.4, 0.8], backdrop: [0.5, 0.5, 0.5]}}
",
        right: "\
locations:
  - {name: pier, environment: {zenith: [0.2, 0.4, 0.8], horizon: [0.5, 0.5, 0.5]}}
",
    },
    CodeExplanation {
        code: "production::value::bad_colour",
        severity: Severity::Error,
        summary: "every colour is a name or six hexadecimal digits",
        explanation: "Colours of a palette are written `\"9bbc0f\"`, `\"#9bbc0f\"`, or by a name \
            of the web such as `olive`. In quotes, because `#` begins a comment.",
        wrong: "\
outputs:
  - {name: game, codec: png, resolution: 160x144, frame_rate: 24, retro: {palette: mine}, path: out/game}

# presets/palettes.yaml
mine:
  fixed: [black, olvie, \"#e0f8d0\"]
",
        right: "\
outputs:
  - {name: game, codec: png, resolution: 160x144, frame_rate: 24, retro: {palette: mine}, path: out/game}

# presets/palettes.yaml
mine:
  fixed: [black, olive, \"#e0f8d0\"]
",
    },
    CodeExplanation {
        code: "production::value::bad_budget",
        severity: Severity::Error,
        summary: "every budget has a number and a unit",
        explanation: "Time is written with `s`, `m`, `h` or `d`, such as `90m` or `8h`; disk space \
            with `MB`, `GB` or `TB`, such as `200GB`.",
        wrong: "\
budget: {time: overnight}
",
        right: "\
budget: {time: 8h}
",
    },
    CodeExplanation {
        code: "production::shots::not_a_list",
        severity: Severity::Error,
        summary: "shots are a list, or `auto`",
        explanation: "Shots are a list, or the word `auto`, which derives them from the script.",
        wrong: "\
shots: automatic

# script.fountain
EXT. PIER - DUSK

MARA waits. The water is high.
",
        right: "\
shots: auto

# script.fountain
EXT. PIER - DUSK

MARA waits. The water is high.
",
    },
    CodeExplanation {
        code: "production::shots::auto_without_script",
        severity: Severity::Error,
        summary: "shots are derived from a script that is there",
        explanation: "`shots: auto` derives shots from the script, and the production names none. \
            Add `script:` with a Fountain file, or write the shots.",
        wrong: "\
shots: auto
",
        right: "\
shots: auto

# script.fountain
EXT. PIER - DUSK

MARA waits. The water is high.
",
    },
    CodeExplanation {
        code: "production::shots::unknown_focus",
        severity: Severity::Error,
        summary: "a lens is sharp at the subject, at a character of the shot, or at a distance",
        explanation: "`focus` says where an opened lens is sharp: `subject`, a character of the \
            shot by name, or metres from the camera.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, focus: marra}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, focus: mara}
",
    },
    CodeExplanation {
        code: "production::provider::bad_placeholder",
        severity: Severity::Error,
        summary: "every placeholder of a provider stands for something",
        explanation: "In the words of a provider's command, names between braces stand for values: \
            `{frame}`, `{output}`, `{input.set}`, `{file.scene}` for what is named under `files`. \
            A brace itself is written twice. The page on renderers lists them all.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{frme}', '{output}'], output: frame.####.exr}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{frame}', '{output}'], output: frame.####.exr}
",
    },
    CodeExplanation {
        code: "production::provider::bad_output",
        severity: Severity::Error,
        summary: "a provider's output is a file name with a place for the frame",
        explanation: "A command writes its pictures into a folder of its own, one file a frame. \
            `output` is the name of those files, with `####`, `@@@@`, `%04d` or `$F4` for the \
            frame number, and without folders.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.exr}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr}
",
    },
    CodeExplanation {
        code: "production::provider::bad_written_name",
        severity: Severity::Error,
        summary: "what a provider writes are plain files in the folder of its job",
        explanation: "The names under `writes` are files that are written before each call, in the \
            folder in which the command runs. A folder in a name could lead out of it. \
            `scene.json` is the file with the scene.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, writes: {../camera.inc: '{camera.eye}'}}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, writes: {camera.inc: '{camera.eye}'}}
",
    },
    CodeExplanation {
        code: "production::provider::bad_success",
        severity: Severity::Error,
        summary: "a provider's `success` names exit codes and signals",
        explanation: "A command succeeds with the exit code 0, or with the codes under `success`. \
            A renderer that crashes while it cleans up, after every picture is written, is ended by \
            a signal: name it, such as `SIGSEGV`. Pictures are checked in any case.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, success: [0, crash]}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, success: [0, SIGSEGV]}
",
    },
    CodeExplanation {
        code: "production::provider::bad_pattern",
        severity: Severity::Error,
        summary: "a provider's patterns are regular expressions",
        explanation: "Regular expressions find the progress, the warnings and the failures in what \
            a command prints. One that cannot be read would never match, and a shortage of \
            licences would be taken for a crash.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, progress: '(?<percent>[0-9'}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, progress: '(?<percent>[0-9]+)%'}
",
    },
    CodeExplanation {
        code: "production::provider::bad_price",
        severity: Severity::Error,
        summary: "a provider's price is an amount of a currency",
        explanation: "Where a provider has a price, estimates, reports and metrics show what a run \
            costs. `amount` is charged `per: frame`, for each picture, or `per: hour`, for each \
            hour that a job runs; `currency` is the three capital letters of ISO 4217. A price is \
            not part of the pictures: when it changes, nothing is rendered again.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, price: {amount: 0.04, currency: euros}}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{output}'], output: frame.####.exr, price: {amount: 0.04, currency: EUR}}
",
    },
    CodeExplanation {
        code: "production::provider::incomplete",
        severity: Severity::Error,
        summary: "a provider says how it is called and where its pictures are",
        explanation: "A renderer that is a command needs at least two things: `command`, the \
            program and its arguments word by word, and `output`, the name of the pictures that it \
            leaves.",
        wrong: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{frame}']}
",
        right: "\
render_settings: {engine: sketch}
# presets/providers.yaml
sketch: {command: [sketch, '{frame}'], output: frame.####.exr}
",
    },
    CodeExplanation {
        code: "production::footage::not_a_path",
        severity: Severity::Error,
        summary: "the footage of a shot is a path",
        explanation: "`frames` names pictures or a film that the shot shows. The number of \
            frames is `duration`, and their numbers are `frame_range`.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, frames: 96}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 96}
",
    },
    CodeExplanation {
        code: "production::footage::no_effect",
        severity: Severity::Warning,
        summary: "fields beside footage have an effect on it",
        explanation: "A shot with `frames` shows pictures that exist already. Nothing is drawn \
            for it, so fields of camera, light, staging and renderer change nothing, and neither \
            does a template, unless it says how long a still is held. `scene`, `location`, \
            `description` and the names of characters are kept for lists, lines and ambience. \
            With composed music, `size`, `move`, `speed` and the template count: music follows \
            them. A film has a rate of its own, and a still has no `start`. Fields of `defaults`, \
            and of a shot whose take alone has `frames`, are not reported.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png, lens: 85}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    },
    CodeExplanation {
        code: "production::outputs::unfit_encoding",
        severity: Severity::Error,
        summary: "the encoding of an output fits its codec",
        explanation: "`h264` and `h265` have `crf` or `bit_rate`. Films have profiles, \
            each with its pixel formats: `docs/document.md` has the table. Pictures have none of \
            these.",
        wrong: "\
outputs:
  - {name: film, codec: prores_422, profile: proxi, resolution: 1920x1080, frame_rate: 24, path: out/film.mov}
",
        right: "\
outputs:
  - {name: film, codec: prores_422, profile: proxy, resolution: 1920x1080, frame_rate: 24, path: out/film.mov}
",
    },
    CodeExplanation {
        code: "production::outputs::unknown_shot",
        severity: Severity::Error,
        summary: "every shot that an output chooses exists",
        explanation: "`shots` of an output has names, patterns such as `sh01*`, ranges of \
            names such as `sh010..sh040`, and scenes such as `scene_3` and `scenes_2_5`. An empty \
            list shows no shot; without `shots`, an output shows all.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4, shots: wild}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4, shots: wide}
",
    },
    CodeExplanation {
        code: "production::outputs::no_value",
        severity: Severity::Error,
        summary: "everything in the path of an output has a value",
        explanation: "`${version}` in a path is the `version` of the production, which is \
            not written. Write it, or leave it out of the path.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: \"out/film_${version}.mp4\"}
",
        right: "\
version: '2'
outputs:
  - {name: film, format: streaming_1080p, path: \"out/film_${version}.mp4\"}
",
    },
    CodeExplanation {
        code: "production::shots::unknown_take",
        severity: Severity::Error,
        summary: "the take that a shot names exists",
        explanation: "`take` chooses one of the `takes` of the shot by its name. Without \
            it, the last one is shown.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, takes: {a: {lens: 35}}, take: b}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, takes: {a: {lens: 35}}, take: a}
",
    },
    CodeExplanation {
        code: "production::style::unknown_era",
        severity: Severity::Warning,
        summary: "the era of a style is one of the library",
        explanation: "An era changes the grade. This one is in no list, so it changes \
            nothing: `production library eras` has those that do. Add your own to \
            `presets/eras.yaml`.",
        wrong: "\
style: {preset: cinematic, era: bronze_age}
",
        right: "\
style: {preset: cinematic, era: period}
",
    },
    CodeExplanation {
        code: "production::style::unknown_mood",
        severity: Severity::Warning,
        summary: "the mood of a style is one of the library",
        explanation: "A mood changes the grade. This one is in no list, so it changes \
            nothing: `production library moods` has those that do. Add your own to \
            `presets/moods.yaml`.",
        wrong: "\
style: {preset: cinematic, mood: grumpy}
",
        right: "\
style: {preset: cinematic, mood: suspenseful}
",
    },
    CodeExplanation {
        code: "production::meta::bad_date",
        severity: Severity::Warning,
        summary: "dates are dates, and a change is not before the creation",
        explanation: "`created` and `modified` are written like `2026-01-31`, with or \
            without a time behind the day. Other texts cannot be sorted or compared.",
        wrong: "\
created: yesterday
",
        right: "\
created: 2026-01-31
",
    },
    CodeExplanation {
        code: "production::limits::unknown_kind",
        severity: Severity::Error,
        summary: "limits are of kinds of work that exist",
        explanation: "The keys of `limits` are kinds of work, as `production plan` shows \
            them: `render.shot`, `export.encode` and so on.",
        wrong: "\
limits:
  render.shots: {retries: 3}
",
        right: "\
limits:
  render.shot: {retries: 3}
",
    },
    CodeExplanation {
        code: "production::value::bad_limit",
        severity: Severity::Error,
        summary: "a limit is a number with its unit",
        explanation: "Times of limits are written `90s`, `30m` or `2h`, and memory `800MB` \
            or `16GB`. A number alone could be minutes or hours.",
        wrong: "\
limits:
  render.shot: {time: 30}
",
        right: "\
limits:
  render.shot: {time: 30m}
",
    },
    CodeExplanation {
        code: "production::workers::process_backend",
        severity: Severity::Error,
        summary: "workers of one machine are threads",
        explanation: "Each worker is a thread that does one job. What may crash or fill \
            the memory is a process of its own already: Blender, renderers that are commands, \
            and ffmpeg. So a process for each worker would protect nothing more, and cost its \
            start for every job. On a farm, every job is a process.",
        wrong: "\
workers: {count: 4, backend: process}
",
        right: "\
workers: {count: 4, backend: thread}
",
    },
];
