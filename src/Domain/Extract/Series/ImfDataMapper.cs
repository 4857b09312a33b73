using System.Text.Json;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>
/// The IMF's DataMapper API: <c>{"values": {"NGDPD": {"USA": {"2024": 29167.779, ...}}}}</c>, billions of US dollars, doubles written out in
/// full. It tells no date. Source of the format: www.imf.org/external/datamapper/api/help.
/// </summary>
public static class ImfDataMapper
{
    private const string Indicator = "NGDPD", Sought = "the IMF's DataMapper reply with the indicator NGDPD (GDP at current prices, billions of US dollars)";
    private const string Remedy = "download https://www.imf.org/external/datamapper/api/v1/NGDPD";

    /// <summary>The table of a reply, or what was seen instead.</summary>
    public static SeriesReading Read(ReadOnlyMemory<byte> content)
    {
        using var document = SeriesJson.Parse(content, out var problem);
        if (document is null) return SeriesReading.No(RefusalReason.NoTable, Sought, problem, Remedy);
        if (SeriesJson.Get(document.RootElement, "values") is not { ValueKind: JsonValueKind.Object } values)
            return SeriesReading.No(RefusalReason.NoTable, Sought, "it has no \"values\"", Remedy);
        if (SeriesJson.Get(values, Indicator) is not { ValueKind: JsonValueKind.Object } countries)
        {
            var names = values.EnumerateObject().Take(5).Select(p => CellText.Shorten(p.Name, 40)).ToArray();
            return SeriesReading.No(
                names.Length == 0 ? RefusalReason.NoTable : RefusalReason.OtherMeasure, Sought,
                names.Length == 0 ? "it has no indicator" : $"it has {string.Join(", ", names)}", Remedy);
        }

        var draft = new SeriesDraft();
        foreach (var country in countries.EnumerateObject())
        {
            if (country.Value.ValueKind != JsonValueKind.Object)
                return SeriesReading.No(RefusalReason.NoTable, Sought, $"\"{CellText.Shorten(country.Name, 40)}\" holds no years", Remedy);
            if (!draft.Note(country.Name, country.Name, false)) return SeriesReading.No(RefusalReason.TooLarge, Sought, SeriesDraft.TooMuch, Remedy);
            foreach (var year in country.Value.EnumerateObject())
            {
                if (SeriesTexts.YearOf(year.Name) is not { } number)
                    return SeriesReading.No(RefusalReason.NoTable, Sought, $"\"{CellText.Shorten(country.Name, 40)}\" has a figure of \"{CellText.Shorten(year.Name, 40)}\", which is no year", Remedy);
                if (!draft.Add(country.Name, country.Name, false, number, SeriesJson.Figure(year.Value, isDouble: true)))
                    return SeriesReading.No(RefusalReason.TooLarge, Sought, SeriesDraft.TooMuch, Remedy);
            }
        }

        var (years, rows) = draft.Finish();
        return new SeriesReading.Table(new SeriesTable("IMF DataMapper", "NGDPD, GDP at current prices", Unit.Billion, null, years, rows, []));
    }
}
