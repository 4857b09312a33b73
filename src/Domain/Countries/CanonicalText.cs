using System.Text;

namespace Etl.Domain.Countries;

/// <summary>
/// Unicode normalisation form C. The runtime's <see cref="string.Normalize()"/> silently returns its input when
/// InvariantGlobalization is set, in the build or by the environment; an answer must depend on neither.
/// </summary>
public static class CanonicalText
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailBefore = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TrailCount;

    /// <summary>The text in form C; the same instance when nothing changes. Lone surrogates are kept as they are.</summary>
    public static string Compose(string text)
    {
        if (!NeedsWork(text))
            return text;

        var parts = new List<int>(text.Length + 8);
        for (var index = 0; index < text.Length; index++)
        {
            var point = (int)text[index];
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                point = char.ConvertToUtf32(text[index], text[++index]);
            Decompose(point, parts);
        }

        Order(parts);
        Join(parts);
        return Write(parts, text);
    }

    /// <summary>False for Latin-1, Latin Extended and common punctuation, so that the tables are loaded only when something can change.</summary>
    private static bool NeedsWork(string text)
    {
        foreach (var character in text)
        {
            if (character >= '\u0300' && character is not (>= '\u2002' and <= '\u20CF'))
                return true;
        }

        return false;
    }

    private static void Decompose(int point, List<int> parts)
    {
        var tables = CanonicalTables.Instance;
        if (point - HangulFirst is var syllable and >= 0 and < HangulCount)
        {
            parts.Add(LeadFirst + (syllable / (VowelCount * TrailCount)));
            parts.Add(VowelFirst + (syllable / TrailCount % VowelCount));
            if (syllable % TrailCount != 0)
                parts.Add(TrailBefore + (syllable % TrailCount));
        }
        else if (tables.Parts.TryGetValue(point, out var pair))
        {
            Decompose(pair.First, parts);
            if (pair.Second != 0)
                Decompose(pair.Second, parts);
        }
        else
        {
            parts.Add(point);
        }
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order of equals.</summary>
    private static void Order(List<int> parts)
    {
        var classes = CanonicalTables.Instance;
        for (var start = 0; start < parts.Count; start++)
        {
            if (classes.ClassOf(parts[start]) == 0)
                continue;
            var end = start + 1;
            while (end < parts.Count && classes.ClassOf(parts[end]) != 0)
                end++;
            if (end - start > 1)
            {
                // A stable sort, not exchanges of neighbours: a text can be all accents.
                var run = parts.GetRange(start, end - start).OrderBy(classes.ClassOf).ToList();
                for (var index = 0; index < run.Count; index++)
                    parts[start + index] = run[index];
            }

            start = end;
        }
    }

    /// <summary>Puts together what has a composed form; a mark joins its starter unless one of its own class stands between.</summary>
    private static void Join(List<int> parts)
    {
        var tables = CanonicalTables.Instance;
        var starter = -1;
        var kept = 0;
        var lastClass = -1;
        for (var index = 0; index < parts.Count; index++)
        {
            var point = parts[index];
            var pointClass = tables.ClassOf(point);
            if (starter >= 0 && lastClass < pointClass && Pair(parts[starter], point) is var joined and not 0)
            {
                parts[starter] = joined;
                continue;
            }

            if (pointClass == 0)
            {
                starter = kept;
                lastClass = -1;
            }
            else
            {
                lastClass = pointClass;
            }

            parts[kept++] = point;
        }

        parts.RemoveRange(kept, parts.Count - kept);
    }

    private static int Pair(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < LeadCount && second - VowelFirst is >= 0 and < VowelCount)
            return HangulFirst + ((((first - LeadFirst) * VowelCount) + (second - VowelFirst)) * TrailCount);
        if (first - HangulFirst is >= 0 and < HangulCount && (first - HangulFirst) % TrailCount == 0
            && second - TrailBefore is > 0 and < TrailCount)
            return first + (second - TrailBefore);
        return CanonicalTables.Instance.Composed.GetValueOrDefault((first, second));
    }

    private static string Write(List<int> parts, string original)
    {
        var text = new StringBuilder(parts.Count + 8);
        foreach (var point in parts)
        {
            if (point < 0x10000)
                text.Append((char)point);
            else
                text.Append(char.ConvertFromUtf32(point));
        }

        return text.Equals(original) ? original : text.ToString();
    }
}
