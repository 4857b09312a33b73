using System.Collections.Immutable;
using Etl.Domain.Extract;
using Etl.Domain.Extract.Files;

namespace Etl.Domain.Map.Files;

/// <summary>The first records of a batch as text, for people who want to see what would be read.</summary>
public static class FileSample
{
    /// <summary>At most <paramref name="count"/> records that have all their fields, in the order of the file.</summary>
    public static ImmutableArray<RawRow> Of(in BatchBytes bytes, FilePlan plan, int count)
    {
        var (csv, json) = (new CsvRecordReader(plan), new JsonRecordReader(plan));
        var data = bytes.Buffer.AsSpan(0, bytes.End);
        var rows = ImmutableArray.CreateBuilder<RawRow>();
        long line = bytes.HeaderLines + 1;
        for (var at = bytes.Start; at < data.Length && rows.Count < count;)
        {
            var record = plan.Layout.Format == RecordFormat.Csv ? csv.Read(data, at) : json.Read(data, at);
            if (record.Kind == RecordKind.Refused) break;
            if (record.Kind == RecordKind.Row)
                rows.Add(new(
                    plan.Input, rows.Count + 1, line, bytes.Offset + at, FieldText.Shown(record.Country), FieldText.Shown(record.Value),
                    FieldText.Shown(record.Year)));
            line += record.Lines;
            at = record.Next;
        }

        return rows.ToImmutable();
    }
}
