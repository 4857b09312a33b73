using System.Globalization;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;
using Etl.Host.Screen;

namespace Etl.Host.Data;

/// <summary>The country table as RFC 4180 has it.</summary>
internal static class CsvData
{
    public static void Write(Report report, TextWriter writer)
    {
        writer.Write(CsvSink.CountriesHeader + CsvText.LineEnd);
        foreach (var c in report.Countries)
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{Text(c.Country)},{Text(c.Code.ToString())},{Text(c.Region ?? "")},{c.Year},{Wording.Billions(c.Gdp)},{c.Gdp.ToMillionText()},{c.Rank}{CsvText.LineEnd}"));
    }

    /// <summary>A text cell. A spreadsheet must not take it for a formula, a terminal not for a command.</summary>
    internal static string Text(string text) => CsvText.Text(string.Concat(text.Where(c => !char.IsControl(c) || c is '\t' or '\r' or '\n')));
}
