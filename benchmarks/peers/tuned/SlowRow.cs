using System.Globalization;
using System.Text;

namespace Etl.Benchmarks.Tuned;

/// <summary>Reads a row of any spelling that RFC 4180 allows. Clear, not fast: only rows that the fast path does not recognise get here.</summary>
internal static class SlowRow
{
    /// <summary>False when the row is malformed: not three fields, no year from 1900 to 2100, no number of at most three decimals.</summary>
    public static bool TryRead(ReadOnlySpan<byte> row, out string country, out int year, out long thousandths)
    {
        (country, year, thousandths) = ("", 0, 0);
        var fields = Split(Encoding.UTF8.GetString(row).TrimEnd('\r'));
        if (fields.Count != 3) return false;
        country = fields[0];
        var value = fields[2];
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out year)) return false;
        if (year is < Sums.FirstYear or > Sums.LastYear) return false;
        if (value.Length == 0 || !char.IsAsciiDigit(value[0]) || !char.IsAsciiDigit(value[^1])) return false;
        if (!decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number >= long.MaxValue / 1_000 || decimal.Truncate(number * 1_000) != number * 1_000) return false;
        thousandths = (long)(number * 1_000);
        return true;
    }

    private static List<string> Split(string row)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < row.Length; at++)
        {
            var c = row[at];
            if (c == '"')
            {
                // Within quotes two of them are one, elsewhere one opens or closes.
                if (quoted && at + 1 < row.Length && row[at + 1] == '"') field.Append(row[at++]);
                else quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
