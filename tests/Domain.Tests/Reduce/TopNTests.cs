using CsCheck;
using Etl.Domain.Load;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Reduce;

public sealed class TopNTests
{
    private static readonly Gen<CountryRow[]> Rows = Generators.Amount.Array[0, 8].Select(amounts => amounts
        .Select((amount, i) => new CountryRow("", Generators.Code(i), "Europe", 2025, amount, 0)).ToArray());

    [Fact]
    public void The_order_of_the_rows_does_not_matter() => Gen.Select(Rows, Gen.Int, Gen.Int[0, 9]).Holds(v =>
    {
        var (rows, seed, n) = v;
        var top = TopN.Take(rows.Shuffled(new Random(seed)), n).ToArray();
        Assert.Equal(TopN.Take(rows, n), top);
        Assert.Equal(Math.Min(n, rows.Length), top.Length);
        Assert.All(rows.Except(top), left => Assert.All(top, taken => Assert.True(
            taken.Gdp > left.Gdp || (taken.Gdp == left.Gdp && taken.Code.CompareTo(left.Code) < 0))));
    });
}
