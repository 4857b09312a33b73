using System.Globalization;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// The tables of <see cref="SqliteSchema"/> as PostgreSQL has them: the same names and columns, exact numbers where SQLite has doubles, and
/// texts in the order of their bytes. Names are unqualified: a load sets its search path.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Creates the table where it is absent.</summary>
    public static string CreateSql(SqliteTable table) =>
        $"""CREATE TABLE IF NOT EXISTS "{table.Name}" ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\" {Type(table, c.Type)}"))}{(table.Key is null ? "" : ", " + table.Key)})""";

    /// <summary>Copies rows in, as <see cref="PostgresText"/> writes them.</summary>
    public static string CopySql(SqliteTable table) =>
        $"""COPY "{table.Name}" ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN""";

    /// <summary>
    /// Each region's top and average from the table of countries alone. A view takes no parameters, so the number of places is part of its
    /// text; it is an integer of ours, not a text of the input.
    /// </summary>
    public static string CreateTopView(int top, bool perYear)
    {
        var year = perYear ? "\"Year\"" : "NULL::bigint";
        var partition = perYear ? "\"Region\", \"Year\"" : "\"Region\"";
        var places = top.ToString(CultureInfo.InvariantCulture);
        return $"""
            CREATE OR REPLACE VIEW "{SqliteSchema.TopView}" AS
            WITH placed AS (
              SELECT "Region", {year} AS "Group_Year", "Year", "Country", "Code", "GDP_USD_million",
                     ROW_NUMBER() OVER (PARTITION BY {partition} ORDER BY "GDP_USD_million" DESC, "Code") AS "Place"
              FROM "Countries_by_GDP"
              WHERE "Region" IS NOT NULL)
            SELECT "Region", "Group_Year" AS "Year", MIN("Year") AS "Year_From", MAX("Year") AS "Year_To", {places} AS "Top",
                   ROUND(AVG("GDP_USD_million") / 1000, 2) AS "Average_GDP_USD_billion",
                   STRING_AGG("Country", ', ' ORDER BY "Place") AS "Countries", STRING_AGG("Code", ' ' ORDER BY "Place") AS "Codes"
            FROM placed
            WHERE "Place" <= {places}
            GROUP BY "Region", "Group_Year"
            ORDER BY "Group_Year", "Region"
            """;
    }

    private static string Type(SqliteTable table, string declared) => declared
        .Replace("INTEGER", "bigint", StringComparison.Ordinal)
        .Replace("REAL", table == SqliteSchema.Runs ? "double precision" : "numeric", StringComparison.Ordinal)
        .Replace("TEXT", "text COLLATE \"C\"", StringComparison.Ordinal);
}
