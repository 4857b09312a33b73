using System.Text;

namespace Etl.Domain.Extract.Files;

/// <summary>Reads <c>country=NAME,year=NAME,gdp=NAME</c>, as the command line and the configuration have it.</summary>
public static class ColumnsOption
{
    private const string Remedy = "expected country=NAME,year=NAME,gdp=NAME, each at most once, with a name that has a comma in double quotes";

    private static readonly string[] Keys = ["country", "year", "gdp"];

    /// <summary>The names; at least one is given.</summary>
    public static Parsed<ColumnNames> Parse(string text)
    {
        var names = new string?[Keys.Length];
        for (var position = 0; position <= text.Length; position++)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0)
                return Refused($"'{text[position..].Trim()}' names no column");
            var key = text[position..equals].Trim();
            var index = Array.IndexOf(Keys, key);
            if (index < 0)
                return Refused($"there is no '{key}'" + (NearestWord.Find(key, Keys) is { } near ? $", did you mean {near}?" : ""));
            if (names[index] is not null)
                return Refused($"{key} is given twice");
            position = equals + 1;
            if (!TryName(text, ref position, out var name))
                return Refused($"the quote in '{text[(equals + 1)..].Trim()}' is not closed, or text follows it");
            if (name.Length == 0)
                return Refused($"{key} has no name");
            names[index] = name;
        }

        return new Parsed<ColumnNames>.Ok(new ColumnNames(names[0], names[1], names[2]));
    }

    /// <summary>Reads a name up to the comma after it, or to the end.</summary>
    private static bool TryName(string text, ref int position, out string name)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        if (position == text.Length || text[position] != '"')
        {
            var end = text.IndexOf(',', position);
            end = end < 0 ? text.Length : end;
            name = text[position..end].Trim();
            position = end;
            return true;
        }

        var quoted = new StringBuilder();
        name = "";
        for (position++; ; position++)
        {
            if (position == text.Length)
                return false;
            if (text[position] != '"')
                quoted.Append(text[position]);
            else if (position + 1 < text.Length && text[position + 1] == '"')
                quoted.Append(text[position++]);
            else
                break;
        }

        for (position++; position < text.Length && text[position] == ' ';)
            position++;
        name = quoted.ToString().Trim();
        return position == text.Length || text[position] == ',';
    }

    private static Parsed<ColumnNames> Refused(string problem) => new Parsed<ColumnNames>.Refused(0, problem, Remedy);
}
