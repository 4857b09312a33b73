using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Domain.Tests.Load;

public sealed class QualityGateTests
{
    private static readonly Report Clean = Reports.Of(Reports.Default, ("France", "1"), ("Brazil", "2"));

    /// <summary>Two of eight rows are quarantined.</summary>
    private static readonly Report Dirty = Reports.Of(
        Reports.Default, ("France", "1"), ("Brazil", "2"), ("Atlantis", "3"), ("Japan", "1,2"), ("China", "5"), ("India", "6"), ("Peru", "7"), ("Chile", "8"));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(2L, null, null)]
    [InlineData(1L, null, "2 rows are quarantined, more than the 1 of --max-quarantined; first: row 3, Country \"Atlantis\": unknown country")]
    [InlineData(0L, 100.0, "more than the 0 of --max-quarantined")]
    [InlineData(null, 25.0, null)]
    [InlineData(null, 100.0, null)]
    [InlineData(null, 24.9, "2 of 8 rows are quarantined, more than the 24.9 % of --max-quarantined; first: row 3, Country \"Atlantis\": unknown country")]
    [InlineData(null, 0.0, "more than the 0 %")]
    public void A_limit_is_reached_but_not_passed(long? rows, double? percent, string? says)
    {
        var problem = QualityGate.Check(Dirty, false, rows, percent);
        if (says is null) Assert.Null(problem);
        else Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1L, null, "a run with another limit goes on from there")]
    [InlineData(false, null, 1.0, "a run with another limit goes on from there")]
    [InlineData(true, null, null, "a run without --strict goes on from there")]
    public void A_run_is_promised_to_go_on_where_that_can_be(bool strict, long? rows, double? percent, string promise)
    {
        Assert.EndsWith($"what was done is kept, and {promise}", QualityGate.Check(Dirty, strict, rows, percent), StringComparison.Ordinal);
        var piped = new StoredInput("standard input", "0", 0) { File = new(FileStamp.StandardInput, 0, Compression.None) };
        Assert.DoesNotContain(
            "kept", QualityGate.Check(Dirty with { Spec = Dirty.Spec with { Inputs = [piped] } }, strict, rows, percent), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_quarantined_rows_every_limit_holds()
    {
        Assert.Null(QualityGate.Check(Clean, true, 0, 0));
        Assert.Null(QualityGate.Check(Clean, false, null, null));
    }

    [Fact]
    public void Strict_refuses_a_quarantined_row_a_country_without_a_region_and_a_warning()
    {
        Assert.StartsWith("--strict: 2 rows are quarantined; first: row 3", QualityGate.Check(Dirty, true, null, null), StringComparison.Ordinal);
        var unassigned = Reports.Of(Reports.Default, ("France", "1"), ("Antarctica", "2"));
        Assert.StartsWith("--strict: countries without a region in continent: ATA;", QualityGate.Check(unassigned, true, null, null), StringComparison.Ordinal);
        Assert.Null(QualityGate.Check(unassigned, false, null, null));
        var warned = Reports.Of(Reports.Default, ("France", "1"), ("World", "2"));
        Assert.StartsWith("--strict: 1 warnings; first: the countries add up", QualityGate.Check(warned, true, null, null), StringComparison.Ordinal);
        Assert.Null(QualityGate.Check(warned, false, null, null));
    }
}
