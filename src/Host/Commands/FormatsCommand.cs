using System.CommandLine;
using System.Text;
using System.Text.Json;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl formats</c>: the words that options of <c>run</c> take.</summary>
internal static class FormatsCommand
{
    private const int BadUsage = 2;

    private static IReadOnlyList<(string Key, string Heading, IReadOnlyList<Word> Words)> Sections =>
    [
        ("sources", "SOURCES  --source", Words.Sources),
        ("publishers", "PUBLISHERS  --publisher", Words.Publishers),
        ("units", "UNITS  --unit", Words.Units),
        ("regions", "REGION SCHEMES  --regions", Words.Schemes),
        ("sinks", "SINKS  --sink", Words.Sinks),
    ];

    public static Command Build(Terminal terminal)
    {
        var format = new Option<string?>("--format") { HelpName = "FORMAT", Description = "table (default) or json" };
        var command = new Command("formats", "Lists sources, publishers, units, region schemes and sinks.") { format };
        command.SetAction(parse =>
        {
            var reading = Values.OneOf(parse.GetValue(format) ?? "table", Words.Formats.Where(w => w.Name is "table" or "json"));
            if (reading.Problem is { } problem) return CommandLine.Error(terminal, BadUsage, $"--format {problem} ({Usage.Hint(parse)})");
            if (reading.Value == "json") terminal.Out.WriteLine(Json());
            else Printer.Print(terminal, Table(terminal.Width));
            return 0;
        });
        return command;
    }

    private static IEnumerable<Line> Table(int width)
    {
        var name = Sections.SelectMany(s => s.Words).Max(w => w.Name.Length);
        foreach (var (index, section) in Sections.Index())
        {
            if (index > 0) yield return Line.Empty;
            yield return new(new Span(section.Heading, Tone.Dim));
            foreach (var word in section.Words)
                foreach (var line in Flow.Lines(
                    new(new Span("  " + word.Name.PadRight(name) + "  ", Tone.Strong)), word.About.Split(' ').Select(w => (Line)w), " ", width))
                    yield return line;
        }
    }

    private static string Json()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (key, _, words) in Sections)
            {
                json.WriteStartArray(key);
                foreach (var word in words)
                {
                    json.WriteStartObject();
                    json.WriteString("name", word.Name);
                    json.WriteString("description", word.About);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
