using System.Text;

namespace Etl.Domain.Map.Files;

/// <summary>The text of a field's bytes: UTF-8, where a malformed sequence becomes U+FFFD. For fields that are shown or unusual, never per row.</summary>
internal static class FieldText
{
    /// <summary>
    /// More bytes than this are more than the 200 characters that <see cref="NumberReader"/> and <see cref="YearReader"/> look at: a
    /// character of a string takes at most three.
    /// </summary>
    public const int MaximumBytes = 600;

    private const int ShownBytes = 200;

    /// <summary>The whole text.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The text of at most the first 200 bytes, cut between characters, for a quarantine entry.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        if (length > ShownBytes)
        {
            length = ShownBytes;
            // At most three bytes of a character can stand before the cut; more continuation bytes than that are no character.
            for (var back = 0; back <= 3; back++)
            {
                if ((bytes[ShownBytes - back] & 0xC0) != 0x80)
                {
                    length = ShownBytes - back;
                    break;
                }
            }
        }

        return Rejection.Cut(Encoding.UTF8.GetString(bytes[..length]));
    }

    /// <summary>True when a number has a comma, or a space of any kind between two digits.</summary>
    public static bool HasGroups(ReadOnlySpan<byte> number)
    {
        if (number.Contains((byte)','))
            return true;
        for (var at = 1; at < number.Length - 1; at++)
        {
            // U+0020, U+00A0, U+2000 to U+200A, U+202F.
            var space = number[at..] switch
            {
                [(byte)' ', ..] => 1,
                [0xC2, 0xA0, ..] => 2,
                [0xE2, 0x80, (>= 0x80 and <= 0x8A) or 0xAF, ..] => 3,
                _ => 0,
            };
            if (space > 0 && char.IsAsciiDigit((char)number[at - 1]) && at + space < number.Length && char.IsAsciiDigit((char)number[at + space]))
                return true;
        }

        return false;
    }

    /// <summary>Writes the content of a quoted field with each doubled quote as one; returns how many bytes that are.</summary>
    public static int Undouble(ReadOnlySpan<byte> content, Span<byte> to)
    {
        var length = 0;
        for (var at = 0; at < content.Length; at++)
        {
            to[length++] = content[at];
            if (content[at] == '"')
                at++;
        }

        return length;
    }
}
