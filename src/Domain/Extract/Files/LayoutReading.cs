using Etl.Domain.Map;

namespace Etl.Domain.Extract.Files;

/// <summary>What the first bytes of a file told. Closed.</summary>
public abstract record LayoutReading
{
    private LayoutReading() { }

    /// <summary>Where everything is that is asked for.</summary>
    /// <param name="Warnings">For people; part of the answer's warnings.</param>
    public sealed record Chosen(FileLayout Layout, Unit Unit, EquatableArray<string> Warnings) : LayoutReading;

    /// <summary>The file cannot be read, or not without being told more.</summary>
    /// <param name="ExitCode">2: an option is missing or wrong. 1: the file itself is at fault.</param>
    /// <param name="Text">One paragraph without the file's name: what was looked for, what was seen, what to do.</param>
    public sealed record Refused(int ExitCode, string Text) : LayoutReading;
}
