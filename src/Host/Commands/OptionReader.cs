using System.Collections.Immutable;
using System.CommandLine;

namespace Etl.Host.Commands;

/// <summary>Reads the texts of options and keeps the first problem: a person corrects one thing at a time.</summary>
internal sealed class OptionReader(ParseResult parse)
{
    /// <summary>The first problem, null when there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Notes a problem, unless there is one already.</summary>
    public void Fail(string problem) => Problem ??= problem;

    /// <summary>The value of an option, <paramref name="fallback"/> when it is not given.</summary>
    public T Value<T>(Option<string?> option, T fallback, Func<string, Reading<T>> read) =>
        parse.GetValue(option) is { } text && Accept(option, text, read, out var value) ? value! : fallback;

    /// <summary>The value of an option, null when it is not given.</summary>
    public T? Nullable<T>(Option<string?> option, Func<string, Reading<T>> read) where T : struct =>
        parse.GetValue(option) is { } text && Accept(option, text, read, out var value) ? value : null;

    /// <summary>The values of an option that may be repeated.</summary>
    public ImmutableArray<T> Values<T>(Option<string[]> option, Func<string, Reading<T>> read)
    {
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var text in parse.GetValue(option) ?? [])
            if (Accept(option, text, read, out var value)) values.Add(value!);
        return values.ToImmutable();
    }

    private bool Accept<T>(Option option, string text, Func<string, Reading<T>> read, out T? value)
    {
        // "--out --fresh": the value was forgotten, and the next option taken for it.
        var reading = text.Length == 0 ? Reading<T>.Bad("needs a value")
            : text.StartsWith("--", StringComparison.Ordinal) ? Reading<T>.Bad($"needs a value, and '{text}' is not one")
            : read(text);
        value = reading.Value;
        if (reading.Problem is { } problem) Fail($"{option.Name} {problem}");
        return reading.Problem is null;
    }
}
