namespace Etl.Domain.Countries;

/// <summary>Reads the text of a directory in one pass. The first fault ends it: a directory that is half right gives wrong answers.</summary>
internal sealed class CountryDirectoryReader
{
    private const int CountryFields = 10, AggregateFields = 2;

    private static readonly string[] Continents =
        ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"];

    // An array, not a dictionary: faster to fill, to compile at start-up and to ask, and it is in the order of the codes.
    private readonly Country?[] _byCode = new Country?[CountryCode.PackedLimit];
    private readonly Dictionary<string, NameMatch> _names = new(2000);
    private readonly Dictionary<string, NameMatch> _codes = new(500);
    private readonly List<string> _spellings = new(1000);
    private bool _any;
    private int _line;
    private string? _problem;

    private CountryDirectoryReader() { }

    /// <summary>The directory that the text describes, or the first line that does not fit and why.</summary>
    public static Parsed<CountryDirectory> Read(string text)
    {
        var reader = new CountryDirectoryReader();
        reader.ReadLines(text);
        if (reader._problem is { } problem)
            return new Parsed<CountryDirectory>.Refused(reader._line, problem, "the head of countries.txt describes the format");

        return new Parsed<CountryDirectory>.Ok(
            new CountryDirectory(text, reader._byCode, reader._names, reader._codes, reader._spellings));
    }

    private void ReadLines(string text)
    {
        var section = "";
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            _line++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                section = line.ToString();
                if (section is not ("[countries]" or "[aggregates]"))
                    _problem = $"unknown section {section}";
            }
            else
            {
                var fields = line.ToString().Split('|', StringSplitOptions.TrimEntries);
                switch (section)
                {
                    case "[countries]": AddCountry(fields); break;
                    case "[aggregates]": AddAggregate(fields); break;
                    default: _problem = "an entry before the first section"; break;
                }
            }

            if (_problem is not null)
                return;
        }

        if (!_any)
            _problem = "no country";
    }

    private void AddCountry(string[] fields)
    {
        if (fields.Length != CountryFields)
            Fail($"{fields.Length} fields where a country has {CountryFields}");
        else if (!CountryCode.TryParse(fields[0], out var code))
            Fail($"'{fields[0]}' is no code of three capitals");
        else if (fields[1].Length != 0 && (fields[1].Length != 2 || fields[1].AsSpan().ContainsAnyExceptInRange('A', 'Z')))
            Fail($"'{fields[1]}' is no code of two capitals");
        else if (fields[2].Length == 0)
            Fail($"{code} has no name");
        else if (fields[3].Length != 0 && Array.IndexOf(Continents, fields[3]) < 0)
            Fail($"'{fields[3]}' is no continent");
        else
            AddCountry(code, fields);
    }

    private void AddCountry(CountryCode code, string[] fields)
    {
        var country = new Country(
            code, Optional(fields[1]), fields[2], Optional(fields[3]), Optional(fields[4]),
            Optional(fields[5]), Optional(fields[6]), Optional(fields[7]));
        var match = new NameMatch.Known(country);
        AddCode(fields[0], match);
        foreach (var other in fields[8].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            AddCode(other, match);
        AddSpelling(fields[2], match);
        if (fields[9].Length != 0)
        {
            foreach (var alias in fields[9].Split(';', StringSplitOptions.TrimEntries))
                AddSpelling(alias, match);
        }

        _byCode[code.Packed] = country;
        _any = true;
    }

    private void AddAggregate(string[] fields)
    {
        if (fields.Length != AggregateFields)
        {
            Fail($"{fields.Length} fields where an aggregate has {AggregateFields}");
            return;
        }

        var match = new NameMatch.Aggregate(fields[0]);
        AddName(fields[0], match);
        foreach (var code in fields[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            AddCode(code, match);
    }

    private void AddCode(string code, NameMatch match)
    {
        if (!_codes.TryAdd(code, match))
            Fail(Twice("code", code, _codes[code], match));
    }

    private void AddSpelling(string name, NameMatch.Known match)
    {
        AddName(name, match);
        _spellings.Add(name);
    }

    private void AddName(string name, NameMatch match)
    {
        var key = CountryNames.Normalize(name);
        if (key.Length == 0)
            Fail($"an empty name for {Describe(match)}");
        else if (_names.TryGetValue(key, out var other))
            Fail(Twice("name", name, other, match));
        else
            // The spelling itself is a key too, so that what is spelled as here is found without normalising it.
            _names[name] = _names[key] = match;
    }

    private static string Twice(string kind, string text, NameMatch first, NameMatch second) => ReferenceEquals(first, second)
        ? $"{kind} '{text}' is listed twice for {Describe(second)}"
        : $"{kind} '{text}' stands for both {Describe(first)} and {Describe(second)}";

    // The first problem of a line is the one that is reported.
    private void Fail(string problem) => _problem ??= problem;

    private static string? Optional(string field) => field.Length == 0 ? null : field;

    private static string Describe(NameMatch match) => match switch
    {
        NameMatch.Known known => $"{known.Country.Name} ({known.Country.Code})",
        NameMatch.Aggregate aggregate => $"the aggregate {aggregate.Name}",
        _ => throw new System.Diagnostics.UnreachableException(match.GetType().Name),
    };
}
