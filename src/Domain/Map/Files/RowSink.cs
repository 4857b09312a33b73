using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Etl.Domain.Reduce;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Means what <see cref="RowMapper"/> means, of a record's bytes: country, year and value are read, added up and counted. Keeps what it
/// learned of names and keys from batch to batch, and nothing else.
/// </summary>
internal sealed class RowSink
{
    private static readonly NumberReading UnquotedGroups = new NumberReading.Malformed(FileReasons.UnquotedGroups);

    private readonly FilePlan _plan;
    private readonly SpellingTable _spellings;
    private readonly PlainNumber _plain;
    private readonly IFigureTable _figures;
    private readonly WitnessTable? _witnesses;
    private readonly bool _hasYear;
    private readonly BatchFindings _findings;
    private long _read, _records, _rounded;

    public RowSink(FilePlan plan)
    {
        _plan = plan;
        Grid = new KeyGrid(plan.Map);
        _spellings = new SpellingTable(plan.Map.Directory, Grid);
        _plain = new PlainNumber(plan.Map.Unit);
        if (plan.Map.Duplicates == DuplicateRule.Sum)
            _figures = Sums = new ContributionTable(Grid, plan.Map.Unit);
        else
            _figures = _witnesses = new WitnessTable(Grid);
        _hasYear = plan.Layout.Format == Extract.Files.RecordFormat.Csv ? plan.Layout.Year >= 0 : plan.Layout.YearName is not null;
        _findings = new BatchFindings(plan.MaxRejections);
        Input = plan.Input;
    }

    public KeyGrid Grid { get; }

    /// <summary>Ordinal of the file that the rows are of; the only thing of a plan that may change while there are no rows.</summary>
    public int Input
    {
        set
        {
            _findings.Input = value;
            _witnesses?.Input = value;
        }
    }

    /// <summary>Where contributions are summed; null when the rows of a key are remembered.</summary>
    public ContributionTable? Sums { get; }

    /// <summary>Counts rows that were added to <see cref="Sums"/> elsewhere.</summary>
    public void Count(long rows)
    {
        _read += rows;
        _records += rows;
    }

    /// <summary>Sets a record aside that has not the fields it should have.</summary>
    public void Reject(string column, ReadOnlySpan<byte> text, string reason, long position, long line)
    {
        _read++;
        _findings.Reject(column, text, reason, position, line);
    }

    /// <summary>Reads a record and adds it where it belongs; returns the number of its country, -1 when it has none.</summary>
    public int Add(scoped in FileRecord record, long position, long line)
    {
        _read++;
        var spelling = _spellings.Find(record.Country);
        if (spelling.Aggregate is { } aggregate)
        {
            AddAggregate(aggregate, record);
            return -1;
        }

        if (spelling.Slot < 0)
        {
            _findings.Reject(_plan.Layout.CountryName, record.Country, RowMapper.UnknownCountry, position, line);
            return -1;
        }

        var year = _hasYear ? ReadYear(record.Year) : _plan.Map.DefaultYear;
        if (year is null)
            _findings.Reject(_plan.Layout.YearName ?? "", record.Year, FileReasons.NoYear, position, line);
        else if (!record.ValueIsNoNumber && _plain.TryRead(record.Value, out var pico))
            Contribute(spelling.Slot, year.Value, position, pico);
        else
            AddUnusual(spelling.Slot, year.Value, record, position, line);
        return spelling.Slot;
    }

    /// <summary>What the batch came to; the sums and counts are empty afterwards.</summary>
    public MappedBatch Take()
    {
        _figures.Fit();
        var partials = ImmutableArray.CreateBuilder<RegionPartial>();
        var slots = Grid.SlotOrder;
        for (var first = 0; first < slots.Length;)
        {
            var region = Grid[slots[first]].Region;
            var end = first + 1;
            while (end < slots.Length && Grid[slots[end]].Region == region)
                end++;
            var partial = TakeRegion(slots[first..end]);
            if (!partial.Entries.IsEmpty)
                partials.Add(new(region, partial));
            first = end;
        }

        _figures.Taken();
        var tally = _findings.Take(Grid, _read, _records, _rounded);
        (_read, _records, _rounded) = (0, 0, 0);
        return new(partials.ToImmutable(), tally);
    }

    // Compiled fully at its first call: it runs thousands of times or goes through thousands of keys in every batch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PartialAggregate TakeRegion(ReadOnlySpan<int> slots)
    {
        var columns = Grid.ColumnOrder;
        var entries = new AggregateEntry[_figures.Count(slots, columns)];
        var count = 0;
        foreach (var column in columns)
        {
            var year = Grid.YearOf(column);
            foreach (var slot in slots)
            {
                if (_figures.TryTake(slot, column, out var figure))
                    entries[count++] = new(new(year, Grid[slot].Country.Code), figure);
            }
        }

        return PartialAggregate.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    private void Contribute(int slot, int year, long position, Int128 pico)
    {
        _records++;
        _figures.Add(slot, Grid.ColumnOf(year), position, pico);
    }

    private void AddUnusual(int slot, int year, scoped in FileRecord record, long position, long line)
    {
        var country = Grid[slot].Country;
        switch (ReadNumber(record))
        {
            case NumberReading.Value value:
                if (value.Rounded)
                    _rounded++;
                if (value.Year is { } own)
                    _findings.Note(position, $"{country.Name}: the value carries its own year {own}: ", record.Value);
                Contribute(slot, value.Year ?? year, position, value.Amount.Pico);
                break;
            case NumberReading.Missing missing when _plan.EmptyIsMissing:
                _findings.Miss(slot);
                if (missing.Notes.HasFlag(NumberNote.NotANumber))
                    _findings.Note(position, $"{country.Name}: not a number, taken as missing: ", record.Value);
                break;
            case NumberReading.Missing:
                _findings.Reject(_plan.Layout.ValueName, record.Value, FileReasons.NoValue, position, line);
                break;
            case NumberReading.Malformed malformed:
                _findings.Reject(_plan.Layout.ValueName, record.Value, malformed.Reason, position, line);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(nameof(NumberReading));
        }
    }

    private void AddAggregate(string name, scoped in FileRecord record)
    {
        var value = ReadNumber(record) as NumberReading.Value;
        var year = value?.Year ?? (_hasYear ? ReadYear(record.Year) ?? 0 : _plan.Map.DefaultYear);
        _findings.See(name, year, value?.Amount);
    }

    private NumberReading ReadNumber(scoped in FileRecord record)
    {
        if (record.ValueIsNoNumber)
            return new NumberReading.Malformed(NumberReasons.NotANumber);
        if (record.Value.Length > FieldText.MaximumBytes)
            return new NumberReading.Malformed(NumberReasons.TooLong);
        Span<char> text = stackalloc char[FieldText.MaximumBytes];
        var reading = NumberReader.Read(text[..Encoding.UTF8.GetChars(record.Value, text)], _plan.Map.Unit);
        return record.ValueMayBeGrouped || reading is NumberReading.Missing || !FieldText.HasGroups(record.Value) ? reading : UnquotedGroups;
    }

    private static int? ReadYear(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > FieldText.MaximumBytes)
            return null;
        if (bytes.Length == 4)
        {
            var (thousands, hundreds, tens, ones) = (bytes[0] - '0', bytes[1] - '0', bytes[2] - '0', bytes[3] - '0');
            if (thousands is 1 or 2 && (uint)hundreds <= 9 && (uint)tens <= 9 && (uint)ones <= 9)
            {
                var year = (thousands * 1000) + (hundreds * 100) + (tens * 10) + ones;
                return year is >= YearReader.First and <= YearReader.Last ? year : null;
            }
        }

        Span<char> text = stackalloc char[FieldText.MaximumBytes];
        return YearReader.Read(text[..Encoding.UTF8.GetChars(bytes, text)]);
    }
}
