using Etl.Domain.Countries;

namespace Etl.Domain.Map;

/// <summary>Reads an amount of US dollars as sources print it. Pure, linear in the text's length, never throws.</summary>
public static class NumberReader
{
    private const int MaximumLength = 200;

    private static readonly string[] MissingWords = ["n/a", "na", "no data", "..", "...", "…", "not available"];

    /// <summary>What the text says, taken in the given unit.</summary>
    public static NumberReading Read(ReadOnlySpan<char> text, Unit unit)
    {
        if (text.Length > MaximumLength)
            return Refusal.For(NumberReasons.TooLong);

        Span<char> buffer = stackalloc char[MaximumLength];
        var notes = NumberNote.None;
        var rest = StripNotes(Plain(text, buffer), ref notes);
        rest = StripNotes(StripSortKey(rest, ref notes), ref notes);
        rest = StripYear(rest, ref notes, out var year);

        if (rest.IsEmpty && year is not null)
            return Refusal.For(NumberReasons.NotANumber);
        if (IsMissing(rest))
            return new NumberReading.Missing(notes);
        if (IsNumberBesideMissing(rest))
            return new NumberReading.Missing(notes | NumberNote.NotANumber);

        return DecimalText.TryRead(rest, Units.PicoExponent(unit), out var amount, out var rounded) is { } reason
            ? Refusal.For(reason)
            : new NumberReading.Value(new Money(amount), year, rounded, notes);
    }

    /// <summary>Every kind of space as one kind, every kind of dash as one, nothing invisible.</summary>
    private static ReadOnlySpan<char> Plain(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var length = 0;
        foreach (var character in text)
        {
            if (!TextMarks.IsInvisible(character))
                buffer[length++] = char.IsWhiteSpace(character) ? ' ' : IsDash(character) ? '-' : character;
        }

        return buffer[..length];
    }

    private static bool IsDash(char character) => character is >= '\u2010' and <= '\u2015' or '\u2212';

    private static ReadOnlySpan<char> StripNotes(ReadOnlySpan<char> text, ref NumberNote notes)
    {
        var rest = TextMarks.StripNotes(text, out var any);
        if (any)
            notes |= NumberNote.Footnote;
        return rest;
    }

    private static ReadOnlySpan<char> StripSortKey(ReadOnlySpan<char> text, ref NumberNote notes)
    {
        var end = text.IndexOf('♠');
        if (end <= 0 || text[..end].ContainsAnyExceptInRange('0', '9'))
            return text;
        notes |= NumberNote.SortKey;
        return text[(end + 1)..];
    }

    private static ReadOnlySpan<char> StripYear(ReadOnlySpan<char> text, ref NumberNote notes, out int? year)
    {
        year = null;
        if (text.Length < 6 || text[^1] != ')' || text[^6] != '(' || YearReader.Plausible(text[^5..^1]) is not { } found)
            return text;
        year = found;
        notes |= NumberNote.OwnYear;
        return StripNotes(text[..^6], ref notes);
    }

    private static bool IsMissing(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text is "-")
            return true;
        foreach (var word in MissingWords)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Some page has 77,460/Na: whoever wrote it took the figure back, so the row has no estimate.</summary>
    private static bool IsNumberBesideMissing(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        if (slash <= 0)
            return false;
        var figure = text[..slash].TrimEnd();
        var marker = text[(slash + 1)..].TrimStart();
        return figure.ContainsAnyInRange('0', '9')
            && !figure.ContainsAnyExcept("0123456789,. ")
            && (marker.Equals("na", StringComparison.OrdinalIgnoreCase) || marker.Equals("n/a", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>One refusal object for each reason: a bad file must not cost an allocation for every row.</summary>
    private static class Refusal
    {
        private static readonly Dictionary<string, NumberReading> All = new[]
        {
            NumberReasons.NotANumber, NumberReasons.TooLong, NumberReasons.Grouping, NumberReasons.DecimalPoints,
            NumberReasons.TooManyDigits, NumberReasons.Exponent, NumberReasons.Negative, NumberReasons.Absurd,
        }.ToDictionary(static reason => reason, static NumberReading (reason) => new NumberReading.Malformed(reason));

        public static NumberReading For(string reason) => All[reason];
    }
}
