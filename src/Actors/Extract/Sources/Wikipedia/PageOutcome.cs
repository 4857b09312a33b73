using Etl.Domain.Extract;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>What reading a content as a page gave. Closed.</summary>
public abstract record PageOutcome
{
    private PageOutcome() { }

    /// <summary>It is a page with tables.</summary>
    public sealed record Page(PageOutline Outline) : PageOutcome;

    /// <summary>It is none, or must not be parsed.</summary>
    /// <param name="Seen">What it looks like.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Refused(string Seen, string Remedy) : PageOutcome;
}
