using System.Collections.Immutable;
using System.Globalization;

namespace Etl.Actors.Load.Sinks;

/// <summary>A table of the database: what is created, what an existing file is held against, and what is inserted into.</summary>
/// <param name="Columns">Name and declared type with its constraints.</param>
/// <param name="Key">A constraint over several columns, or null.</param>
internal sealed record SqliteTable(string Name, ImmutableArray<(string Name, string Type)> Columns, string? Key = null)
{
    /// <summary>Creates the table where it is absent.</summary>
    public string CreateSql =>
        $"""CREATE TABLE IF NOT EXISTS "{Name}" ({string.Join(", ", Columns.Select(c => $"\"{c.Name}\" {c.Type}"))}{(Key is null ? "" : ", " + Key)})""";

    /// <summary>Inserts a row; values are bound to <c>@0</c>, <c>@1</c>, ... in the order of the columns.</summary>
    public string InsertSql =>
        $"""INSERT INTO "{Name}" ({string.Join(", ", Columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", Columns.Select((_, i) => "@" + i))})""";

    /// <summary>Inserts a row, or corrects the one that has the same value in the first column.</summary>
    public string UpsertSql =>
        InsertSql + $""" ON CONFLICT ("{Columns[0].Name}") DO UPDATE SET {string.Join(", ", Columns.Skip(1).Select(c => $"\"{c.Name}\" = excluded.\"{c.Name}\""))}""";
}

/// <summary>
/// The database's tables and view. Names and types are public: people's queries depend on them. Only syntax of SQLite 3.25 (2018) and
/// older, because a view that an older library cannot parse makes the whole file unreadable for it.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Name of the view that answers by SQL alone.</summary>
    public const string TopView = "Region_Top_SQL";

    /// <summary>Stored as <c>user_version</c>, for a later release that must tell old files from new ones.</summary>
    public const int Version = 1;

    /// <summary>The result, highest first.</summary>
    public static SqliteTable Countries { get; } = new(
        "Countries_by_GDP",
        [
            ("Country", "TEXT NOT NULL"), ("Code", "TEXT NOT NULL"), ("Region", "TEXT"), ("Year", "INTEGER"),
            ("GDP_USD_billion", "REAL NOT NULL"), ("GDP_USD_million", "REAL NOT NULL"), ("GDP_USD_million_exact", "TEXT NOT NULL"),
            ("Rank", "INTEGER NOT NULL"),
        ],
        """UNIQUE ("Code", "Year")""");

    /// <summary>
    /// One row per region, and per year when results are per year (else <c>Year</c> is null). <c>Countries</c> holds the members as JSON
    /// text, the same as in the JSON file: <c>json_each</c> reads it, and a member's figures stand in the table of countries anyway.
    /// </summary>
    public static SqliteTable Regions { get; } = new(
        "Region_Top",
        [
            ("Region", "TEXT NOT NULL"), ("Year", "INTEGER"), ("Year_From", "INTEGER"), ("Year_To", "INTEGER"), ("Top", "INTEGER NOT NULL"),
            ("Average_GDP_USD_billion", "REAL NOT NULL"), ("Sum_exact", "TEXT NOT NULL"), ("Countries", "TEXT NOT NULL"),
        ],
        """UNIQUE ("Region", "Year")""");

    /// <summary>Rows set aside, by place.</summary>
    public static SqliteTable Quarantine { get; } = new(
        "Quarantine",
        [
            ("Source", "TEXT NOT NULL"), ("Line", "INTEGER"), ("Row", "INTEGER"), ("Offset", "INTEGER"), ("Column", "TEXT NOT NULL"),
            ("Text", "TEXT NOT NULL"), ("Reason", "TEXT NOT NULL"), ("Stage", "TEXT NOT NULL"),
        ]);

    /// <summary>One row per run that loaded this database, oldest first; the only table that later runs add to.</summary>
    public static SqliteTable Runs { get; } = new(
        "Runs",
        [
            ("Run_Id", "TEXT NOT NULL PRIMARY KEY"), ("Job_Id", "TEXT NOT NULL"), ("Product_Version", "TEXT NOT NULL"),
            ("As_Of", "TEXT"), ("Content_Sha256", "TEXT NOT NULL"), ("Title", "TEXT"), ("Source_Table", "TEXT"), ("Source_Column", "TEXT"),
            ("Unit", "TEXT"), ("Regions", "TEXT NOT NULL"), ("Year_Rule", "TEXT NOT NULL"), ("Top", "INTEGER NOT NULL"),
            ("Threshold_Billion", "REAL NOT NULL"), ("Read", "INTEGER NOT NULL"), ("Counted", "INTEGER NOT NULL"),
            ("Superseded", "INTEGER NOT NULL"), ("Missing", "INTEGER NOT NULL"), ("Aggregates", "INTEGER NOT NULL"),
            ("Quarantined", "INTEGER NOT NULL"), ("Loaded", "INTEGER NOT NULL"), ("Unassigned", "INTEGER NOT NULL"),
            ("Batches", "INTEGER NOT NULL"), ("Batches_Resumed", "INTEGER NOT NULL"), ("Restarts", "INTEGER NOT NULL"),
            ("Retries", "INTEGER NOT NULL"), ("Attempts", "INTEGER NOT NULL"), ("Started", "TEXT NOT NULL"),
            ("Run_Started", "TEXT NOT NULL"), ("Finished", "TEXT NOT NULL"), ("Seconds", "REAL"), ("Bytes", "INTEGER NOT NULL"),
            ("Rows_Per_Second", "REAL"),
        ]);

    /// <summary>All tables.</summary>
    public static ImmutableArray<SqliteTable> Tables { get; } = [Countries, Regions, Quarantine, Runs];

    /// <summary>Columns of the view, to recognise it in an existing file.</summary>
    public static ImmutableArray<string> TopViewColumns { get; } =
        ["Region", "Year", "Year_From", "Year_To", "Top", "Average_GDP_USD_billion", "Countries", "Codes"];

    /// <summary>
    /// Each region's top and average from the table of countries alone. A view takes no parameters, so the number of places is part of
    /// its text; it is an integer of ours, not a text of the input.
    /// </summary>
    public static string CreateTopView(int top, bool perYear)
    {
        var year = perYear ? "\"Year\"" : "NULL";
        var partition = perYear ? "\"Region\", \"Year\"" : "\"Region\"";
        var places = top.ToString(CultureInfo.InvariantCulture);
        // The members are joined by a running window whose last row is kept: that has an order, which a plain GROUP_CONCAT has not.
        return $"""
            CREATE VIEW "{TopView}" AS
            WITH placed AS (
              SELECT "Region", {year} AS "Group_Year", "Year", "Country", "Code", "GDP_USD_million",
                     ROW_NUMBER() OVER (PARTITION BY {partition} ORDER BY "GDP_USD_million" DESC, "Code") AS "Place"
              FROM "Countries_by_GDP"
              WHERE "Region" IS NOT NULL),
            running AS (
              SELECT "Region", "Group_Year",
                     AVG("GDP_USD_million") OVER so_far AS "Average_million",
                     MIN("Year") OVER so_far AS "Year_From",
                     MAX("Year") OVER so_far AS "Year_To",
                     GROUP_CONCAT("Country", ', ') OVER so_far AS "Countries",
                     GROUP_CONCAT("Code", ' ') OVER so_far AS "Codes",
                     ROW_NUMBER() OVER (PARTITION BY "Region", "Group_Year" ORDER BY "Place" DESC) AS "From_Last"
              FROM placed
              WHERE "Place" <= {places}
              WINDOW so_far AS (PARTITION BY "Region", "Group_Year" ORDER BY "Place"))
            SELECT "Region", "Group_Year" AS "Year", "Year_From", "Year_To", {places} AS "Top",
                   ROUND("Average_million" / 1000.0, 2) AS "Average_GDP_USD_billion", "Countries", "Codes"
            FROM running
            WHERE "From_Last" = 1
            ORDER BY "Group_Year", "Region"
            """;
    }
}
