//! Arguments of the commands to find, create and write productions: list, create, library, schema.

use super::ResultFormat;
use super::production_args::parse_parallel;
use crate::model::machine_profile::JobParallelism;
use clap::Args as Group;
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The state is that of the last run: running, paused, stopping, done, failed,
interrupted or never. What documents contain is remembered until they change.
Hidden folders, stores and symbolic links are skipped.

Examples:
  production list                     below this folder
  production list ~/films             below another
  production list --watch             until interrupted
  production list --format json | jq -r '.[] | select(.state == \"failed\") | .path'")]
pub(in crate::cli) struct ListArgs {
    /// Folder to search
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
    /// Show them again and again, until interrupted
    #[arg(long, short = 'w')]
    pub(in crate::cli) watch: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production create my_film                 a film that runs as it is
  production create spin -t product_spin    from another template
  production create --list-templates        the templates
  production create -i                      answer questions instead
  production create two --from my_film      a copy to change
  production create ad --prompt '15s sneakers energetic urban'
                                            an ad, planned from words
  production create ad --prompt '30s luxury watch' --dry-run
                                            only the plan
  production create bees --from bees.md     a film from a treatment
  production create --from bees.md --dry-run --format json
                                            only its plan, as JSON
  production create a --title 'No: \"x\"'     any title is quoted")]
pub(in crate::cli) struct CreateArgs {
    /// Name of the production, and of its folder
    #[arg(value_name = "NAME", required_unless_present_any = ["list_templates", "interactive", "dry_run"])]
    pub(in crate::cli) name: Option<String>,
    /// Template to start from; see --list-templates
    #[arg(
        long,
        short = 't',
        value_name = "TEMPLATE",
        default_value = "short_film"
    )]
    pub(in crate::cli) template: String,
    /// Start from a production, of which document, script, presets and assets are copied; from a
    /// treatment in Markdown (.md) or plain text (.txt); or from a script (.fountain, .fdx)
    #[arg(long, value_name = "PRODUCTION|FILE", conflicts_with = "template")]
    pub(in crate::cli) from: Option<PathBuf>,
    /// Plan an ad from these words: product, length, look, a line in quotes for the narrator
    #[arg(
        long,
        value_name = "WORDS",
        group = "words",
        conflicts_with_all = ["template", "from", "interactive", "prompt_file"],
        help_heading = "Ads"
    )]
    pub(in crate::cli) prompt: Option<String>,
    /// Read these words from a file; `-` is the standard input
    #[arg(
        long,
        value_name = "FILE",
        group = "words",
        conflicts_with_all = ["template", "from", "interactive"],
        help_heading = "Ads"
    )]
    pub(in crate::cli) prompt_file: Option<PathBuf>,
    /// Length of the ad, such as `30s`, in place of the one in the words
    #[arg(long, value_name = "SECONDS", requires = "words", help_heading = "Ads")]
    pub(in crate::cli) duration: Option<String>,
    /// From 0, the usual beats of the archetype, to 1, any that fit (default: 0.5, or
    /// BEAT_COMPOSITION_CREATIVITY)
    #[arg(long, value_name = "SHARE", requires = "words", help_heading = "Ads")]
    pub(in crate::cli) creativity: Option<f32>,
    /// Choose another of the plans that are about as good, and other music (default: 0)
    #[arg(long, value_name = "NUMBER", help_heading = "Ads")]
    pub(in crate::cli) seed: Option<u64>,
    /// Model of the product, in place of a built-in one
    #[arg(
        long,
        value_name = "FILE.glb",
        requires = "words",
        help_heading = "Ads"
    )]
    pub(in crate::cli) product: Option<PathBuf>,
    /// Logo for the end card: PNG, JPEG, or a model
    #[arg(long, value_name = "FILE", requires = "words", help_heading = "Ads")]
    pub(in crate::cli) logo: Option<PathBuf>,
    /// Print the plan of the ad or of the treatment and write nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
    /// Create the film also if little is left of the treatment
    #[arg(long, requires = "from")]
    pub(in crate::cli) accept_degraded: bool,
    /// Title (default: the name in words)
    #[arg(long, value_name = "TITLE")]
    pub(in crate::cli) title: Option<String>,
    /// Author
    #[arg(long, value_name = "AUTHOR")]
    pub(in crate::cli) author: Option<String>,
    /// Ask for name, template, title, author, frame rate and outputs; an empty answer takes the
    /// value in brackets
    #[arg(long, short = 'i')]
    pub(in crate::cli) interactive: bool,
    /// Folder to create it in
    #[arg(long, short = 'o', value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) output: PathBuf,
    /// List the templates and stop
    #[arg(long)]
    pub(in crate::cli) list_templates: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production library                   the kinds, and what each has
  production library shots             every shot template
  production library shots hero_cu     one template, as YAML to copy
  production library shots hero_cu >> presets/shots.yaml
                                       begin one of your own from it
  production library effects           names for `effects` of a shot; also ambience, rooms
  production library voices            what the installed speech engines have
  production library beats --stills pictures
                                       a picture of each beat; also archetypes
  production library outputs --folder my_film
                                       with my_film/presets/outputs.yaml")]
pub(in crate::cli) struct LibraryArgs {
    /// Kind of presets, such as `shots` or `effects` (default: all kinds)
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: Option<String>,
    /// One preset of that kind, shown in full
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// Folder whose `presets/` are added
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
    /// Draw a picture of every beat or archetype, or of the one named, into this folder
    #[arg(long, value_name = "FOLDER", requires = "kind")]
    pub(in crate::cli) stills: Option<PathBuf>,
    /// Draw so many pictures at a time, or `auto` (default: that of the machine's profile, else 4)
    #[arg(long, short = 'j', value_name = "N", requires = "stills", value_parser = parse_parallel)]
    pub(in crate::cli) parallel: Option<JobParallelism>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Editors with a YAML language server read the first line of a file:
  # yaml-language-server: $schema=./production.schema.json

Examples:
  production schema                    print the schema of a document
  production schema -o my_film/production.schema.json
                                       write it beside a document
  production schema part -o my_film/part.schema.json
                                       for files that a document includes
  production schema shots -o my_film/presets/shots.schema.json
                                       for shot templates of your own")]
pub(in crate::cli) struct SchemaArgs {
    // The field has another name, because `of` says nothing in the code. Completion finds the
    // values by the id.
    /// What the schema describes: `document`, `part` (a file that a document includes), or a kind
    /// of presets such as `shots`
    #[arg(value_name = "OF", default_value = "document")]
    #[arg(id = "of")]
    pub(in crate::cli) subject: String,
    /// Write to this file instead of standard output
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Folder whose `presets/` are added
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
}
