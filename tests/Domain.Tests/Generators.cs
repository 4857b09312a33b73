using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests;

/// <summary>Random values of the core, small on purpose, so that keys, places and amounts collide often; and the loop that tries them.</summary>
internal static class Generators
{
    public const int Cases = 1_000;

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly JobId TheJob = new(new Guid("00000000-0000-0000-0000-000000000001"));

    public static readonly SourceChoice Choice = new("title", "table", "column", Unit.Million, 0, "in each row", new DateOnly(2025, 4, 22), []);

    public static readonly Gen<Money> Amount = Gen.Long[0, 4].Select(n => new Money(n * (Int128)10_000_000_000_000_000_000));

    public static readonly Gen<Place> Place = Gen.Select(Gen.Int[0, 1], Gen.Long[1, 12]).Select((input, position) => new Place(input, position));

    public static readonly Gen<Aggregate> OneRow = Gen.Select(Place, Amount, Gen.Int[0, 3]).Select((place, amount, kind) =>
        kind == 0 ? Aggregate.OfContribution(amount) : Aggregate.OfWitnessed(place, amount));

    public static readonly Gen<Aggregate> Aggregates = OneRow.Array[0, 4].Select(rows => rows.Aggregate(Aggregate.Empty, Aggregate.Combine));

    public static readonly Gen<AggregateEntry> Entry =
        Gen.Select(Gen.OneOf(0, 2024, 2025), Gen.Int[0, 4], OneRow).Select((year, country, row) => new AggregateEntry(new(year, Code(country)), row));

    public static readonly Gen<PartialAggregate> Partial = Entry.Array[0, 8].Select(entries => PartialAggregate.Of(entries));

    public static readonly Gen<BatchId> Batch = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 15]).Select((split, ordinal) => new BatchId(split, ordinal));

    public static readonly Gen<BatchSet> Batches = Batch.Array[0, 20].Select(ids => BatchSet.Of(ids));

    public static readonly Gen<Rejection> Rejection =
        Gen.Select(Place, Gen.Int[0, 1], Gen.OneOf("Country", "IMF"), Gen.OneOf("a", "b"), Gen.OneOf("unknown country", "not a number"))
            .Select((place, line, column, text, reason) => new Rejection(place, line == 0 ? null : place.Position, column, text, reason));

    public static readonly Gen<RowNote> Note = Gen.Select(Place, Gen.OneOf("x", "y", "z")).Select((place, text) => new RowNote(place, text));

    public static readonly Gen<AggregateSeen> Seen =
        Gen.Select(Gen.OneOf("World", "Asia"), Gen.OneOf(0, 2025), Amount).Select((name, year, amount) => new AggregateSeen(name, year, 1, amount, 1));

    public static readonly Gen<string> Missing = Gen.Int[0, 4].Select(country => Code(country).ToString());

    /// <summary>Loose findings of a batch; up to 70 notes, so that two batches reach the limit of 100.</summary>
    public static readonly Gen<BatchTally> Tally =
        Gen.Select(Gen.Int[0, 9], Missing.Array[0, 5], Seen.Array[0, 3], Rejection.Array[0, 6], Note.Array[0, 70]).Select(
            (records, missing, seen, rejections, notes) => BatchTally.Of(
                records + missing.Length + seen.Length + rejections.Length, records, records / 2, missing, seen, rejections, notes));

    /// <summary>Tries a law on cases that are the same in every run; the first that fails is shrunk and shown with its seed.</summary>
    public static void Holds<T>(this Gen<T> gen, Func<T, bool> law, int cases = Cases)
    {
        var random = new PCG(1, 42);
        for (var number = 0; number < cases; number++)
        {
            var state = random.State;
            if (Fails(law, gen.Generate(random, null, out _))) Shrink(gen, law, random.ToString(state), number);
        }
    }

    /// <inheritdoc cref="Holds{T}(Gen{T}, Func{T, bool}, int)" />
    public static void Holds<T>(this Gen<T> gen, Action<T> law, int cases = Cases) => gen.Holds(value =>
    {
        law(value);
        return true;
    }, cases);

    /// <inheritdoc cref="Holds{T}(Gen{T}, Func{T, bool}, int)" />
    public static void Holds<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> law, int cases = Cases) =>
        gen.Holds(pair => law(pair.Item1, pair.Item2), cases);

    public static CountryCode Code(int index) => CountryDirectory.Default.Countries[index].Code;

    public static T[] Shuffled<T>(this IEnumerable<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return array;
    }

    /// <summary>Cuts a sequence into consecutive groups of 1 to <paramref name="largest"/>.</summary>
    public static IEnumerable<T[]> Cut<T>(this T[] items, Random random, int largest)
    {
        for (var start = 0; start < items.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), items.Length - start);
            yield return items[start..(start + length)];
            start += length;
        }
    }

    public static JobSpec Spec(int inputs = 1, AnswerOptions? options = null, string version = "1.0.0") => new(
        "wikipedia", Enumerable.Range(0, inputs).Select(i => new StoredInput($"input {i}", $"{i:x64}", 10)).ToEquatableArray(),
        options ?? AnswerOptions.Default, "directory", 50, version);

    public static RunId Run(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>A settled batch that says its own number, so that one counted twice or never shows.</summary>
    public static SettledBatch Settled(BatchId id, params int[] regions) => new(TallyOf(id), [.. regions]);

    public static BatchTally TallyOf(BatchId id) =>
        BatchTally.Of(1 << id.Ordinal, 1 << id.Ordinal, 0, [], [], [], [new(new(id.Split, id.Ordinal), $"note of {id}")]);

    public static ImmutableSortedDictionary<BatchId, SettledBatch> SettledAll(params BatchId[] ids) =>
        ids.ToImmutableSortedDictionary(id => id, id => Settled(id, id.Split));

    /// <summary>Contents as text: states hold immutable collections, which compare by reference.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        string text => text,
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Show(key)}: {Show(map[key])}").Order(StringComparer.Ordinal)) + "}",
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Show)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ when value.GetType() is { Namespace: { } space, IsClass: true } type && space.StartsWith("Etl.", StringComparison.Ordinal) && type != typeof(BatchSet) =>
            type.Name + "(" + string.Join(", ", type.GetProperties().Where(p => p.GetMethod is { IsStatic: false }).Select(p => $"{p.Name} {Show(p.GetValue(value))}")) + ")",
        _ => value.ToString()!,
    };

    private static bool Fails<T>(Func<T, bool> law, T value)
    {
        try
        {
            return !law(value);
        }
        catch (Exception)
        {
            // Shrinking meets it again, and lets it out with the smallest case.
            return true;
        }
    }

    private static void Shrink<T>(Gen<T> gen, Func<T, bool> law, string seed, int number)
    {
        gen.Sample(law, seed: seed, iter: 2_000, threads: 1);
        Assert.Fail($"case {number} fails, seed {seed}");
    }
}
