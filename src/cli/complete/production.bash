# Completion of `production` for bash. Load it with:  source <(production completions bash)
_production() {
    local IFS=$'\n' line current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]/#\~/$HOME}
    COMPREPLY=()
    for line in $("$program" complete "$((COMP_CWORD - 1))" --breaks "$COMP_WORDBREAKS" -- "${COMP_WORDS[@]:1}" 2>/dev/null); do
        case $line in
            :files)
                compopt -o filenames 2>/dev/null
                COMPREPLY=($(compgen -f -- "$current"))
                ;;
            :folders)
                compopt -o filenames 2>/dev/null
                COMPREPLY=($(compgen -d -- "$current"))
                ;;
            *)
                line=${line%%$'\t'*}
                case $line in *[!A-Za-z0-9_.,:=/@+-]*) line=$(printf %q "$line") ;; esac
                COMPREPLY+=("$line")
                ;;
        esac
    done
}
complete -F _production production
