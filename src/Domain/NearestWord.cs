namespace Etl.Domain;

/// <summary>Finds the word that somebody probably meant. Only for "did you mean" in errors, never to decide anything.</summary>
public static class NearestWord
{
    // Longer texts are sentences or garbage: a suggestion would not help and the comparison is quadratic in the length.
    private const int MaximumLength = 64;

    /// <summary>The nearest of the words by Damerau-Levenshtein distance, ignoring case; null when nothing is near.</summary>
    /// <remarks>Near means at most one edit per three characters, and at least one. Ties go to the ordinally first word.</remarks>
    public static string? Find(string word, IEnumerable<string> words)
    {
        var sought = word.Trim().ToLowerInvariant();
        if (sought.Length is 0 or > MaximumLength)
            return null;

        string? nearest = null;
        var limit = Math.Max(1, sought.Length / 3);
        foreach (var candidate in words)
        {
            if (Math.Abs(candidate.Length - sought.Length) > limit)
                continue;
            var distance = Distance(sought, candidate.ToLowerInvariant());
            if (distance >= Math.Min(sought.Length, candidate.Length) || distance > limit)
                continue;
            if (distance < limit || nearest is null || string.CompareOrdinal(candidate, nearest) < 0)
                nearest = candidate;
            limit = distance;
        }

        return nearest;
    }

    /// <summary>Edits (insert, delete, replace, swap neighbours) between two words; no part is edited twice.</summary>
    private static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            last[column] = column;

        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(last[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }
}
