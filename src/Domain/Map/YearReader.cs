using Etl.Domain.Countries;

namespace Etl.Domain.Map;

/// <summary>Reads the year that a page prints beside a figure. Pure, never throws.</summary>
public static class YearReader
{
    /// <summary>The years that are taken for one.</summary>
    internal const int First = 1900, Last = 2100;

    private const int MaximumLength = 200;

    /// <summary>The one year of 1900 to 2100 that the text holds beside footnotes and spaces; null for anything else.</summary>
    public static int? Read(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumLength)
            return null;
        Span<char> buffer = stackalloc char[MaximumLength];
        var length = 0;
        foreach (var character in text)
        {
            if (!TextMarks.IsInvisible(character))
                buffer[length++] = character;
        }

        return Plausible(TextMarks.StripNotes(buffer[..length], out _));
    }

    /// <summary>Exactly four digits that are a year of 1900 to 2100.</summary>
    internal static int? Plausible(ReadOnlySpan<char> digits)
    {
        if (digits.Length != 4 || digits.ContainsAnyExceptInRange('0', '9'))
            return null;
        var year = 0;
        foreach (var digit in digits)
            year = (year * 10) + (digit - '0');
        return year is >= First and <= Last ? year : null;
    }
}
