using Microsoft.Win32.SafeHandles;

namespace Etl.Benchmarks.Generator;

/// <summary>
/// Writes a workload on all processors. Each thread makes a block of its own; only the offset of a block waits for the blocks before it,
/// so the threads write to the file at the same time.
/// </summary>
internal sealed class WorkloadFile(Workload workload, SafeFileHandle file)
{
    private readonly object _turn = new();
    private long _nextBlock = -1, _blockAtTurn, _end;

    public long Malformed { get; private set; }

    public long Bytes => _end;

    public void Write()
    {
        ReadOnlySpan<byte> header = "country,year,gdp_usd_million\n"u8;
        RandomAccess.Write(file, header, 0);
        _end = header.Length;
        Parallel.For(0, Environment.ProcessorCount, _ => WriteBlocks());
    }

    private void WriteBlocks()
    {
        var buffer = new byte[Workload.RowsPerBlock * BlockWriter.LongestRow];
        for (var block = Interlocked.Increment(ref _nextBlock); block < workload.Blocks; block = Interlocked.Increment(ref _nextBlock))
        {
            var writer = new BlockWriter(buffer, workload, block);
            writer.Write(workload.RowsOf(block));
            RandomAccess.Write(file, buffer.AsSpan(0, writer.Length), Reserve(block, writer.Length, writer.Malformed));
        }
    }

    private long Reserve(long block, int bytes, int malformed)
    {
        lock (_turn)
        {
            while (_blockAtTurn != block) Monitor.Wait(_turn);
            var offset = _end;
            _end += bytes;
            Malformed += malformed;
            _blockAtTurn++;
            Monitor.PulseAll(_turn);
            return offset;
        }
    }
}
