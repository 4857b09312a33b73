using System.Globalization;
using System.Text;

namespace Etl.Actors.Load.Sinks;

/// <summary>Rows in the text format of COPY: every number by its digits, so that none is rounded on the way.</summary>
internal static class PostgresText
{
    /// <summary>A row, its line end included.</summary>
    public static string Line(IEnumerable<object?> values)
    {
        var line = new StringBuilder();
        foreach (var value in values)
        {
            if (line.Length > 0) line.Append('\t');
            switch (value)
            {
                case null: line.Append("\\N"); break;
                case string text: Append(line, text); break;
                case IFormattable number: line.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
                default: throw new System.Diagnostics.UnreachableException(value.GetType().Name);
            }
        }

        return line.Append('\n').ToString();
    }

    private static void Append(StringBuilder line, string text)
    {
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\\' => line.Append("\\\\"),
                '\t' => line.Append("\\t"),
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                // The one character that a text of PostgreSQL cannot hold.
                '\0' => line.Append('\uFFFD'),
                _ => line.Append(letter),
            };
        }
    }
}
