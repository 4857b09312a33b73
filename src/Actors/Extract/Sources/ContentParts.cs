using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Etl.Actors.Hosting;

namespace Etl.Actors.Extract.Sources;

/// <summary>
/// Several files that are one input (the pages of a reply; data and metadata), as one content: it is stored, hashed and resumed as one. A first
/// line, then for each part a line with its length, and its bytes.
/// </summary>
public static class ContentParts
{
    private static readonly byte[] Mark = "etl-parts 1\n"u8.ToArray();

    /// <summary>One content of several; a single part stays as it is.</summary>
    public static InputContent Join(IReadOnlyList<InputContent> parts)
    {
        if (parts is [var only]) return only;
        using var joined = new MemoryStream();
        joined.Write(Mark);
        foreach (var part in parts)
        {
            joined.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Bytes.Length}\n")));
            joined.Write(part.Bytes.Span);
        }

        return new($"{parts[0].Label} and {string.Join(", ", parts.Skip(1).Select(p => Path.GetFileName(p.Label)).Take(3))}{(parts.Count > 4 ? " ..." : "")}", joined.ToArray());
    }

    /// <summary>The parts of a content; what was not joined is its own only part.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static ImmutableArray<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> content)
    {
        if (!content.Span.StartsWith(Mark)) return [content];
        var parts = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (var rest = content[Mark.Length..]; !rest.IsEmpty;)
        {
            var end = rest.Span[..Math.Min(rest.Length, 12)].IndexOf((byte)'\n');
            if (end < 0 || !int.TryParse(rest.Span[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > rest.Length - end - 1)
                throw new InvalidDataException("the parts of a stored input do not fit together");
            parts.Add(rest.Slice(end + 1, length));
            rest = rest[(end + 1 + length)..];
        }

        return parts.ToImmutable();
    }
}
