using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Reads one line of newline-delimited JSON at a time: an object whose own properties are the columns. Of a property that stands twice the
/// last one counts, as in most readers.
/// </summary>
internal sealed class JsonRecordReader(FilePlan plan)
{
    private const int MaximumDepth = 16;

    private readonly byte[] _countryName = Encoding.UTF8.GetBytes(plan.Layout.CountryName);
    private readonly byte[]? _yearName = plan.Layout.YearName is { } year ? Encoding.UTF8.GetBytes(year) : null;
    private readonly byte[] _valueName = Encoding.UTF8.GetBytes(plan.Layout.ValueName);
    private byte[] _name = [], _country = [], _year = [], _value = [];

    /// <summary>Reads the record that begins at <paramref name="at"/>.</summary>
    /// <param name="data">The buffer up to the batch's end.</param>
    public FileRecord Read(ReadOnlySpan<byte> data, int at)
    {
        var record = new FileRecord { Kind = RecordKind.Row, Lines = 1 };
        record.EndLine(data, at);
        if (record.ContentEnd == at)
        {
            record.Kind = RecordKind.Blank;
        }
        else if (record.ContentEnd - at > plan.MaxLineBytes)
        {
            record.Refuse(FileReasons.TooLong(plan.MaxLineBytes), FileReasons.TooLongRemedy);
        }
        else
        {
            try
            {
                ReadObject(data[at..record.ContentEnd], ref record);
            }
            catch (JsonException)
            {
                // The reader of the base library has no other way to say so; its message is not for a file that must be stable.
                record.Reject("", FileReasons.NotAnObject);
            }
        }

        return record;
    }

    private void ReadObject(ReadOnlySpan<byte> line, ref FileRecord record)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            record.Reject("", FileReasons.NotAnObject);
            return;
        }

        var named = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TextOf(ref reader, ref _name);
            var isCountry = name.SequenceEqual(_countryName);
            var isYear = name.SequenceEqual(_yearName);
            var isValue = name.SequenceEqual(_valueName);
            reader.Read();
            if (isCountry)
            {
                named = reader.TokenType == JsonTokenType.String;
                if (named)
                    record.Country = TextOf(ref reader, ref _country);
            }

            if (isYear)
                record.Year = reader.TokenType == JsonTokenType.Null ? default : TextOf(ref reader, ref _year);
            if (isValue)
            {
                record.Value = reader.TokenType == JsonTokenType.Null ? default : TextOf(ref reader, ref _value);
                record.ValueMayBeGrouped = true;
                record.ValueIsNoNumber = reader.TokenType is not (JsonTokenType.Null or JsonTokenType.Number or JsonTokenType.String);
            }

            reader.Skip();
        }

        // Anything after the object throws here.
        reader.Read();
        if (!named)
            record.Reject(plan.Layout.CountryName, FileReasons.NoCountry);
    }

    /// <summary>The bytes of a name, string or number; of anything else its first token, which is enough to see what it is.</summary>
    private static ReadOnlySpan<byte> TextOf(scoped ref Utf8JsonReader reader, ref byte[] memory)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (memory.Length < reader.ValueSpan.Length)
            memory = new byte[reader.ValueSpan.Length];
        return memory.AsSpan(0, Unescape(reader.ValueSpan, memory));
    }

    /// <summary>
    /// Undoes the escapes, which the reader has found to be well formed. Half a surrogate pair becomes U+FFFD; the library's own method
    /// throws there.
    /// </summary>
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                to[length++] = text[at];
                continue;
            }

            at++;
            if (text[at] != 'u')
            {
                to[length++] = text[at] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var same => same,
                };
                continue;
            }

            var unit = UnitAt(text, at + 1);
            at += 4;
            if (char.IsHighSurrogate(unit) && at + 6 < text.Length && text[at + 1] == '\\' && text[at + 2] == 'u'
                && UnitAt(text, at + 3) is var low && char.IsLowSurrogate(low))
            {
                length += new Rune(unit, low).EncodeToUtf8(to[length..]);
                at += 6;
            }
            else
            {
                length += (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(to[length..]);
            }
        }

        return length;
    }

    private static char UnitAt(ReadOnlySpan<byte> text, int at) =>
        (char)ushort.Parse(text.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
