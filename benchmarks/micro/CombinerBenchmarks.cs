using BenchmarkDotNet.Attributes;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Benchmarks.Micro;

/// <summary>A reducer's work: partials of equal keys, as the batches of a large file give them.</summary>
public class CombinerBenchmarks
{
    private const int GroupSize = 16;

    private PartialAggregate _left = null!, _right = null!;
    private RegionState _state = null!;
    private PartialOffer[] _offers = null!;

    /// <summary>810: what a sixth of the workload's keys comes to, and a little less.</summary>
    [Params(810)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _left = Samples.Partial(Entries, 1);
        _right = Samples.Partial(Entries, 2);
        _offers = [.. Enumerable.Range(0, GroupSize).Select(i => new PartialOffer(new(0, 100 + i), Samples.Partial(Entries, i)))];
        _state = new(BatchSet.FromRanges([new(0, 0, 99)]), _left, 0);
    }

    [Benchmark(Description = "PartialAggregate.Combine")]
    public PartialAggregate Combine() => PartialAggregate.Combine(_left, _right);

    /// <summary>One write of a reducer: sixteen batches decided on as one event, and the state after it.</summary>
    [Benchmark(Description = "RegionReduction, per batch of a group of 16", OperationsPerInvoke = GroupSize)]
    public RegionState Reduce() =>
        RegionReduction.Decide(_state, _offers) is Decision<RegionEvent, string>.Accepted accepted
            ? RegionReduction.Fold(_state, accepted.Events)
            : throw new InvalidOperationException("the offers were not accepted");
}
