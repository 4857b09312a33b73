using System.Globalization;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Load.Sinks;

/// <summary>Fills the tables within the caller's transaction. Each table has one prepared statement; every value is bound.</summary>
internal static class SqliteRows
{
    /// <summary>Replaces the answer and adds the run.</summary>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, Report report, RunFacts facts)
    {
        foreach (var table in SqliteSchema.Tables) Execute(connection, transaction, table.CreateSql);
        // Rows are deleted, tables are not dropped: an index or a trigger that somebody added stays.
        foreach (var table in SqliteSchema.Tables.Where(t => t != SqliteSchema.Runs))
            Execute(connection, transaction, $"""DELETE FROM "{table.Name}" """);
        Insert(connection, transaction, SqliteSchema.Countries.InsertSql, report.Countries.Select(Row));
        Insert(connection, transaction, SqliteSchema.Regions.InsertSql, report.Regions.Select(Row));
        Insert(connection, transaction, SqliteSchema.Quarantine.InsertSql, QuarantineEntry.Of(report).Select(Row));
        Insert(connection, transaction, SqliteSchema.Runs.UpsertSql, [Row(report, facts)]);
        // The view is made anew, because the number of places is part of its text.
        Execute(connection, transaction, $"""DROP VIEW IF EXISTS "{SqliteSchema.TopView}" """);
        Execute(connection, transaction, SqliteSchema.CreateTopView(report.Spec.Options.Top, report.Spec.Options.Year is YearRule.All));
        Execute(connection, transaction, $"PRAGMA user_version = {SqliteSchema.Version}");
    }

    private static object?[] Row(CountryRow row) =>
    [
        row.Country, row.Code.ToString(), row.Region, row.Year, Real(row.Gdp.ToRoundedBillionText()), Real(row.Gdp.ToMillionText()),
        row.Gdp.ToMillionText(), row.Rank,
    ];

    private static object?[] Row(RegionRow row) =>
    [
        row.Region, row.Group, row.YearFrom, row.YearTo, row.Top, Real(row.Average), row.SumExact,
        JsonText.Compact(json => JsonSink.Members(json, row.Members)),
    ];

    /// <summary>The values of a row set aside.</summary>
    internal static object?[] Row(QuarantineEntry entry) =>
        [entry.Source, entry.Line, entry.Row, entry.Offset, entry.Column, entry.Text, entry.Reason, entry.Stage];

    /// <summary>The values of a run.</summary>
    internal static object?[] Row(Report report, RunFacts facts)
    {
        var edition = Edition.Of(report);
        var counts = report.Counts;
        var options = report.Spec.Options;
        return
        [
            facts.Run.ToString(), facts.Job.ToString(), facts.ProductVersion, edition.AsOf, edition.Identity, edition.Title,
            edition.Table, edition.Column, edition.Unit, options.Regions, options.Year.ToString(), options.Top,
            (double)options.ThresholdBillions, counts.Read, counts.Counted, counts.Superseded, counts.Missing, counts.Aggregates,
            counts.Quarantined, counts.Loaded, counts.Unassigned, facts.Batches, facts.BatchesResumed, facts.RestartsTotal, facts.Retries,
            facts.Attempts, RunFigures.Time(facts.Started), RunFigures.Time(facts.RunStarted), RunFigures.Time(facts.Finished),
            RunFigures.Seconds(facts), facts.InputBytes, RunFigures.RowsPerSecond(facts, counts),
        ];
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, string sql, IEnumerable<object?[]> rows)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var row in rows)
        {
            if (command.Parameters.Count == 0)
                for (var i = 0; i < row.Length; i++) command.Parameters.AddWithValue("@" + i.ToString(CultureInfo.InvariantCulture), null);
            for (var i = 0; i < row.Length; i++) command.Parameters[i].Value = row[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static double Real(string digits) => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
}
