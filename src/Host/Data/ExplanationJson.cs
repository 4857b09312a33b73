using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Actors.Hosting;
using Etl.Domain.Supervision;

namespace Etl.Host.Data;

/// <summary>What <c>etl explain</c> says, for a program: one object, a property per part.</summary>
internal static class ExplanationJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Explanation told, string part, TextWriter to)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            if (part is "all" or "tree") Tree(json, told);
            if (part is "all" or "routing") Routing(json, told);
            if (part is "all" or "supervision") Supervision(json, told);
            if (part is "all" or "config") Settings(json, told);
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Tree(Utf8JsonWriter json, Explanation told)
    {
        json.WriteStartArray("tree");
        foreach (var place in told.Tree)
        {
            json.WriteStartObject();
            json.WriteString("path", place.Path);
            json.WriteString("about", place.About);
            json.WriteString("supervision", place.Kind?.Name ?? SupervisedActor.Root.Name);
            json.WriteBoolean("persistent", place.Kind is { IsPersistent: true });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Routing(Utf8JsonWriter json, Explanation told)
    {
        json.WriteStartObject("routing");
        json.WriteString("pool", told.Mappers.Path);
        json.WriteString("router", told.Mappers.Router);
        json.WriteNumber("instances", told.Mappers.Instances);
        if (told.Mappers.Resizer is { } bounds)
        {
            json.WriteStartObject("resizer");
            json.WriteNumber("lower_bound", bounds.From);
            json.WriteNumber("upper_bound", bounds.To);
            json.WriteEndObject();
        }
        else json.WriteNull("resizer");
        json.WriteString("journal", told.Journal);
        json.WriteEndObject();
    }

    private static void Supervision(Utf8JsonWriter json, Explanation told)
    {
        json.WriteStartArray("supervision");
        foreach (var row in told.Policy.Rows)
        {
            json.WriteStartObject();
            json.WriteString("actor", row.Actor.Name);
            json.WriteString("path", row.Actor.Path);
            json.WriteStartArray("on");
            foreach (var (name, directive) in row.On.Named.Append(KeyValuePair.Create("default", row.On.Default)))
            {
                json.WriteStartObject();
                json.WriteString("exception", name);
                json.WriteString("directive", SupervisedActor.Word(directive));
                json.WriteString("outcome", row.Actor.Outcomes[directive]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (row.Limit.Retries is { } retries) json.WriteNumber("retries", retries);
            else json.WriteNull("retries");
            if (row.Limit.Window is { } window) json.WriteNumber("window_seconds", window.TotalSeconds);
            else json.WriteNull("window_seconds");
            json.WriteNumber("min_backoff_seconds", row.Backoff.Min.TotalSeconds);
            json.WriteNumber("max_backoff_seconds", row.Backoff.Max.TotalSeconds);
            json.WriteNumber("jitter", row.Backoff.Jitter);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("journal_patience_seconds", told.Policy.JournalPatience.TotalSeconds);
    }

    private static void Settings(Utf8JsonWriter json, Explanation told)
    {
        json.WriteStartArray("config");
        foreach (var setting in told.Settings)
        {
            json.WriteStartObject();
            json.WriteString("key", setting.Key);
            json.WriteString("value", setting.Value);
            json.WriteString("origin", setting.Origin);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
