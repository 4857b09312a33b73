using Etl.Domain.Extract;
using Etl.Domain.Reduce;

namespace Etl.Domain.Map;

/// <summary>A region's part of a mapped batch.</summary>
public sealed record RegionPartial(int Region, PartialAggregate Partial);

/// <summary>A whole batch, mapped and combined: one partial per region that has rows in it, and what has no region.</summary>
public sealed record MappedBatch(EquatableArray<RegionPartial> Partials, BatchTally Tally);

/// <summary>Maps a batch of rows and combines it (a combiner: only partials cross the shuffle). Pure but for the cursor it moves.</summary>
public static class BatchMapper
{
    /// <summary>Maps <paramref name="rows"/>; the result is a function of the rows, the plan and the caution alone.</summary>
    public static MappedBatch Map(IReadOnlyList<RawRow> rows, MapPlan plan, RowCursor cursor, Caution? caution = null)
    {
        caution ??= Caution.None;
        var regions = new Dictionary<int, List<AggregateEntry>>();
        var missing = new List<string>();
        var aggregates = new List<AggregateSeen>();
        var rejections = new List<Rejection>();
        var notes = new List<RowNote>();
        long read = 0, records = 0, rounded = 0;

        foreach (var row in rows)
        {
            var place = RowMapper.PlaceOf(row);
            if (caution.PassesOver(place.Position)) continue;
            read++;
            if (caution.Verdict(place.Position) is { } verdict)
            {
                rejections.Add(new(place, row.Line, "", Rejection.Cut($"{row.Name}, {row.Value}, {row.Year}".TrimEnd(',', ' ')), verdict));
                continue;
            }

            cursor.Position = place.Position;
            if (cursor.IsTrapped) cursor.Meet(row);
            switch (RowMapper.Map(row, plan))
            {
                case MappedRow.Record record:
                    records++;
                    if (record.Rounded) rounded++;
                    if (record.Note is { } recordNote) notes.Add(new(place, recordNote));
                    if (!regions.TryGetValue(record.Region, out var entries)) regions[record.Region] = entries = [];
                    entries.Add(new(
                        new(record.Year, record.Country.Code),
                        plan.Duplicates == DuplicateRule.Sum
                            ? Aggregate.OfContribution(record.Amount)
                            : Aggregate.OfWitnessed(place, record.Amount)));
                    break;
                case MappedRow.Missing none:
                    missing.Add(none.Country.Code.ToString());
                    if (none.Note is { } missingNote) notes.Add(new(place, missingNote));
                    break;
                case MappedRow.NotACountry aggregate:
                    aggregates.Add(new(aggregate.Name, aggregate.Year, 1, aggregate.Amount ?? default, aggregate.Amount is null ? 0 : 1));
                    break;
                case MappedRow.Rejected rejected:
                    rejections.Add(rejected.Rejection);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(nameof(MappedRow));
            }
        }

        cursor.Position = null;
        var tally = BatchTally.Of(read, records, rounded, missing, aggregates, rejections, notes);
        var partials = regions.OrderBy(r => r.Key).Select(r => new RegionPartial(r.Key, PartialAggregate.Of(r.Value)));
        return new(partials.ToEquatableArray(), tally);
    }
}
