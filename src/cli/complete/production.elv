# Completion of `production` for elvish. Put into rc.elv:  eval (production completions elvish | slurp)
use str
set edit:completion:arg-completer[production] = {|@words|
    var index = (- (count $words) 2)
    for line [(try { (external $words[0]) complete $index -- (all $words[1..]) 2>/dev/null | from-lines } catch { })] {
        if (or (==s $line ':files') (==s $line ':folders')) {
            edit:complete-filename $words[-1]
        } else {
            var parts = [(str:split "\t" $line)]
            edit:complex-candidate $parts[0] &display=$parts[0]'  '$parts[1]
        }
    }
}
