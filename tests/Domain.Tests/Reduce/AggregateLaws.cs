using CsCheck;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Reduce;

public sealed class AggregateLaws : MonoidLaws<Aggregate>
{
    private protected override Gen<Aggregate> Values => Generators.Aggregates;

    [Fact]
    public void The_witnesses_are_those_a_sort_finds() =>
        Gen.Select(Generators.Place, Generators.Amount).Select((place, amount) => new Witness(place, amount)).Array[1, 8].Holds(rows =>
        {
            var sorted = rows.OrderBy(r => r.Place).ThenBy(r => r.Amount).ToArray();
            var combined = rows.Select(r => Aggregate.OfWitnessed(r.Place, r.Amount)).Aggregate(Aggregate.Combine);
            Assert.Equal(rows.Length, combined.Rows);
            Assert.Equal(rows.Aggregate(Money.Zero, (sum, r) => sum + r.Amount), combined.Sum);
            Assert.Equal(sorted[0], combined.First);
            Assert.Equal(sorted.ElementAtOrDefault(1), combined.Second);
            Assert.Equal(sorted.FirstOrDefault(r => r.Amount != sorted[0].Amount), combined.Different);
        });

    [Fact]
    public void Contributions_keep_no_witness() => Generators.Amount.Array[1, 5].Holds(amounts =>
    {
        var combined = amounts.Select(Aggregate.OfContribution).Aggregate(Aggregate.Combine);
        Assert.Equal(new Aggregate(amounts.Aggregate(Money.Zero, (sum, a) => sum + a), amounts.Length, null, null, null), combined);
    });
}
