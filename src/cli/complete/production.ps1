# Completion of `production` for PowerShell. Put into $PROFILE:
#   production completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName production -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    $rest = @($words | Select-Object -Skip 1)
    # An empty word cannot be handed to a program everywhere; the index tells that it is there.
    $index = if ($wordToComplete -eq '') { $rest.Count } else { $rest.Count - 1 }
    & $words[0] complete $index -- @rest 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if ($value -ne ':files' -and $value -ne ':folders') {
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}
