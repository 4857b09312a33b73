using System.Globalization;
using System.Text.Json;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>
/// Data messages in SDMX-JSON 2.0 (of SDMX 3.0) and 1.0, as the IMF's API gives them: series or observations keyed by positions ("0:3:0") in
/// lists of dimension values. Source of the format: github.com/sdmx-twg/sdmx-json, data-message.
/// </summary>
public static class SdmxJson
{
    private const string Sought = "an SDMX-JSON data message of the IMF with the indicator NGDPD (GDP at current prices, US dollars), annual";
    private const string Remedy = "ask the IMF's API for the indicator NGDPD of the dataflow WEO, with Accept: application/vnd.sdmx.data+json;version=2.0.0";
    private const int MaxDimensions = 32, MaxSets = 32;

    private static readonly string[] CountryIds = ["COUNTRY", "REF_AREA", "JURISDICTION", "GEO", "AREA"];
    private static readonly string[] IndicatorIds = ["INDICATOR", "SUBJECT", "CONCEPT", "SERIES"];
    private static readonly string[] ScaleIds = ["SCALE", "UNIT_MULT", "UNIT_MULTIPLIER"];

    /// <summary>The table of a message, or what was seen instead.</summary>
    public static SeriesReading Read(ReadOnlyMemory<byte> content)
    {
        using var document = SeriesJson.Parse(content, out var problem);
        if (document is null) return SeriesReading.No(RefusalReason.NoTable, Sought, problem, Remedy);
        var root = document.RootElement;
        if (SeriesJson.Get(root, "errors") is { } errors && SeriesJson.At(errors, 0) is { } error)
            return SeriesReading.No(RefusalReason.NoTable, Sought, $"the API answered with an error: \"{CellText.Shorten(SeriesJson.Text(SeriesJson.Get(error, "title") ?? SeriesJson.Get(error, "message")), 100)}\"", Remedy);
        var data = SeriesJson.Get(root, "data") ?? root;
        if (SeriesJson.Get(data, "dataSets") is not { ValueKind: JsonValueKind.Array } sets || sets.GetArrayLength() == 0) return No("it has no data set");
        if (sets.GetArrayLength() > MaxSets) return No($"it has more than {MaxSets} data sets");
        var (draft, structures) = (new SeriesDraft(), new Dictionary<int, Structure>());
        var (others, scales) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var set in sets.EnumerateArray())
        {
            var at = int.TryParse(SeriesJson.Text(SeriesJson.Get(set, "structure")), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : 0;
            if (!structures.TryGetValue(at, out var structure))
            {
                if ((SeriesJson.Get(data, "structures") is { } list ? SeriesJson.At(list, at) : SeriesJson.Get(data, "structure")) is not { } found) return No("a data set has no structure");
                structures.Add(at, structure = Structure.Of(found));
            }

            if (new Message(structure, set, draft, others, scales).Read() is { } refusal) return No(refusal);
        }

        var (years, rows) = draft.Finish();
        if (rows.IsEmpty)
            return SeriesReading.No(
                others.Count == 0 ? RefusalReason.NoTable : RefusalReason.OtherMeasure, Sought,
                others.Count == 0 ? "it has no annual observations" : $"its indicators are {string.Join(", ", others.Take(6).Select(o => CellText.Shorten(o, 40)))}", Remedy);
        if (scales.Count > 1) return SeriesReading.No(RefusalReason.UnknownUnit, Sought, $"its series have the scales {string.Join(", ", scales.Take(6))}", Remedy);
        var edition = SeriesJson.Get(root, "meta") is { } meta ? SeriesJson.Text(SeriesJson.Get(meta, "prepared")) : "";
        return new SeriesReading.Table(new SeriesTable(
            "IMF, SDMX data message", "NGDPD, GDP at current prices", UnitOf(scales.FirstOrDefault("")), edition.Length >= 10 ? SeriesTexts.DateOf(edition[..10]) : null, years, rows,
            others.Count == 0 ? [] : [$"series of other indicators are left out, the first is {CellText.Shorten(others.First(), 40)}"]));

        static SeriesReading No(string seen) => SeriesReading.No(RefusalReason.NoTable, Sought, seen, Remedy);
    }

    private static Unit? UnitOf(string scale) => scale.ToUpperInvariant() switch
    {
        "9" or "BILLIONS" => Unit.Billion,
        "6" or "MILLIONS" => Unit.Million,
        "3" or "THOUSANDS" => Unit.Thousand,
        "0" or "UNITS" => Unit.Usd,
        _ => null,
    };

    private sealed class Message(Structure structure, JsonElement set, SeriesDraft draft, SortedSet<string> others, SortedSet<string> scales)
    {
        public string? Read()
        {
            var (outer, inner) = (structure.OfSeries, structure.OfObservations);
            if (outer.Length + inner.Length is 0 or > MaxDimensions) return "its structure has no dimensions";
            if (SeriesJson.Get(set, "series") is { ValueKind: JsonValueKind.Object } series)
            {
                foreach (var one in series.EnumerateObject())
                {
                    if (Place.Of(one.Name, outer) is not { } place) return $"the series \"{CellText.Shorten(one.Name, 40)}\" is not in its structure";
                    if (!IsWanted(place)) continue;
                    Scale(one.Value, place);
                    if (SeriesJson.Get(one.Value, "observations") is { ValueKind: JsonValueKind.Object } observations && Observations(observations, inner, place) is { } problem) return problem;
                }

                return null;
            }

            return SeriesJson.Get(set, "observations") is { ValueKind: JsonValueKind.Object } flat ? Observations(flat, inner, null) : "a data set has neither series nor observations";
        }

        private string? Observations(JsonElement observations, Dimension[] dimensions, Place? series)
        {
            foreach (var one in observations.EnumerateObject())
            {
                if (Place.Of(one.Name, dimensions) is not { } own) return $"the observation \"{CellText.Shorten(one.Name, 40)}\" is not in its structure";
                var place = series is null ? own : series.With(own);
                if (series is null && !IsWanted(place)) continue;
                // A quarter or a month is no year.
                if (SeriesTexts.YearOf(place.Id(["TIME_PERIOD", "TIME"])) is not { } year) continue;
                if (place.Value(CountryIds) is not { } country) return "its structure has no dimension of countries (COUNTRY or REF_AREA)";
                var figure = one.Value.ValueKind == JsonValueKind.Array ? SeriesJson.At(one.Value, 0) is { } first ? SeriesJson.Figure(first, isDouble: false) : "" : SeriesJson.Figure(one.Value, isDouble: false);
                if (!draft.Add(country.Name, country.Id, false, year, figure)) return SeriesDraft.TooMuch;
            }

            return null;
        }

        private bool IsWanted(Place place)
        {
            if (place.Id(["FREQUENCY", "FREQ"]) is { Length: > 0 } frequency && !frequency.Equals("A", StringComparison.OrdinalIgnoreCase)) return false;
            var indicator = place.Id(IndicatorIds);
            if (indicator.Equals("NGDPD", StringComparison.OrdinalIgnoreCase)) return true;
            others.Add(indicator);
            return false;
        }

        // Attributes stand as positions in the structure's lists, in the order of that list; or, as a dimension, in the key.
        private void Scale(JsonElement series, Place place)
        {
            if (place.Id(ScaleIds) is { Length: > 0 } dimension)
            {
                scales.Add(dimension);
                return;
            }

            var known = structure.Attributes;
            var given = SeriesJson.Get(series, "attributes") ?? default;
            for (var i = 0; i < known.Length; i++)
            {
                if (!ScaleIds.Contains(known[i].Id, StringComparer.OrdinalIgnoreCase) || SeriesJson.At(given, i) is not { } chosen) continue;
                scales.Add(
                    chosen.ValueKind == JsonValueKind.Number && chosen.TryGetInt32(out var index) && index >= 0 && index < known[i].Values.Length
                        ? known[i].Values[index].Id : SeriesJson.Text(chosen));
            }
        }
    }

    // Read once, because an element of a JSON array is found by counting from its beginning, and keys name as many as there are series.
    private sealed record Structure(Dimension[] OfSeries, Dimension[] OfObservations, Dimension[] Attributes)
    {
        public static Structure Of(JsonElement structure)
        {
            var (dimensions, attributes) = (SeriesJson.Get(structure, "dimensions") ?? default, SeriesJson.Get(structure, "attributes") ?? default);
            return new(List(dimensions, "series"), List(dimensions, "observation"), List(attributes, "series"));
        }

        private static Dimension[] List(JsonElement of, string name) =>
            SeriesJson.Get(of, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() <= MaxDimensions ? [.. list.EnumerateArray().Select(Dimension.Of)] : [];
    }

    /// <summary>A dimension or an attribute, with what its positions stand for.</summary>
    private sealed record Dimension(string Id, (string Id, string Name)[] Values)
    {
        public static Dimension Of(JsonElement dimension) => new(
            SeriesJson.Text(SeriesJson.Get(dimension, "id")),
            SeriesJson.Get(dimension, "values") is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(ValueOf)] : []);

        private static (string Id, string Name) ValueOf(JsonElement value)
        {
            var (id, name) = (IdOf(value), SeriesJson.Get(value, "name") ?? (SeriesJson.Get(value, "names") is { } names ? SeriesJson.Get(names, "en") : null));
            return (id, SeriesJson.Text(name) is { Length: > 0 } text ? text : id);
        }
    }

    private static string IdOf(JsonElement value) => SeriesJson.Text(SeriesJson.Get(value, "id")) is { Length: > 0 } id ? id : SeriesJson.Text(SeriesJson.Get(value, "value"));

    /// <summary>What a key's positions stand for: by dimension, the value's id and name.</summary>
    private sealed record Place(Dictionary<string, (string Id, string Name)> Values)
    {
        public static Place? Of(string key, Dimension[] dimensions)
        {
            var positions = key.Split(':', MaxDimensions + 1);
            if (positions.Length != dimensions.Length) return null;
            var values = new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < positions.Length; i++)
            {
                if (!int.TryParse(positions[i], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                    || at >= dimensions[i].Values.Length) return null;
                values[dimensions[i].Id] = dimensions[i].Values[at];
            }

            return new(values);
        }

        public Place With(Place other)
        {
            var both = new Dictionary<string, (string, string)>(Values, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in other.Values) both[name] = value;
            return new(both);
        }

        public (string Id, string Name)? Value(string[] ids) => ids.Where(Values.ContainsKey).Select(id => ((string, string)?)Values[id]).FirstOrDefault();

        public string Id(string[] ids) => Value(ids)?.Id ?? "";
    }
}
