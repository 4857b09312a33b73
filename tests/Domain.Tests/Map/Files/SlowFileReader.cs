using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Etl.Domain.Countries;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Map.Files;

/// <summary>
/// What a batch of a file means, written to be read and not to be fast: one character (byte) after the other, strings, lists, an object for
/// every row. <see cref="FileBatchMapper"/> must say the same.
/// </summary>
internal sealed class SlowFileReader(BatchBytes bytes, FilePlan plan, Caution caution)
{
    // A character per byte, so that positions are those of the file.
    private readonly string _text = Encoding.Latin1.GetString(bytes.Buffer, 0, bytes.End);
    private readonly Dictionary<int, List<AggregateEntry>> _regions = [];
    private readonly List<string> _missing = [];
    private readonly List<AggregateSeen> _aggregates = [];
    private readonly List<Rejection> _rejections = [];
    private readonly List<RowNote> _notes = [];
    private long _read, _records, _rounded;

    public static FileBatch Read(BatchBytes bytes, FilePlan plan, Caution? caution = null) =>
        new SlowFileReader(bytes, plan, caution ?? Caution.None).Read();

    private FileBatch Read()
    {
        long line = bytes.HeaderLines;
        for (var at = bytes.Start; at < _text.Length;)
        {
            var start = at;
            var position = bytes.Offset + start;
            if (caution.Probe is { } part && position >= part.To) break;
            var isProbed = caution.Probe is null || position >= caution.Probe.From;
            var condemned = caution.Condemned.Items.FirstOrDefault(c => c.Position == position);
            if (!plan.Multiline && (!isProbed || condemned is not null))
            {
                Line(ref at);
                if (isProbed && at > start)
                {
                    _read++;
                    Reject(new(plan.Input, position), line, "", _text[start..at], condemned!.Reason);
                }

                if (at < _text.Length && _text[at] == '\r') at++;
                if (at < _text.Length && _text[at] == '\n') at++;
                line++;
                continue;
            }

            var (fields, quoted) = (new List<string>(), new List<bool>());
            var fault = plan.Layout.Format == RecordFormat.Csv ? Fields(ref at, fields, quoted) : Line(ref at);
            var row = _text[start..at];
            if (row.Length > plan.MaxLineBytes)
                return new FileBatch.Refused(bytes.Offset + start, line, $"a line of more than {plan.MaxLineBytes} bytes", FileReasons.TooLongRemedy);
            if (fault == FileReasons.OpenQuote)
                return new FileBatch.Refused(bytes.Offset + start, line, FileReasons.OpenQuote, FileReasons.OpenQuoteRemedy);
            if (fault == FileReasons.NeverClosed)
                return new FileBatch.Refused(bytes.Offset + start, line, FileReasons.NeverClosed, FileReasons.NeverClosedRemedy);

            if (row.Length > 0 && isProbed && condemned is not null)
            {
                _read++;
                Reject(new(plan.Input, position), line, "", row, condemned.Reason);
            }
            else if (row.Length > 0 && isProbed)
            {
                _read++;
                var place = new Place(plan.Input, bytes.Offset + start);
                if (plan.Layout.Format == RecordFormat.Ndjson)
                    Json(row, place, line);
                else if (fault is not null)
                    Reject(place, line, "", row, fault);
                else if (fields.Count != plan.Layout.Columns)
                    Reject(place, line, "", row, FileReasons.FieldCount);
                else
                    Row(
                        fields[plan.Layout.Country], plan.Layout.Year < 0 ? null : fields[plan.Layout.Year], fields[plan.Layout.Value], true,
                        quoted[plan.Layout.Value], place, line);
            }

            if (at < _text.Length && _text[at] == '\r') at++;
            if (at < _text.Length && _text[at] == '\n') at++;
            line += _text[start..at].Count(c => c == '\n') + (_text[at - 1] == '\n' ? 0 : 1);
        }

        var tally = BatchTally.Of(_read, _records, _rounded, _missing, _aggregates, [], _notes) with
        {
            Quarantined = _rejections.Count,
            Rejections = _rejections.Order().Take(plan.MaxRejections).ToEquatableArray(),
        };
        return new FileBatch.Mapped(
            new(_regions.OrderBy(r => r.Key).Select(r => new RegionPartial(r.Key, PartialAggregate.Of(r.Value))).ToEquatableArray(), tally), line);
    }

    private bool IsLineEnd(int at) => at == _text.Length || _text[at] == '\n'
        || (_text[at] == '\r' && (at + 1 == _text.Length || _text[at + 1] == '\n'));

    private string? Line(ref int at)
    {
        while (!IsLineEnd(at)) at++;
        return null;
    }

    private string? Fields(ref int at, List<string> fields, List<bool> quoted)
    {
        for (; ; at++)
        {
            var field = new StringBuilder();
            quoted.Add(at < _text.Length && _text[at] == '"');
            if (quoted[^1])
            {
                for (at++; ; at++)
                {
                    if (IsLineEnd(at) && !plan.Multiline) return FileReasons.OpenQuote;
                    if (at == _text.Length) return FileReasons.NeverClosed;
                    if (_text[at] == '"' && (at + 1 == _text.Length || _text[at + 1] != '"')) break;
                    if (_text[at] == '"') at++;
                    field.Append(_text[at]);
                }

                at++;
                if (!IsLineEnd(at) && _text[at] != plan.Layout.Delimiter)
                {
                    Line(ref at);
                    return FileReasons.AfterQuote;
                }
            }
            else
            {
                for (; !IsLineEnd(at) && _text[at] != plan.Layout.Delimiter; at++) field.Append(_text[at]);
            }

            fields.Add(field.ToString());
            if (IsLineEnd(at)) return null;
        }
    }

    private void Json(string row, Place place, long line)
    {
        string? country = null, year = plan.Layout.YearName is null ? null : "", value = "";
        var number = true;
        try
        {
            // As text, because the library throws where bytes are no UTF-8.
            using var json = JsonDocument.Parse(Decode(row), new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                Reject(place, line, "", row, FileReasons.NotAnObject);
                return;
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                var of = property.Value;
                if (property.Name == plan.Layout.CountryName)
                    country = of.ValueKind == JsonValueKind.String ? Text(of) : null;
                if (property.Name == plan.Layout.YearName)
                    year = Text(of);
                if (property.Name == plan.Layout.ValueName)
                    (value, number) = (Text(of), of.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null);
            }
        }
        catch (JsonException)
        {
            Reject(place, line, "", row, FileReasons.NotAnObject);
            return;
        }

        if (country is null)
            Reject(place, line, plan.Layout.CountryName, row, FileReasons.NoCountry);
        else
            Row(country, year, value, number, true, place, line);
    }

    private static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(json.GetString()!)),
        JsonValueKind.Object => "{",
        JsonValueKind.Array => "[",
        _ => json.GetRawText(),
    };

    private void Row(string countryField, string? yearField, string valueField, bool number, bool mayBeGrouped, Place place, long line)
    {
        var name = Decode(countryField);
        var match = plan.Map.Directory.Resolve(name);
        if (match is NameMatch.Unknown) match = plan.Map.Directory.ResolveCode(name);
        var reading = number ? NumberReader.Read(Decode(valueField), plan.Map.Unit) : new NumberReading.Malformed(NumberReasons.NotANumber);
        if (!mayBeGrouped && reading is not NumberReading.Missing && Regex.IsMatch(Decode(valueField), @",|[0-9][ \u00A0\u2000-\u200A\u202F][0-9]")) reading = new NumberReading.Malformed(FileReasons.UnquotedGroups);
        var year = yearField is null ? plan.Map.DefaultYear : YearReader.Read(Decode(yearField));
        if (match is NameMatch.Aggregate group)
        {
            var amount = (reading as NumberReading.Value)?.Amount;
            _aggregates.Add(new(group.Name, (reading as NumberReading.Value)?.Year ?? year ?? 0, 1, amount ?? default, amount is null ? 0 : 1));
        }
        else if (match is not NameMatch.Known { Country: var country })
        {
            Reject(place, line, plan.Layout.CountryName, countryField, RowMapper.UnknownCountry);
        }
        else if (year is null)
        {
            Reject(place, line, plan.Layout.YearName!, yearField!, FileReasons.NoYear);
        }
        else if (reading is NumberReading.Missing { Notes: var notes } && plan.EmptyIsMissing)
        {
            _missing.Add(country.Code.ToString());
            if (notes.HasFlag(NumberNote.NotANumber))
                _notes.Add(new(place, $"{country.Name}: not a number, taken as missing: {Rejection.Cut(Decode(valueField))}"));
        }
        else if (reading is NumberReading.Value value)
        {
            _records++;
            if (value.Rounded) _rounded++;
            if (value.Year is { } own)
                _notes.Add(new(place, $"{country.Name}: the value carries its own year {own}: {Rejection.Cut(Decode(valueField))}"));
            var region = plan.Map.Scheme.OrdinalOf(country.Code);
            if (region < 0) region = plan.Map.Unassigned;
            if (!_regions.TryGetValue(region, out var entries)) _regions[region] = entries = [];
            entries.Add(new(new(value.Year ?? year.Value, country.Code), plan.Map.Duplicates == DuplicateRule.Sum
                ? Aggregate.OfContribution(value.Amount) : Aggregate.OfWitnessed(place, value.Amount)));
        }
        else
        {
            Reject(place, line, plan.Layout.ValueName, valueField, reading is NumberReading.Malformed { Reason: var reason } ? reason : FileReasons.NoValue);
        }
    }

    private void Reject(Place place, long line, string column, string text, string reason)
    {
        var cut = Math.Min(200, text.Length);
        while (cut < text.Length && cut > 196 && text[cut] is >= '\x80' and < '\xC0') cut--;
        _rejections.Add(new(place, line, column, Decode(text[..(cut == 196 ? 200 : cut)]), reason));
    }

    private static string Decode(string field) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(field));
}
