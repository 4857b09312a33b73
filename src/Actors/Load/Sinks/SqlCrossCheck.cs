using System.Data.Common;
using System.Globalization;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// Asks the database the two questions of the product by SQL alone, and holds its answers against the report's: which economies are at or
/// above the threshold, and what each region's top averages. Within the load's transaction, so a disagreement undoes the load.
/// </summary>
public static class SqlCrossCheck
{
    // The average is rounded here from doubles and there from exact values: a hundredth apart at most, and the doubles' own error.
    private const decimal Tolerance = 0.010001m;

    /// <summary>Compares, and says for the screen what was compared.</summary>
    /// <param name="database">How messages call the database.</param>
    /// <exception cref="SinkException">SQL disagrees; the first difference is named.</exception>
    public static string Run(DbConnection connection, DbTransaction transaction, Report report, string database)
    {
        var threshold = (report.Spec.Options.ThresholdBillions / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
        var expected = report.AtOrAboveThreshold.Select(Key).ToHashSet();
        var found = AtOrAbove(connection, transaction, report.Spec.Options.ThresholdBillions);
        if (First(expected.Except(found)) is { } lacking)
            throw Disagree(database, $"{Text(lacking)} is at or above {threshold} billion USD in the report, and not by SQL");
        if (First(found.Except(expected)) is { } surplus)
            throw Disagree(database, $"{Text(surplus)} is at or above {threshold} billion USD by SQL, and not in the report");
        CompareRegions(connection, transaction, report, database);
        return string.Create(CultureInfo.InvariantCulture, $"SQL agrees: {found.Count} at or above {threshold}, {report.Regions.Count} averages");
    }

    private static void CompareRegions(DbConnection connection, DbTransaction transaction, Report report, string database)
    {
        var perYear = report.Spec.Options.Year is YearRule.All;
        var figures = Figures(connection, transaction, perYear);
        var tops = Tops(connection, transaction);
        foreach (var region in report.Regions)
        {
            var name = region.Group is { } group ? string.Create(CultureInfo.InvariantCulture, $"{region.Region} ({group})") : region.Region;
            if (!tops.Remove((region.Region, region.Group), out var top)) throw Disagree(database, $"{name} has no average by SQL");
            if (Math.Abs(top.Average - decimal.Parse(region.Average, CultureInfo.InvariantCulture)) > Tolerance)
                throw Disagree(database, string.Create(CultureInfo.InvariantCulture, $"the average of {name} is {region.Average} in the report and {top.Average} by SQL"));
            CompareMembers(region, name, top.Codes, code => figures.GetValueOrDefault((code, perYear ? region.Group : null)), database);
        }

        if (tops.Count > 0)
            throw Disagree(database, $"{tops.Keys.OrderBy(k => k.Year).ThenBy(k => k.Region, StringComparer.Ordinal).First().Region} has an average by SQL, and none in the report");
    }

    // Amounts that differ beyond the digits of a double may change places, or change the last place; their rounded values are the same.
    private static void CompareMembers(RegionRow region, string name, string[] codes, Func<string, decimal?> figure, string database)
    {
        if (codes.Length != region.Members.Count)
            throw Disagree(database, string.Create(CultureInfo.InvariantCulture, $"{name} has {region.Members.Count} members in the report and {codes.Length} by SQL"));
        for (var i = 0; i < codes.Length; i++)
        {
            var member = region.Members[i];
            if (codes[i] == member.Code.ToString()) continue;
            if (figure(codes[i]) != decimal.Parse(member.Gdp.ToRoundedBillionText(), CultureInfo.InvariantCulture))
                throw Disagree(database, string.Create(CultureInfo.InvariantCulture, $"number {i + 1} of {name} is {member.Code} in the report and {codes[i]} by SQL"));
        }
    }

    private static HashSet<(string Code, int? Year)> AtOrAbove(DbConnection connection, DbTransaction transaction, decimal threshold)
    {
        using var command = Query(connection, transaction, """SELECT "Code", "Year" FROM "Countries_by_GDP" WHERE "GDP_USD_billion" >= @threshold""");
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@threshold", (double)threshold);
        command.Parameters.Add(parameter);
        return Read(command, r => (r.GetString(0), Year(r, 1))).ToHashSet();
    }

    // When years are mixed a country has one row, whatever its year.
    private static Dictionary<(string Code, int? Year), decimal?> Figures(DbConnection connection, DbTransaction transaction, bool perYear)
    {
        using var command = Query(connection, transaction, """SELECT "Code", "Year", "GDP_USD_billion" FROM "Countries_by_GDP" """);
        return Read(command, r => (Key: (r.GetString(0), perYear ? Year(r, 1) : null), Value: (decimal?)Number(r, 2)))
            .DistinctBy(f => f.Key).ToDictionary(f => f.Key, f => f.Value);
    }

    private static Dictionary<(string Region, int? Year), (decimal Average, string[] Codes)> Tops(DbConnection connection, DbTransaction transaction)
    {
        using var command = Query(connection, transaction, """SELECT "Region", "Year", "Average_GDP_USD_billion", "Codes" FROM "Region_Top_SQL" """);
        return Read(command, r => (Key: (r.GetString(0), Year(r, 1)), Value: (Number(r, 2), r.GetString(3).Split(' '))))
            .ToDictionary(t => t.Key, t => t.Value);
    }

    private static DbCommand Query(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static List<T> Read<T>(DbCommand command, Func<DbDataReader, T> row)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    private static int? Year(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    // A double here, an exact number there.
    private static decimal Number(DbDataReader reader, int column) => Convert.ToDecimal(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static (string Code, int? Year) Key(CountryRow row) => (row.Code.ToString(), row.Year);

    private static (string Code, int? Year)? First(IEnumerable<(string Code, int? Year)> keys) =>
        keys.OrderBy(k => k.Code, StringComparer.Ordinal).ThenBy(k => k.Year).Select(k => ((string, int?)?)k).FirstOrDefault();

    private static string Text((string Code, int? Year) key) =>
        key.Year is { } year ? string.Create(CultureInfo.InvariantCulture, $"{key.Code} ({year})") : key.Code;

    private static SinkException Disagree(string database, string difference) => SinkException.Refused(
        $"The SQL cross-check disagrees with the report: {difference}. Nothing was loaded into '{database}'; this is a fault of the program, please report it.");
}
