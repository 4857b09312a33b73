using CsCheck;

namespace Etl.Domain.Tests;

/// <summary>What every commutative monoid of the core owes: each type runs these against its own generator.</summary>
public abstract class MonoidLaws<T> where T : IMonoid<T>
{
    private protected abstract Gen<T> Values { get; }

    [Fact]
    public void Grouping_does_not_matter() => Gen.Select(Values, Values, Values).Holds(v =>
        Assert.Equal(T.Combine(T.Combine(v.Item1, v.Item2), v.Item3), T.Combine(v.Item1, T.Combine(v.Item2, v.Item3))));

    [Fact]
    public void Order_does_not_matter() => Gen.Select(Values, Values).Holds(v =>
        Assert.Equal(T.Combine(v.Item1, v.Item2), T.Combine(v.Item2, v.Item1)));

    [Fact]
    public void Empty_changes_nothing() => Values.Holds(v =>
    {
        Assert.Equal(v, T.Combine(T.Empty, v));
        Assert.Equal(v, T.Combine(v, T.Empty));
    });

    [Fact]
    public void Equal_contents_have_equal_hashes() => Gen.Select(Values, Values).Holds(v =>
        Assert.Equal(T.Combine(v.Item1, v.Item2).GetHashCode(), T.Combine(v.Item2, v.Item1).GetHashCode()));
}
