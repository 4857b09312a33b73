using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Domain.Map;

/// <summary>How several rows of one (country, year) are taken.</summary>
public enum DuplicateRule
{
    /// <summary>Identical values collapse; differing values end the job.</summary>
    Same = 1,

    /// <summary>Contributions add up.</summary>
    Sum = 2,

    /// <summary>Any duplicate ends the job.</summary>
    Fail = 3,
}

/// <summary>What a mapper needs to know to read a job's rows. A function of the job's spec and of what its extractor chose.</summary>
/// <param name="Unit">Unit of the value column.</param>
/// <param name="DefaultYear">Year of a row that tells none itself (from the header); 0 when unknown.</param>
/// <param name="ValueColumn">Name of the value column, for quarantine.</param>
public sealed record MapPlan(
    Unit Unit, int DefaultYear, string ValueColumn, DuplicateRule Duplicates, CountryDirectory Directory, RegionScheme Scheme)
{
    /// <summary>Ordinal of the pseudo-region that holds known countries without a region: one past the scheme's last.</summary>
    public int Unassigned => Scheme.Regions.Length;
}

/// <summary>What a row turned out to be. Closed.</summary>
public abstract record MappedRow
{
    private MappedRow() { }

    /// <summary>A country's figure.</summary>
    /// <param name="Region">Ordinal in the scheme, or <see cref="MapPlan.Unassigned"/>.</param>
    /// <param name="Year">0 when the source tells none.</param>
    public sealed record Record(Country Country, int Region, int Year, Money Amount, bool Rounded, string? Note) : MappedRow;

    /// <summary>A country without an estimate: missing, never 0.</summary>
    public sealed record Missing(Country Country, string? Note) : MappedRow;

    /// <summary>Not a country ("World").</summary>
    public sealed record NotACountry(string Name, int Year, Money? Amount) : MappedRow;

    /// <summary>Set aside.</summary>
    public sealed record Rejected(Rejection Rejection) : MappedRow;
}

/// <summary>Reads one row: name, number, year. Pure, total: whatever the text, the result is a value.</summary>
public static class RowMapper
{
    /// <summary>Reason of a row whose name is not in the directory.</summary>
    public const string UnknownCountry = "unknown country";

    /// <summary>What <paramref name="row"/> means under <paramref name="plan"/>.</summary>
    public static MappedRow Map(RawRow row, MapPlan plan) => Resolve(row, plan.Directory) switch
    {
        NameMatch.Known known => OfCountry(row, known.Country, plan),
        NameMatch.Aggregate aggregate => OfAggregate(row, aggregate.Name, plan),
        NameMatch.Unknown => Rejected(row, "Country", row.Code.Length > 0 && row.Code != row.Name ? $"{row.Name} ({row.Code})" : row.Name, UnknownCountry),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };

    /// <summary>Where <paramref name="row"/> stands in the job's order.</summary>
    public static Place PlaceOf(RawRow row) => new(row.Input, row.Offset ?? row.Row);

    // A code is the publisher's own word for what it means; a name is one spelling of many.
    private static NameMatch Resolve(RawRow row, CountryDirectory directory) =>
        row.Code.Length > 0 && directory.ResolveCode(row.Code) is var coded and not NameMatch.Unknown ? coded
        : row.IsGroup ? new NameMatch.Aggregate(row.Name)
        : directory.Resolve(row.Name);

    private static MappedRow OfCountry(RawRow row, Country country, MapPlan plan)
    {
        switch (NumberReader.Read(row.Value, plan.Unit))
        {
            case NumberReading.Value value:
                var region = plan.Scheme.OrdinalOf(country.Code);
                var note = value.Year is { } own ? $"{country.Name}: the value carries its own year {own}: {Rejection.Cut(row.Value)}" : null;
                return new MappedRow.Record(
                    country, region < 0 ? plan.Unassigned : region, YearOf(row, value.Year, plan), value.Amount, value.Rounded, note);
            case NumberReading.Missing missing:
                return new MappedRow.Missing(
                    country, missing.Notes.HasFlag(NumberNote.NotANumber) ? $"{country.Name}: not a number, taken as missing: {Rejection.Cut(row.Value)}" : null);
            case NumberReading.Malformed malformed:
                return Rejected(row, plan.ValueColumn, row.Value, malformed.Reason);
            default:
                throw new System.Diagnostics.UnreachableException(nameof(NumberReading));
        }
    }

    private static MappedRow.NotACountry OfAggregate(RawRow row, string name, MapPlan plan) =>
        NumberReader.Read(row.Value, plan.Unit) is NumberReading.Value value
            ? new(name, YearOf(row, value.Year, plan), value.Amount)
            : new(name, YearOf(row, null, plan), null);

    private static int YearOf(RawRow row, int? own, MapPlan plan) => own ?? YearReader.Read(row.Year) ?? plan.DefaultYear;

    private static MappedRow.Rejected Rejected(RawRow row, string column, string text, string reason) =>
        new(new Rejection(PlaceOf(row), row.Line, column, Rejection.Cut(text), reason));
}
