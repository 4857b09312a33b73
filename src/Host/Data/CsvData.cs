using System.Globalization;
using Etl.Domain.Load;
using Etl.Host.Screen;

namespace Etl.Host.Data;

/// <summary>The country table as RFC 4180 has it.</summary>
internal static class CsvData
{
    // RFC 4180 asks for this on every platform.
    private const string LineEnd = "\r\n";

    public static void Write(Report report, TextWriter writer)
    {
        writer.Write("Country,Code,Region,Year,GDP_USD_billion,GDP_USD_million,Rank" + LineEnd);
        foreach (var c in report.Countries)
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{Text(c.Country)},{Text(c.Code.ToString())},{Text(c.Region ?? "")},{c.Year},{Wording.Billions(c.Gdp)},{c.Gdp.ToMillionText()},{c.Rank}{LineEnd}"));
    }

    /// <summary>A text cell. A spreadsheet must not take it for a formula, a terminal not for a command.</summary>
    internal static string Text(string text)
    {
        var clean = string.Concat(text.Where(c => !char.IsControl(c) || c is '\t' or '\r' or '\n'));
        if (clean.Length > 0 && clean[0] is '=' or '+' or '-' or '@' or '\t' or '\r') clean = "'" + clean;
        return clean.AsSpan().ContainsAny(",\"\r\n") ? $"\"{clean.Replace("\"", "\"\"")}\"" : clean;
    }
}
