using System.Runtime.InteropServices;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>A run over a compressed file is stopped while it is decompressed: in order, whatever the moment.</summary>
public sealed class StoppedStreamTests(UndisturbedFile undisturbed) : IClassFixture<UndisturbedFile>
{
    [SkippableFact]
    public async Task A_signal_in_the_middle_of_a_compressed_file_is_no_crash()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        // Decompression is most of the work: the signal comes in the middle of it.
        var content = await File.ReadAllBytesAsync(undisturbed.Path);
        var header = Array.IndexOf(content, (byte)'\n') + 1;
        var path = workspace.Write("long.csv.gz", Compressed.Gzip([.. content, .. Enumerable.Repeat(content[header..], 20).SelectMany(c => c)]));
        for (var round = 0; round < 6; round++)
        {
            using var run = workspace.Start(path, "--year", "all", "--duplicates", "sum", "--fresh");
            Assert.True(await run.UntilAsync(() => workspace.LogMessages().Count(m => m == "Map started") > round), "the run ended before the signal");
            await Task.Delay(round * 3);
            run.Send(PosixSignal.SIGTERM);
            (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(143);
        }
    }
}
