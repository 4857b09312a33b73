using System.Collections.Immutable;
using System.Numerics;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// The country table and each region's top as Parquet: amounts as DECIMAL with all their digits, years as INT32, members as lists. The
/// bytes are a function of the report; nothing is compressed, because what a compressor writes may depend on the processor.
/// </summary>
public sealed class ParquetSink : ISink
{
    /// <summary>All countries, highest first.</summary>
    public const string CountriesFile = "Countries_by_GDP.parquet";

    /// <summary>Each region's top economies and their average.</summary>
    public const string RegionsFile = "Region_Top.parquet";

    // The most that a DECIMAL may have.
    private const int Digits = 38;

    private static readonly BigInteger TooLarge = BigInteger.Pow(10, Digits);

    /// <inheritdoc />
    public string Name => "parquet";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        async () => AnswerFiles.Load(
            input, cancellation,
            (CountriesFile, await CountriesAsync([.. input.Report.Countries]).ConfigureAwait(false)),
            (RegionsFile, await RegionsAsync([.. input.Report.Regions]).ConfigureAwait(false))),
        cancellation);

    private static Task<byte[]> CountriesAsync(ImmutableArray<CountryRow> rows) => WriteAsync(
    [
        Texts("Country", [.. rows.Select(r => r.Country)]),
        Texts("Code", [.. rows.Select(r => r.Code.ToString())]),
        Texts("Region", [.. rows.Select(r => r.Region)], nullable: true),
        Years("Year", [.. rows.Select(r => r.Year)]),
        Decimals("GDP_USD_billion", 20, 2, [.. rows.Select(r => (BigInteger)r.Gdp.RoundedHundredths)]),
        // An amount counts millionths of a millionth of a dollar: six digits of a million, twelve of a dollar.
        Decimals("GDP_USD_million", Digits, 18, [.. rows.Select(r => Exact(r.Gdp, r.Country))]),
        Integers("Rank", [.. rows.Select(r => r.Rank)]),
    ]);

    private static Task<byte[]> RegionsAsync(ImmutableArray<RegionRow> rows) => WriteAsync(
    [
        Texts("Region", [.. rows.Select(r => r.Region)]),
        Years("Year_From", [.. rows.Select(r => r.YearFrom)]),
        Years("Year_To", [.. rows.Select(r => r.YearTo)]),
        Integers("Top", [.. rows.Select(r => r.Top)]),
        // The text has always two decimals.
        Decimals("Average_GDP_USD_billion", 20, 2, [.. rows.Select(r => BigInteger.Parse(r.Average.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture))]),
        Decimals("Sum_exact", Digits, 21, [.. rows.Select(r => Exact(r.Sum, r.Region))]),
        Lists("Countries", rows, m => m.Country),
        Lists("Codes", rows, m => m.Code.ToString()),
    ]);

    private static BigInteger Exact(Money amount, string of) => BigInteger.Abs(amount.Pico) < TooLarge ? amount.Pico : throw SinkException.Refused(
        $"the amount of {of}, {amount.ToMillionText()} million USD, has more digits than the {Digits} of a DECIMAL in Parquet. Leave parquet out of --sink.");

    private static async Task<byte[]> WriteAsync(ImmutableArray<Column> columns)
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema([.. columns.Select(c => c.Field)]);
        var writer = await ParquetWriter.CreateAsync(schema, stream, new() { CompressionMethod = CompressionMethod.None }).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            // A list is one field of the schema, and one column of data below it.
            foreach (var (column, data) in columns.Zip(schema.GetDataFields())) await column.WriteAsync(group, data).ConfigureAwait(false);
            group.CompleteValidate();
        }

        return stream.ToArray();
    }

    private static Column Texts(string name, string?[] values, bool nullable = false) =>
        new(new DataField<string>(name, nullable), (group, field) => group.WriteAsync(field, values!));

    private static Column Years(string name, int?[] values) =>
        new(new DataField<int?>(name), (group, field) => group.WriteAsync<int>(field, values));

    private static Column Integers(string name, int[] values) =>
        new(new DataField<int>(name), (group, field) => group.WriteAsync<int>(field, values));

    private static Column Decimals(string name, int precision, int scale, BigInteger[] values) => new(
        new BigDecimalDataField(name, precision, scale, isNullable: false),
        (group, field) => group.WriteAsync<BigDecimal>(field, values.Select(v => new BigDecimal(v, precision, scale)).ToArray()));

    // A repetition level of 0 begins a row's list, 1 goes on with it. A region has a member at least, so no list is empty.
    private static Column Lists(string name, ImmutableArray<RegionRow> rows, Func<CountryRow, string> item) => new(
        new ListField(name, new DataField<string>("element", false)),
        (group, field) => group.WriteAsync(
            field, [.. rows.SelectMany(r => r.Members.Select(item))],
            (ReadOnlyMemory<int>)rows.SelectMany(r => r.Members.Select((_, i) => i == 0 ? 0 : 1)).ToArray()));

    private sealed record Column(Field Field, Func<ParquetRowGroupWriter, DataField, Task> WriteAsync);
}
