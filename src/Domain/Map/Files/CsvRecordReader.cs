namespace Etl.Domain.Map.Files;

/// <summary>
/// Reads one record of delimited text (RFC 4180) at a time, any record. A field that begins with a quote is quoted; a quote elsewhere is a
/// character like others.
/// </summary>
internal sealed class CsvRecordReader(FilePlan plan)
{
    private const byte Quote = (byte)'"';

    private readonly byte _delimiter = plan.Layout.Delimiter;
    private byte[] _country = [], _year = [], _value = [];

    /// <summary>Reads the record that begins at <paramref name="at"/>.</summary>
    /// <param name="data">The buffer up to the batch's end.</param>
    public FileRecord Read(ReadOnlySpan<byte> data, int at)
    {
        var record = new FileRecord { Kind = RecordKind.Row, Lines = 1 };
        record.EndLine(data, at);
        if (record.ContentEnd == at)
        {
            record.Kind = RecordKind.Blank;
            return record;
        }

        ReadFields(data, at, ref record);
        if (record.ContentEnd - at > plan.MaxLineBytes)
            record.Refuse(FileReasons.TooLong(plan.MaxLineBytes), FileReasons.TooLongRemedy);
        return record;
    }

    private void ReadFields(ReadOnlySpan<byte> data, int at, ref FileRecord record)
    {
        for (var field = 0; ; field++, at++)
        {
            var written = at;
            var doubled = false;
            ReadOnlySpan<byte> content;
            if (at < record.ContentEnd && data[at] == Quote)
            {
                var close = Close(data, at + 1, ref record, out doubled);
                if (close < 0)
                    return;
                content = data[(at + 1)..close];
                at = close + 1;
                if (at < record.ContentEnd && data[at] != _delimiter)
                {
                    record.Reject("", FileReasons.AfterQuote);
                    return;
                }
            }
            else
            {
                var length = data[at..record.ContentEnd].IndexOf(_delimiter);
                at = length < 0 ? record.ContentEnd : at + length;
                content = data[written..at];
            }

            Keep(field, content, doubled, written, at, ref record);
            if (at < record.ContentEnd)
                continue;
            if (field + 1 != plan.Layout.Columns)
                record.Reject("", FileReasons.FieldCount);
            return;
        }
    }

    /// <summary>The index of the quote that closes a field; -1 when the record cannot be read.</summary>
    private int Close(ReadOnlySpan<byte> data, int from, ref FileRecord record, out bool doubled)
    {
        doubled = false;
        var end = plan.Multiline ? data.Length : record.ContentEnd;
        for (var at = from; ; at += 2)
        {
            var quote = data[at..end].IndexOf(Quote);
            if (quote < 0)
            {
                record.ContentEnd = end;
                if (plan.Multiline)
                    record.Refuse(FileReasons.NeverClosed, FileReasons.NeverClosedRemedy);
                else
                    record.Refuse(FileReasons.OpenQuote, FileReasons.OpenQuoteRemedy);
                return -1;
            }

            at += quote;
            if (at + 1 < end && data[at + 1] == Quote)
            {
                doubled = true;
                continue;
            }

            if (at > record.ContentEnd)
            {
                // The line ended inside the field: the record ends with the line that the quote closes in.
                record.Lines += data[record.ContentEnd..at].Count((byte)'\n');
                record.EndLine(data, at + 1);
            }

            return at;
        }
    }

    private void Keep(int field, ReadOnlySpan<byte> content, bool doubled, int written, int end, ref FileRecord record)
    {
        var layout = plan.Layout;
        if (field == layout.Country)
        {
            record.Country = doubled ? Undoubled(content, ref _country) : content;
            (record.WrittenCountry, record.WrittenLength) = (written, end - written);
        }

        if (field == layout.Year)
            record.Year = doubled ? Undoubled(content, ref _year) : content;
        if (field == layout.Value)
        {
            record.Value = doubled ? Undoubled(content, ref _value) : content;
            record.ValueMayBeGrouped = content.Length < end - written;
        }
    }

    private static ReadOnlySpan<byte> Undoubled(ReadOnlySpan<byte> content, ref byte[] memory)
    {
        if (memory.Length < content.Length)
            memory = new byte[content.Length];
        return memory.AsSpan(0, FieldText.Undouble(content, memory));
    }
}
