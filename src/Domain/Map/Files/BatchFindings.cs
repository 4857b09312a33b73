namespace Etl.Domain.Map.Files;

/// <summary>What a batch has beside its figures: missing values, aggregates, rejections, notes. Counts are exact, details limited.</summary>
internal sealed class BatchFindings(int maxRejections)
{
    private readonly List<Rejection> _rejections = [];
    private readonly List<RowNote> _notes = [];
    private readonly Dictionary<(string Name, int Year), AggregateSeen> _aggregates = [];
    private readonly HashSet<int> _missing = [];
    private long _missingRows, _aggregateRows, _quarantined, _notesTotal;

    /// <summary>Ordinal of the file that the rows are of.</summary>
    public int Input { get; set; }

    // Rows come in the order of their places, so the first ones are the lowest.
    public void Reject(string column, ReadOnlySpan<byte> text, string reason, long position, long line)
    {
        if (_quarantined++ < maxRejections)
            _rejections.Add(new(new(Input, position), line, column, FieldText.Shown(text), reason));
    }

    public void Note(long position, string about, ReadOnlySpan<byte> text)
    {
        if (_notesTotal++ < BatchTally.MaxNotes)
            _notes.Add(new(new(Input, position), about + Rejection.Cut(FieldText.Decode(text))));
    }

    public void Miss(int slot)
    {
        _missingRows++;
        _missing.Add(slot);
    }

    public void See(string name, int year, Money? amount)
    {
        _aggregateRows++;
        var one = new AggregateSeen(name, year, 1, amount ?? default, amount is null ? 0 : 1);
        _aggregates[(name, year)] = _aggregates.TryGetValue((name, year), out var seen)
            ? seen with { Rows = seen.Rows + 1, Amount = seen.Amount + one.Amount, Read = seen.Read + one.Read }
            : one;
    }

    /// <summary>The batch's tally; nothing is left.</summary>
    public BatchTally Take(KeyGrid grid, long read, long records, long rounded)
    {
        var tally = new BatchTally(
            read, records, _missingRows, _aggregateRows, _quarantined, rounded,
            _missing.Select(slot => grid[slot].Country.Code.ToString()).Order(StringComparer.Ordinal).ToEquatableArray(),
            _aggregates.Values.OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Year).ToEquatableArray(),
            _rejections.ToEquatableArray(), _notes.ToEquatableArray(), _notesTotal);
        _rejections.Clear();
        _notes.Clear();
        _aggregates.Clear();
        _missing.Clear();
        (_missingRows, _aggregateRows, _quarantined, _notesTotal) = (0, 0, 0, 0);
        return tally;
    }
}
