using System.Numerics;
using Etl.Actors.Load.Sinks;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace Etl.Actors.Tests.Sinks;

/// <summary>Columns of Parquet have the types that people compute with, and every digit.</summary>
public sealed class ParquetSinkTests
{
    private static readonly ParquetOptions EveryDigit = new() { UseBigDecimal = true };

    [Fact]
    public async Task Columns_are_typed_and_every_digit_survives()
    {
        using var directory = new TempDirectory();
        // The largest amount that a DECIMAL of 38 digits holds, and the smallest step.
        var rows = Samples.World.Select(r => r.Code.ToString() switch
        {
            "XKX" => r with { Gdp = new(Int128.Parse("99999999999999999999999999999999999999")) },
            "MEX" => r with { Gdp = new(1) },
            _ => r,
        }).ToList();
        await new ParquetSink().LoadAsync(Samples.Input(Samples.Report(rows), directory), default);

        await using var reader = await ParquetReader.CreateAsync(directory.File(ParquetSink.CountriesFile), EveryDigit);
        Assert.Equal(["Country", "Code", "Region", "Year", "GDP_USD_billion", "GDP_USD_million", "Rank"], reader.Schema.Fields.Select(f => f.Name));
        var fields = reader.Schema.DataFields;
        Assert.Equal([typeof(ReadOnlyMemory<char>), typeof(int), typeof(int)], new[] { 0, 3, 6 }.Select(i => fields[i].ClrType));
        Assert.Equal([false, false, true, true, false, false, false], fields.Select(f => f.IsNullable));
        Assert.Equal((20, 2), Precision(fields[4]));
        Assert.Equal((38, 18), Precision(fields[5]));
        Assert.Null(reader.Metadata?.KeyValueMetadata);

        var table = await RowsAsync(directory, ParquetSink.CountriesFile);
        Assert.Equal(rows.Select(r => r.Country), table.Select(r => r["Country"]!.ToString()));
        Assert.Equal(rows.Select(r => r.Region), table.Select(r => r.GetValueOrDefault("Region")?.ToString()));
        Assert.Equal(rows.Select(r => r.Year), table.Select(r => (int?)r.GetValueOrDefault("Year")));
        Assert.Equal(rows.Select(r => r.Rank), table.Select(r => (int)r["Rank"]!));
        Assert.Equal(rows.Select(r => (BigInteger)r.Gdp.Pico), table.Select(r => Unscaled(r["GDP_USD_million"]!)));
        Assert.Equal(rows.Select(r => (BigInteger)r.Gdp.RoundedHundredths), table.Select(r => Unscaled(r["GDP_USD_billion"]!)));
    }

    [Fact]
    public async Task Regions_have_their_members_as_lists()
    {
        using var directory = new TempDirectory();
        await new ParquetSink().LoadAsync(Samples.Input(Samples.Report(Samples.World), directory), default);

        var table = await RowsAsync(directory, ParquetSink.RegionsFile);
        Assert.Equal(["Africa", "Asia", "North America"], table.Select(r => r["Region"]!.ToString()));
        Assert.Equal([10000, 32545, 1521858], table.Select(r => (int)Unscaled(r["Average_GDP_USD_billion"]!)));
        Assert.Equal(BigInteger.Parse("30437162000000000000000000"), Unscaled(table[2]["Sum_exact"]!));
        Assert.Equal([2024, 2025], [(int?)table[2]["Year_From"], (int?)table[2]["Year_To"]]);
        Assert.Equal(["United States", "Canada"], Texts(table[2]["Countries"]));
        Assert.Equal(["TUR", "KOR"], Texts(table[1]["Codes"]));
    }

    [Fact]
    public async Task No_region_is_a_table_without_rows()
    {
        using var directory = new TempDirectory();
        await new ParquetSink().LoadAsync(Samples.Input(Samples.Report([Samples.World[6]]), directory), default);

        Assert.Empty(await RowsAsync(directory, ParquetSink.RegionsFile));
        Assert.Single(await RowsAsync(directory, ParquetSink.CountriesFile));
    }

    [Fact]
    public async Task An_amount_of_more_digits_is_refused_and_nothing_is_written()
    {
        using var directory = new TempDirectory();
        var report = Samples.Report([Samples.World[6] with { Gdp = new(Int128.Parse("100000000000000000000000000000000000000")) }]);

        var refused = await Assert.ThrowsAsync<SinkException>(() => new ParquetSink().LoadAsync(Samples.Input(report, directory), default));
        Assert.Equal((1, false), (refused.ExitCode, refused.IsTransient));
        Assert.Contains("Leave parquet out of --sink", refused.Message, StringComparison.Ordinal);
        Assert.Empty(directory.Names());
    }

    private static (int, int) Precision(DataField field) => field is DecimalDataField exact ? (exact.Precision, exact.Scale) : default;

    private static BigInteger Unscaled(object value) => ((Parquet.Data.BigDecimal)value).UnscaledValue;

    private static IEnumerable<string?> Texts(object? list) => ((System.Collections.IEnumerable)list!).Cast<object>().Select(text => text.ToString());

    // What is null is not in the dictionary.
    private static async Task<IReadOnlyList<Dictionary<string, object?>>> RowsAsync(TempDirectory directory, string name)
    {
        await using var stream = File.OpenRead(directory.File(name));
        return [.. (await ParquetSerializer.DeserializeUntypedAsync(stream, EveryDigit)).Data.Select(r => new Dictionary<string, object?>(r!))];
    }
}
