namespace Etl.Domain.Extract;

/// <summary>What a cell looks like, which tells headers from data. It never reads a number: that is the mapper's.</summary>
internal static class CellKind
{
    // A text without digits that is longer than this is a remark, not a mark for "no estimate".
    private const int LongestMissingMark = 12;

    /// <summary>Mostly digits, and not just a year or a range of years ("2025", "2025 est.").</summary>
    public static bool LooksNumeric(string text)
    {
        var (digits, letters) = Count(text);
        return digits > 0 && digits >= letters && YearsOf(text, strict: true).Count == 0 && BeginsLikeNumber(text);
    }

    /// <summary>Nothing, a dash, "N/A" or the like: no digits and short.</summary>
    public static bool LooksMissing(string text) => text.Length <= LongestMissingMark && Count(text).Digits == 0;

    /// <summary>Only years: "2025", "2024–25", "(2023)".</summary>
    public static bool LooksLikeYears(string text) => Count(text).Letters == 0 && YearsOf(text, strict: true).Count > 0;

    /// <summary>The one year that a header names, null when it names none or several.</summary>
    public static int? OnlyYear(string? text)
    {
        var years = YearsOf(text ?? "", strict: false);
        return years.Count == 1 ? years[0] : null;
    }

    /// <summary>The digit groups that are years; in strict reading nothing when a group is no year.</summary>
    private static List<int> YearsOf(string text, bool strict)
    {
        var years = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                continue;
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
                i++;
            var group = text.AsSpan(start, i - start);
            var joined = (start > 0 && text[start - 1] is ',' or '.') || (i + 1 < text.Length && text[i] is ',' or '.' && char.IsAsciiDigit(text[i + 1]));
            if (group.Length == 4 && !joined && int.Parse(group, System.Globalization.CultureInfo.InvariantCulture) is >= 1900 and <= 2100 and var year)
            {
                if (!years.Contains(year))
                    years.Add(year);
            }
            else if (strict && !(group.Length == 2 && years.Count > 0))
                return [];
            else if (group.Length == 2 && years.Count > 0 && start > 0 && text[start - 1] is '–' or '-' or '/')
                years.Add(-1); // the short end of a range, "2024–25": several years
        }

        return years;
    }

    /// <summary>No word stands before the digits, except that of US dollars: "US$ 1,234" is a number, "Top 100" is not.</summary>
    private static bool BeginsLikeNumber(string text)
    {
        var before = text.AsSpan(0, text.AsSpan().IndexOfAnyInRange('0', '9'));
        var letters = 0;
        foreach (var c in before)
            letters += char.IsLetter(c) ? 1 : 0;
        return letters == 0 || (letters <= 3 && before.TrimStart().StartsWith("US", StringComparison.OrdinalIgnoreCase));
    }

    private static (int Digits, int Letters) Count(string text)
    {
        var (digits, letters) = (0, 0);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (char.IsLetter(c)) letters++;
        }

        return (digits, letters);
    }
}
