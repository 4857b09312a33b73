using CsCheck;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Load;

public sealed class DistributionTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-5000000000", 0)]
    [InlineData("994999999", 0)]
    [InlineData("999999999", 1)]
    [InlineData("1000000000", 1)]
    [InlineData("1990000000", 1)]
    [InlineData("2000000000", 2)]
    [InlineData("99990000000", 6)]
    [InlineData("99999000000", 7)]
    [InlineData("30000000000000", 13)]
    public void An_amount_is_in_the_class_of_its_rounded_value(string dollars, int expected)
    {
        var classes = Distribution.Of([new Money(Int128.Parse(dollars) * 1_000_000_000_000)]);
        Assert.Equal(expected, classes.Index().Single(c => c.Item.Count == 1).Index);
    }

    [Fact]
    public void Every_amount_is_in_one_class_and_the_classes_are_one_behind_the_other() =>
        Gen.Long.Select(n => new Money((Int128)n * 1_000_000_000_000_000)).Array[0, 50].Sample(amounts =>
        {
            var classes = Distribution.Of(amounts);
            Assert.Equal(amounts.Length, classes.Items.Sum(c => c.Count));
            Assert.Equal(classes.Skip(1).Select(c => c.From), classes.Take(classes.Count - 1).Select(c => c.To));
            Assert.Equal((null, null), (classes[0].From, classes[^1].To));
        }, iter: Generators.Cases);
}
