using System.Collections.Immutable;
using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Host.Commands;

/// <summary>What reading an option's text gave: a value, or what is wrong with it.</summary>
internal readonly record struct Reading<T>(T? Value, string? Problem)
{
    public static Reading<T> Ok(T value) => new(value, null);

    public static Reading<T> Bad(string problem) => new(default, problem);
}

/// <summary>The most rows that may be quarantined: a number, or a share of the rows read.</summary>
internal readonly record struct QuarantineLimit(long? Rows, double? Percent);

/// <summary>Reads the values of options. Problems continue a sentence that begins with the option's name.</summary>
internal static class Values
{
    public const int MaxTop = 1000;

    // A journaled entry has up to about 600 bytes, so this is what a job may carry along at the most.
    private const int MaxKept = 1_000_000;

    // Beyond any economy, and far from where decimal arithmetic overflows.
    private const decimal MaxThreshold = 1_000_000_000m;

    public static Reading<T> OneOf<T>(string text, IReadOnlyDictionary<string, T> words) =>
        words.TryGetValue(text, out var value) ? Reading<T>.Ok(value) : Reading<T>.Bad(None(text, [.. words.Keys]));

    public static Reading<string> OneOf(string text, IEnumerable<Word> words)
    {
        string[] names = [.. words.Names()];
        return names.Contains(text) ? Reading<string>.Ok(text) : Reading<string>.Bad(None(text, names));
    }

    public static Reading<int> Top(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top is >= 1 and <= MaxTop
            ? Reading<int>.Ok(top) : Reading<int>.Bad($"takes a whole number from 1 to {MaxTop}, not '{text}'");

    public static Reading<decimal> Threshold(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var threshold) && threshold <= MaxThreshold
            ? Reading<decimal>.Ok(threshold)
            : Reading<decimal>.Bad($"takes billions of US dollars, 0 or more, with a decimal point and no grouping (100 or 99.5), not '{text}'");

    public static Reading<YearRule> Year(string text) => YearRule.Parse(text) is { } rule
        ? Reading<YearRule>.Ok(rule)
        : Reading<YearRule>.Bad($"takes a year from 1900 to 2100 or a word, not '{text}'{Words.Suggest(text, Words.Years)}");

    public static Reading<DateOnly?> Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Reading<DateOnly?>.Ok(date) : Reading<DateOnly?>.Bad($"takes a date as 2025-12-30, not '{text}'");

    public static Reading<ImmutableArray<string>> Sinks(string text)
    {
        var sinks = text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToImmutableArray();
        foreach (var sink in sinks)
            if (OneOf(sink, Words.Sinks).Problem is { } problem) return Reading<ImmutableArray<string>>.Bad(problem);
        return Reading<ImmutableArray<string>>.Ok(sinks);
    }

    public static Reading<QuarantineLimit> Limit(string text)
    {
        const string expected = "takes a number of rows or a share of them, 25 or 1.5%";
        if (text.EndsWith('%'))
            return double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
                ? Reading<QuarantineLimit>.Ok(new(null, percent)) : Reading<QuarantineLimit>.Bad($"{expected}, not '{text}'");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            ? Reading<QuarantineLimit>.Ok(new(rows, null)) : Reading<QuarantineLimit>.Bad($"{expected}, not '{text}'");
    }

    public static Reading<int> Kept(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows <= MaxKept
            ? Reading<int>.Ok(rows) : Reading<int>.Bad($"takes a whole number from 0 to {MaxKept}, not '{text}'");

    public static Reading<ColumnNames> Columns(string text) => ColumnsOption.Parse(text) switch
    {
        Parsed<ColumnNames>.Ok ok => Reading<ColumnNames>.Ok(ok.Value),
        Parsed<ColumnNames>.Refused refused => Reading<ColumnNames>.Bad("cannot be read: " + refused.Message),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };

    public static Reading<char> Delimiter(string text)
    {
        // As shells and spreadsheets write it.
        if (text == "\\t") return Reading<char>.Ok('\t');
        if (text.Length == 1 && Words.DelimiterByWord.Values.Contains(text[0])) return Reading<char>.Ok(text[0]);
        return OneOf(text, Words.DelimiterByWord);
    }

    public static Reading<KeyValuePair<string, string>> Setting(string text)
    {
        var at = text.IndexOf('=');
        var path = at < 0 ? "" : text[..at].Trim();
        return path.Length == 0
            ? Reading<KeyValuePair<string, string>>.Bad($"takes path=value as in etl.jobs.unacked-window=16, not '{text}'")
            : Reading<KeyValuePair<string, string>>.Ok(new(path, text[(at + 1)..].Trim()));
    }

    /// <summary>A HOCON file, be it one that comes with the program.</summary>
    public static Reading<string> ConfigFile(string text) => EtlConfig.IsThere(text) ? Reading<string>.Ok(text) : ExistingFile(text, "HOCON file");

    public static Reading<string> ExistingFile(string text, string kind) => File.Exists(text)
        ? Reading<string>.Ok(text)
        : Reading<string>.Bad(Directory.Exists(text) ? $"takes a {kind}, but '{text}' is a directory" : $"takes a {kind}, and there is no file '{text}'");

    private static string None(string text, IReadOnlyCollection<string> words) => $"does not know '{text}'{Words.Suggest(text, words)}";
}
