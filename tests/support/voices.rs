//! A program in place of `espeak-ng` that lists a few voices, as version 1.51 does.

/// A shell script that answers `--voices` and `--voices=variant`.
pub(crate) const ESPEAK_VOICES: &str = "\
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
