#compdef production
# Completion of `production` for zsh. Put it as `_production` into a folder of your fpath, or load it with:
#   source <(production completions zsh)
_production() {
    local line
    local -a values
    for line in "${(@f)$("${words[1]/#\~/$HOME}" complete $((CURRENT - 2)) -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
            ('') ;;
            (:files) _files; return ;;
            (:folders) _files -/; return ;;
            (*) values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    _describe production values
}
if [[ "${funcstack[1]}" = _production ]]; then
    _production "$@"
else
    compdef _production production
fi
