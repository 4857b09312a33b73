using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Load;

/// <summary>Reports of a few rows, in billions, mapped as one batch under the continents.</summary>
internal static class Reports
{
    public static readonly AnswerOptions Default = AnswerOptions.Default;

    public static readonly RegionScheme Continents =
        Assert.IsType<Parsed<RegionScheme>.Ok>(RegionScheme.TryBuiltIn("continent", CountryDirectory.Default)).Value;

    public static Result<Report, ReportError> Build(AnswerOptions options, bool series, DateOnly? edition, params (string Name, string Value, string Year)[] rows)
    {
        var plan = new MapPlan(Unit.Billion, 0, "IMF", options.Duplicates, CountryDirectory.Default, Continents);
        var raw = rows.Select((row, i) => new RawRow(0, i + 1, null, null, row.Name, row.Value, row.Year)).ToArray();
        var mapped = BatchMapper.Map(raw, plan, new RowCursor());
        return ReportBuilder.Build(
            Generators.Spec(1, options), series, CountryDirectory.Default, Continents, [Generators.Choice with { Edition = edition }], mapped.Tally,
            mapped.Partials.Select(p => new RegionTotal(p.Region, p.Partial)));
    }

    public static Report Of(AnswerOptions options, params (string Name, string Value)[] rows) =>
        Ok(Build(options, false, null, [.. rows.Select(r => (r.Name, r.Value, "2025"))]));

    public static Report Ok(Result<Report, ReportError> result) => Assert.IsType<Result<Report, ReportError>.Ok>(result).Value;

    public static ReportError Error(Result<Report, ReportError> result) => Assert.IsType<Result<Report, ReportError>.Error>(result).Reason;

    public static string Texts(this IEnumerable<CountryRow> rows) => string.Join(" ", rows.Select(c => $"{c.Rank}:{c.Code}"));
}
