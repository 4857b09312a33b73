using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>A row of quarantine.jsonl, without the file's name.</summary>
public sealed record QuarantineLine(long? Line, long? Offset, string Column, string Text, string Reason)
{
    /// <summary>The quarantine of a run.</summary>
    public static IReadOnlyList<QuarantineLine> Of(Workspace workspace) =>
    [
        .. File.ReadLines(Path.Combine(workspace.Out, "quarantine.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).Select(j => new QuarantineLine(
            Number(j, "Line"), Number(j, "Offset"), j.GetProperty("Column").GetString()!, j.GetProperty("Text").GetString()!, j.GetProperty("Reason").GetString()!)),
    ];

    private static long? Number(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } n ? n.GetInt64() : null;
}

/// <summary>
/// Contributions with rows among them that can be read as well as any, and that <c>etl.fault</c> makes poisonous: they contain
/// <see cref="Mark"/>, which no other row does.
/// </summary>
public sealed class PoisonedFile
{
    /// <summary>What to ask for.</summary>
    public const string Mark = "77.0625";

    /// <summary>Among these rows, so many poisonous ones at random places, the first and the last row included when there are several.</summary>
    public PoisonedFile(Contributions clean, int poisonous, int seed)
    {
        var text = clean.Text;
        var random = new Random(seed);
        var lines = text.Split('\n');
        // After the header, and before the last line, which has no end.
        var places = poisonous < 2 ? new SortedSet<int> { lines.Length / 3 } : [1, lines.Length - 1];
        while (places.Count < poisonous) places.Add(random.Next(1, lines.Length));

        var (content, moved, offset, before) = (new StringBuilder(text.Length), new Dictionary<long, (long, long)>(), 0L, 0L);
        var expected = new List<QuarantineLine>();
        for (var (line, added) = (0, 0); line < lines.Length; line++)
        {
            if (places.Contains(line))
            {
                var row = $"Kenya,2003,{added + 1}{Mark}";
                expected.Add(new(line + 1 + added++, offset, "", row, ""));
                content.Append(row).Append('\n');
                offset += row.Length + 1;
            }

            moved[before] = (line + 1 + added, offset);
            var length = Encoding.UTF8.GetByteCount(lines[line]) + 1;
            content.Append(lines[line]).Append(line == lines.Length - 1 ? "" : "\n");
            (offset, before) = (offset + length, before + length);
        }

        Poisonous = expected;
        Malformed = [.. clean.SetAside.Select(s => new QuarantineLine(moved[s.Offset].Item1, moved[s.Offset].Item2, s.Column, s.Text, s.Reason))];
        Bytes = Encoding.UTF8.GetBytes(content.ToString());
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>The poisonous rows as the quarantine has to name them, but for the reason.</summary>
    public IReadOnlyList<QuarantineLine> Poisonous { get; }

    /// <summary>The other rows that are set aside.</summary>
    public IReadOnlyList<QuarantineLine> Malformed { get; }

    /// <summary>The whole quarantine, in order.</summary>
    public IEnumerable<QuarantineLine> Quarantine(string reason) =>
        Malformed.Concat(Poisonous.Select(p => p with { Reason = reason })).OrderBy(q => q.Offset);

    /// <summary>Makes its rows poisonous.</summary>
    public static string[] Poison(string action = "throw", string more = "") => Settings.Fault($"poison-row={Mark}:{action}{more}");
}
