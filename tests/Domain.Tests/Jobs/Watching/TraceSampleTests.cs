using Etl.Domain.Jobs.Watching;

namespace Etl.Domain.Tests.Jobs.Watching;

/// <summary>Which batches are traced.</summary>
public sealed class TraceSampleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(1_000, 190)]
    [InlineData(10_000, 280)]
    [InlineData(1_000_000, 460)]
    public void The_first_hundred_and_then_ever_fewer(int batches, int traced) =>
        Assert.Equal(traced, Enumerable.Range(0, batches).Count(i => TraceSample.Takes(i)));
}
