namespace Etl.Domain.Map.Files;

/// <summary>
/// Where a batch ends in a file whose quoted fields may run over line ends: only reading it from its beginning can tell, so batches are cut
/// one after the other, each from where the one before it ended.
/// </summary>
public static class RecordCut
{
    /// <summary>
    /// Index after the last record that begins before <paramref name="limit"/>; -1 when that record's end is not in the window. A record that
    /// is longer than the plan allows ends with the window: its mapper refuses it.
    /// </summary>
    /// <param name="window">The file from the beginning of a record on, as far as it was read.</param>
    /// <param name="windowReachesEnd">The window's last byte is the file's.</param>
    public static int End(ReadOnlySpan<byte> window, int limit, bool windowReachesEnd, FilePlan plan)
    {
        var reader = new CsvRecordReader(plan);
        var at = 0;
        while (at < limit)
        {
            if (at == window.Length)
                return windowReachesEnd ? at : -1;
            var record = reader.Read(window, at);
            // An open quote may close after the window. Where the record is too long already, nothing after it matters.
            if (record.Kind == RecordKind.Refused)
                return windowReachesEnd || window.Length - at > plan.MaxLineBytes ? window.Length : -1;
            // A record without a line feed may go on after the window, even behind a quote: that may turn out to be one of two.
            if (record.Next == window.Length && window[^1] != '\n' && !windowReachesEnd)
                return -1;
            at = record.Next;
        }

        return at;
    }
}
