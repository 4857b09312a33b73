using System.Collections.Immutable;
using Etl.Host.Commands;

namespace Etl.Host.Screen;

/// <summary>How a run's inputs are said on the screen.</summary>
internal static class InputNames
{
    // A title is a line or two; run.json names them all.
    private const int MaxShown = 3;

    /// <summary>The names, the first ones of many; none is the bundled edition.</summary>
    public static IEnumerable<string> Of(ImmutableArray<string> inputs)
    {
        if (inputs.IsDefaultOrEmpty) return ["the bundled edition"];
        var shown = inputs.Take(MaxShown).Select(name => name == InputFiles.Standard ? "standard input" : Wording.Name(name));
        return inputs.Length > MaxShown ? shown.Append($"and {Wording.Number(inputs.Length - MaxShown)} more") : shown;
    }

    /// <summary>The command that reads the same inputs; of many files, the place where they stood.</summary>
    public static string Command(ImmutableArray<string> inputs)
    {
        if (inputs.IsDefaultOrEmpty) return "etl run";
        return "etl run " + (inputs.Length > MaxShown ? "..." : string.Join(' ', inputs.Select(Wording.Shell)));
    }
}
