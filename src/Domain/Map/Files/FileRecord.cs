namespace Etl.Domain.Map.Files;

/// <summary>What a record turned out to be before its fields are looked at.</summary>
internal enum RecordKind
{
    /// <summary>It has the fields that are asked for.</summary>
    Row = 1,

    /// <summary>An empty line: counted as a line, not as a row.</summary>
    Blank,

    /// <summary>Set aside; the lines after it are read.</summary>
    Rejected,

    /// <summary>Ends the job.</summary>
    Refused,
}

/// <summary>One record of a file and where it ends. Its fields lie in the batch, or, where quotes or escapes had to go, in the reader's memory.</summary>
internal ref struct FileRecord
{
    public RecordKind Kind;

    /// <summary>The fields' contents, without quotes. Empty where there is none.</summary>
    public ReadOnlySpan<byte> Country, Year, Value;

    /// <summary>The value is of a kind that can be no number, whatever its text.</summary>
    public bool ValueIsNoNumber;

    /// <summary>The value stands in quotes, or in a format where commas separate nothing: digits in groups mean thousands.</summary>
    public bool ValueMayBeGrouped;

    /// <summary>Start and length of the country's field as written, quotes included: what the kernel sees.</summary>
    public int WrittenCountry, WrittenLength;

    /// <summary>Index after the record without its line end, and where the next one begins.</summary>
    public int ContentEnd, Next;

    /// <summary>How many lines it takes.</summary>
    public long Lines;

    /// <summary>The column at fault, the reason and the remedy when it is rejected or refused.</summary>
    public string Column, Reason, Remedy;

    /// <summary>A line as it stands, its fields not looked at.</summary>
    public static FileRecord OfLine(ReadOnlySpan<byte> data, int at)
    {
        var record = new FileRecord { Kind = RecordKind.Row, Lines = 1 };
        record.EndLine(data, at);
        if (record.ContentEnd == at)
            record.Kind = RecordKind.Blank;
        return record;
    }

    public void Reject(string column, string reason) => (Kind, Column, Reason) = (RecordKind.Rejected, column, reason);

    public void Refuse(string reason, string remedy) => (Kind, Reason, Remedy) = (RecordKind.Refused, reason, remedy);

    /// <summary>Finds the end of the line: one carriage return before the line feed, or at the end of the file, belongs to it.</summary>
    public void EndLine(ReadOnlySpan<byte> data, int from)
    {
        var feed = data[from..].IndexOf((byte)'\n');
        ContentEnd = feed < 0 ? data.Length : from + feed;
        Next = feed < 0 ? data.Length : ContentEnd + 1;
        if (ContentEnd > from && data[ContentEnd - 1] == '\r')
            ContentEnd--;
    }
}
