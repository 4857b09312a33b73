using System.Collections.Immutable;

namespace Etl.Domain;

/// <summary>What a pure decision came to: events to persist, nothing to do (a retry), or a refusal. Never an exception.</summary>
public abstract record Decision<TEvent, TError>
{
    private Decision() { }

    /// <summary>Persist these, evolve, then acknowledge.</summary>
    public sealed record Accepted(ImmutableArray<TEvent> Events) : Decision<TEvent, TError>;

    /// <summary>The command was carried out before: acknowledge it, persist nothing.</summary>
    public sealed record AlreadyDone : Decision<TEvent, TError>;

    /// <summary>The command cannot be carried out in this state.</summary>
    public sealed record Rejected(TError Error) : Decision<TEvent, TError>;
}

/// <summary>A value or the reason why there is none.</summary>
public abstract record Result<TValue, TError>
{
    private Result() { }

    /// <summary>It worked.</summary>
    public sealed record Ok(TValue Value) : Result<TValue, TError>;

    /// <summary>It did not, and this is why.</summary>
    public sealed record Error(TError Reason) : Result<TValue, TError>;
}

/// <summary>A set with an associative <see cref="Combine"/> and a neutral <see cref="Empty"/>; ours are commutative too.</summary>
public interface IMonoid<TSelf> where TSelf : IMonoid<TSelf>
{
    /// <summary>The neutral element: combining with it changes nothing.</summary>
    static abstract TSelf Empty { get; }

    /// <summary>Combines two elements; grouping and order do not matter.</summary>
    static abstract TSelf Combine(TSelf left, TSelf right);
}
