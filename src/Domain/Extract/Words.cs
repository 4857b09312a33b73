using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>
/// The words of a header, caption or title: lower case letters, digit groups and currency signs, in order. Brackets and all other marks
/// separate; a possessive "'s" is dropped and "U.S." is one word, so that a phrase is found however it is punctuated.
/// </summary>
internal sealed class Words
{
    private readonly ImmutableArray<string> words;

    private Words(ImmutableArray<string> words) => this.words = words;

    public int Count => words.Length;

    public string this[int index] => words[index];

    /// <summary>The words of a text; none when it is null.</summary>
    public static Words Of(string? text)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var rest = (text ?? "").AsSpan();
        while (!rest.IsEmpty)
        {
            var length = 1;
            if (char.IsLetter(rest[0]))
                length = Letters(rest, found);
            else if (char.IsAsciiDigit(rest[0]))
            {
                while (length < rest.Length && char.IsAsciiDigit(rest[length]))
                    length++;
                found.Add(rest[..length].ToString());
            }
            else if (rest[0] == '%' || char.GetUnicodeCategory(rest[0]) == System.Globalization.UnicodeCategory.CurrencySymbol)
                found.Add(rest[0].ToString());

            rest = rest[length..];
        }

        return new Words(found.ToImmutable());
    }

    /// <summary>True when the words of the phrase stand one after the other. The phrase is lower case, its words parted by one space.</summary>
    public bool Has(string phrase) => IndexOf(phrase) >= 0;

    /// <summary>The first of the phrases that is there, null when none is.</summary>
    public string? FirstOf(ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Has(phrase))
                return phrase;
        }

        return null;
    }

    /// <summary>True when there is a word and every word is one of these.</summary>
    public bool AreAll(IReadOnlySet<string> vocabulary) => words.Length > 0 && words.All(vocabulary.Contains);

    /// <summary>Where the phrase begins, -1 when it is not there.</summary>
    public int IndexOf(string phrase)
    {
        for (var start = 0; start < words.Length; start++)
        {
            if (BeginsAt(start, phrase))
                return start;
        }

        return -1;
    }

    private bool BeginsAt(int start, ReadOnlySpan<char> phrase)
    {
        foreach (var part in phrase.Split(' '))
        {
            if (start >= words.Length || !phrase[part].SequenceEqual(words[start]))
                return false;
            start++;
        }

        return true;
    }

    private static int Letters(ReadOnlySpan<char> rest, ImmutableArray<string>.Builder found)
    {
        // "U.S." and "U.N." are single letters that each end in a dot.
        if (rest.Length > 3 && rest[1] == '.' && char.IsLetter(rest[2]) && rest[3] == '.')
        {
            found.Add($"{char.ToLowerInvariant(rest[0])}{char.ToLowerInvariant(rest[2])}");
            return 4;
        }

        var length = 1;
        while (length < rest.Length && (char.IsLetter(rest[length]) || IsJoint(rest, length)))
            length++;
        var word = rest[..length].ToString().ToLowerInvariant();
        found.Add(word.Replace("'", "", StringComparison.Ordinal).Replace("’", "", StringComparison.Ordinal));

        var possessive = rest[length..];
        return possessive.Length > 1 && possessive[0] is '\'' or '’' && possessive[1] is 's' or 'S' ? length + 2 : length;
    }

    /// <summary>An apostrophe inside a word ("int'l"), but not the one of a possessive.</summary>
    private static bool IsJoint(ReadOnlySpan<char> text, int at)
    {
        if (text[at] is not ('\'' or '’') || at + 1 >= text.Length || !char.IsLetter(text[at + 1]))
            return false;
        var ends = at + 2 >= text.Length || !char.IsLetter(text[at + 2]);
        return !(ends && text[at + 1] is 's' or 'S');
    }
}
