using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Supervision;

namespace Etl.Actors.Supervision;

/// <summary>Reads the rows of <c>etl.supervision</c>, and refuses what would break a guarantee, naming the key and what is allowed.</summary>
internal static class PolicyReader
{
    private const string Prefix = "etl.supervision.", On = ".on.", Default = "default";

    // In the place of a number or a time: that of etl.supervision.journal.
    private const string AsJournal = "journal", Unlimited = "unlimited", Infinite = "infinite";

    /// <summary>True for a key of which the end is an exception's name: no list of keys holds it.</summary>
    public static bool IsFailure(string key) => SupervisedActor.All.Any(kind => key.StartsWith($"{Prefix}{kind.Name}{On}", StringComparison.Ordinal));

    /// <summary>A row, checked.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed, or would break a guarantee.</exception>
    public static ActorPolicy Read(Config config, SupervisedActor kind, BackoffTimes journal, int journalRetries)
    {
        var path = $"{Prefix}{kind.Name}";
        if (!config.HasPath($"{path}.on.{Default}")) throw new ConfigurationException($"{path}.on.{Default} is missing: {kind.Allowed}");
        Check(config);
        var named = Failures(config, kind);
        var table = new FailureTable(named.Remove(Default), named[Default]);
        if (kind.Limits == LimitKind.Fixed) return new(kind, table, RestartLimit.None, BackoffTimes.AtOnce);
        var retries = Retries(config, $"{path}.retries") ?? journalRetries;
        var (min, max) = (Time(config, $"{path}.min-backoff") ?? journal.Min, Time(config, $"{path}.max-backoff") ?? journal.Max);
        if (max < min) throw new ConfigurationException($"{path}.max-backoff = {max} is below {path}.min-backoff = {min}");
        return new(
            kind, table, new(retries, kind.Limits == LimitKind.Windowed ? Window(config, $"{path}.window") : null), new(min, max, Jitter(config, $"{path}.jitter")));
    }

    /// <summary>Checks each key that is there, whether it is all of a configuration or a part.</summary>
    /// <exception cref="ConfigurationException">See <see cref="Read"/>.</exception>
    public static void Check(Config config)
    {
        foreach (var kind in SupervisedActor.All)
        {
            var path = $"{Prefix}{kind.Name}";
            Failures(config, kind);
            if (kind == SupervisedActor.Mapper && config.GetString($"{path}.retries", Unlimited) is var limit && limit != Unlimited)
                throw new ConfigurationException(
                    $"{path}.retries = {limit}: only {Unlimited} is allowed; a limit would shrink the pool, and that of a batch is etl.map.max-attempts");
            if (kind.Limits == LimitKind.Fixed) continue;
            if (config.HasPath($"{path}.retries")) Retries(config, $"{path}.retries");
            if (config.HasPath($"{path}.min-backoff")) Time(config, $"{path}.min-backoff");
            if (config.HasPath($"{path}.max-backoff")) Time(config, $"{path}.max-backoff");
            if (config.HasPath($"{path}.jitter")) Jitter(config, $"{path}.jitter");
            if (kind.Limits == LimitKind.Windowed && config.HasPath($"{path}.window")) Window(config, $"{path}.window");
        }
    }

    private static ImmutableSortedDictionary<string, FailureDirective> Failures(Config config, SupervisedActor kind)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, FailureDirective>(StringComparer.Ordinal);
        var path = $"{Prefix}{kind.Name}.on";
        if (!config.HasPath(path)) return all.ToImmutable();
        foreach (var (key, word) in EtlConfig.Flat(path, config))
        {
            var name = key[(path.Length + 1)..];
            var directive = Directive(key, word, kind);
            if (name != Default && !ExceptionTypes.Exists(name))
                throw new ConfigurationException($"{key}: no exception of that name is known"
                    + (ExceptionTypes.Nearest(name) is { } near ? $"; did you mean {near}?" : "; give its short name, or its full one with the namespace"));
            all[name] = directive;
        }

        foreach (var (name, directive) in all)
            if (name.LastIndexOf('.') is > 0 and var dot && all.TryGetValue(name[(dot + 1)..], out var other) && other != directive)
                throw new ConfigurationException(
                    $"{path}: {name} = {SupervisedActor.Word(directive)} and {name[(dot + 1)..]} = {SupervisedActor.Word(other)} name the same exception; keep one of them");
        return all.ToImmutable();
    }

    private static FailureDirective Directive(string key, string word, SupervisedActor kind) => SupervisedActor.Parse(word) is not { } directive
        ? throw new ConfigurationException($"{key} = {word} is no directive"
            + (NearestWord.Find(word, kind.Outcomes.Keys.Select(SupervisedActor.Word)) is { } near ? $"; did you mean {near}?" : "") + $" (allowed: {kind.Allowed})")
        : kind.WhyNot(directive) is { } broken
            ? throw new ConfigurationException($"{key} = {word} is not sound for a {kind.Name}: {broken} (allowed: {kind.Allowed})")
            : directive;

    private static int? Retries(Config config, string key) =>
        config.GetString(key, "") == AsJournal ? null : ConfigValues.Int(config, key, 0, 1_000);

    private static TimeSpan? Time(Config config, string key) =>
        config.GetString(key, "") == AsJournal ? null : ConfigValues.Time(config, key, TimeSpan.Zero);

    private static TimeSpan? Window(Config config, string key) =>
        config.GetString(key, "") == Infinite ? null : ConfigValues.Time(config, key, TimeSpan.FromMilliseconds(1));

    private static double Jitter(Config config, string key)
    {
        var text = config.GetString(key, "");
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var jitter) && jitter is >= 0 and <= 1
            ? jitter : throw new ConfigurationException($"{key} = {text} is not a number from 0 to 1");
    }
}
