//! Programs in place of tools. Speech engines among them list a few voices: `espeak-ng` as version
//! 1.51 does, and the Python of `piper` as it is asked.

use std::path::Path;

/// A shell script that answers `--voices` and `--voices=variant`.
const ESPEAK_VOICES: &str = "\
#!/bin/sh
echo 'Pty Language       Age/Gender VoiceName          File                 Other Languages'
case \"$1\" in
--voices=variant)
    echo ' 5  variant         --/F      female3            !v/f3'
    echo ' 5  variant         --/M      male3              !v/m3' ;;
*)
    echo ' 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)'
    echo ' 5  de              --/M      German             gmw/de' ;;
esac
";

/// A shell script that prints the version of piper-tts, and a voice of a package.
const PIPER_VOICES: &str = "\
#!/bin/sh
echo 1.8.0
printf '\\t/packages/joe/en_US-joe-medium.onnx\\n'
";

/// Writes a program that can be found in `folder`. It does nothing, unless it is a speech engine or
/// its Python.
pub(crate) fn write_tool(folder: &Path, name: &str) {
    let text = match name {
        "espeak-ng" => ESPEAK_VOICES.to_owned(),
        "python3" => PIPER_VOICES.to_owned(),
        // The program is a script of this Python, which is asked in its place.
        "piper" => format!("#!{}\n", folder.join("python3").display()),
        _ => String::new(),
    };
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}
