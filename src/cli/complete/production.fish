# Completion of `production` for fish. Load it with:  production completions fish | source
function __production_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (string replace -r '^~' $HOME $words[1] | read -l program; and $program complete (math (count $words) - 1) -- $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case ''
        case ':files' ':folders'
            __fish_complete_path "$current"
        case '*'
            printf '%s\n' $lines
    end
end
complete -c production -f -a '(__production_complete)'
