using BenchmarkDotNet.Attributes;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Benchmarks.Micro;

/// <summary>A mapper's work on one batch: bytes to a partial per region. One mapper throughout, as an actor has it.</summary>
public class ParserBenchmarks
{
    private const string Header = "country,year,gdp_usd_million\n";

    private readonly FileBatchMapper _mapper = new();
    private readonly RowCursor _cursor = new();
    private readonly FilePlan _plan = new(
        Samples.Plan,
        new FileLayout(RecordFormat.Csv, (byte)',', 3, 0, 1, 2, "country", "year", "gdp_usd_million", Header.Length),
        0, false, false, 1 << 20, BatchTally.MaxRejections);

    private BatchBytes _batch;

    [Params(1, 8)]
    public int Mebibytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var buffer = Samples.Rows(Mebibytes << 20, BatchBytes.Padding);
        // Not a file's first batch, so that no header has to be skipped.
        _batch = new(buffer, 0, buffer.Length - BatchBytes.Padding, 1 << 30, 0);
        var mapped = _mapper.Map(_batch, _plan, _cursor) as FileBatch.Mapped ?? throw new InvalidOperationException("the batch was refused");
        var tally = mapped.Batch.Tally;
        if (tally.Records + tally.Quarantined != mapped.Lines) throw new InvalidOperationException("rows are missing");
        Console.WriteLine($"// {tally.Records} rows in {Mebibytes} MiB, and {tally.Quarantined} malformed");
    }

    [Benchmark]
    public FileBatch Map() => _mapper.Map(_batch, _plan, _cursor);
}
