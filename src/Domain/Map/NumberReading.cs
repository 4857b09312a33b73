namespace Etl.Domain.Map;

/// <summary>What stood beside a figure and was left out of it.</summary>
[Flags]
public enum NumberNote
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A footnote: [12], [n 1], †, *.</summary>
    Footnote = 1,

    /// <summary>A hidden sort key: digits that end in ♠.</summary>
    SortKey = 2,

    /// <summary>A year of its own in parentheses; the caller warns.</summary>
    OwnYear = 4,

    /// <summary>A figure beside a missing marker, 77,460/Na: the caller warns "not a number, taken as missing".</summary>
    NotANumber = 8,
}

/// <summary>What a cell of a source says about an amount. Closed; equal texts give equal readings on any machine.</summary>
public abstract record NumberReading
{
    private NumberReading() { }

    /// <summary>An amount.</summary>
    /// <param name="Amount">The exact amount.</param>
    /// <param name="Year">The year that stands in the cell itself, null when there is none.</param>
    /// <param name="Rounded">Digits finer than 10^-12 USD were rounded half to even.</param>
    /// <param name="Notes">What was left out.</param>
    public sealed record Value(Money Amount, int? Year, bool Rounded, NumberNote Notes) : NumberReading;

    /// <summary>The source has no figure. This is never 0.</summary>
    /// <param name="Notes">What was left out; <see cref="NumberNote.NotANumber"/> wants a warning.</param>
    public sealed record Missing(NumberNote Notes) : NumberReading;

    /// <summary>The cell holds something that is no figure: the row is quarantined.</summary>
    /// <param name="Reason">One of <see cref="NumberReasons"/>.</param>
    public sealed record Malformed(string Reason) : NumberReading;
}
