using System.Collections.Immutable;

namespace Etl.Domain.Supervision;

/// <summary>What is done about a failure, as people write it in <c>etl.supervision</c>.</summary>
public enum FailureDirective
{
    /// <summary>Go on with the next message, as if nothing had happened. Nowhere sound here: what was being done would be lost without a word.</summary>
    Resume = 1,

    /// <summary>The actor comes back, by the way that is sound for its kind.</summary>
    Restart,

    /// <summary>The actor ends, and with it what it did.</summary>
    Stop,

    /// <summary>The actor system ends; the next start goes on.</summary>
    Escalate,
}

/// <summary>What an exception's type is called.</summary>
/// <param name="Full">With its namespace.</param>
/// <param name="Short">Without.</param>
public readonly record struct ExceptionName(string Full, string Short)
{
    /// <summary>An exception's own type first, then what it inherits from. One that only carries another is asked for the other.</summary>
    public static IEnumerable<ExceptionName> Of(Exception exception)
    {
        var inner = exception is AggregateException { InnerExceptions: [var only] } ? only : exception;
        for (var type = inner.GetType(); type is not null && type != typeof(object); type = type.BaseType) yield return new(type.FullName ?? type.Name, type.Name);
    }
}

/// <summary>Exception type to directive, matched by inheritance, the most specific type first.</summary>
/// <param name="Named">By full or short name.</param>
/// <param name="Default">For every other.</param>
public sealed record FailureTable(ImmutableSortedDictionary<string, FailureDirective> Named, FailureDirective Default)
{
    /// <summary>The same for every exception.</summary>
    public static FailureTable All(FailureDirective directive) =>
        new(ImmutableSortedDictionary<string, FailureDirective>.Empty.WithComparers(StringComparer.Ordinal), directive);

    /// <summary>With another directive for these.</summary>
    public FailureTable With(FailureDirective directive, params ReadOnlySpan<string> names)
    {
        var named = Named.ToBuilder();
        foreach (var name in names) named[name] = directive;
        return this with { Named = named.ToImmutable() };
    }

    /// <summary>What is done about an exception of which these are the type and those it inherits from.</summary>
    public FailureDirective Decide(IEnumerable<ExceptionName> chain)
    {
        if (Named.IsEmpty) return Default;
        foreach (var name in chain)
        {
            if (Named.TryGetValue(name.Full, out var byFull)) return byFull;
            if (Named.TryGetValue(name.Short, out var byShort)) return byShort;
        }

        return Default;
    }

    /// <inheritdoc cref="Decide(IEnumerable{ExceptionName})" />
    public FailureDirective Decide(Exception exception) => Decide(ExceptionName.Of(exception));

    /// <inheritdoc />
    public bool Equals(FailureTable? other) => other is not null && Default == other.Default && Named.SequenceEqual(other.Named);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Default, Named.Count);
}
