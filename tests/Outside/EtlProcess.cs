using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Etl.Tests.Outside;

/// <summary>What a process of the program left behind.</summary>
/// <param name="PeakBytes">Most memory that it held at once, as the kernel counts it; 0 where the kernel does not tell.</param>
public sealed record EtlResult(int ExitCode, string Out, string Error, TimeSpan Elapsed, long PeakBytes)
{
    /// <summary>This result, when its exit code is as expected; otherwise the test fails, showing what the program said.</summary>
    public EtlResult ExitsWith(int expected)
    {
        Assert.True(ExitCode == expected, $"exit code {ExitCode}, expected {expected}\n--- stdout\n{Out}\n--- stderr\n{Error}");
        return this;
    }
}

/// <summary>The built program as a real process: nothing of it runs inside the tests.</summary>
public sealed class EtlProcess : IDisposable
{
    /// <summary>A run takes about a second; this is for a machine that does much else.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Process process;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Task<string> output;
    private readonly Task<string> error;
    private readonly Task<long> peak;

    private EtlProcess(Process process, byte[] input, bool open)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
        // A program that dies in the middle of its input breaks the pipe.
        Written = Task.Run(() =>
        {
            try
            {
                process.StandardInput.BaseStream.Write(input);
                if (open) process.StandardInput.BaseStream.Flush();
                else process.StandardInput.Close();
            }
            catch (IOException)
            {
            }
        });
        peak = Task.Run(WatchPeakAsync);
    }

    /// <summary>The program in the build output beside this test project's, or the one that <c>ETL_TESTS_PROGRAM</c> names: a published one starts in half the time.</summary>
    public static string Program { get; } = FindProgram();

    /// <summary>Over when the program has taken all of its input but what a pipe holds, or takes no more.</summary>
    public Task Written { get; }

    /// <summary>Process id.</summary>
    public int Id => process.Id;

    /// <summary>Runs to the end.</summary>
    public static async Task<EtlResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var run = Start(arguments);
        return await run.WaitAsync(Limit);
    }

    /// <summary>Runs to the end with this on standard input.</summary>
    public static async Task<EtlResult> RunWithInputAsync(byte[] input, params IEnumerable<string> arguments)
    {
        using var run = StartAs(Program, arguments, input);
        return await run.WaitAsync(Limit);
    }

    /// <summary>Starts with this on standard input, which does not end then: whoever writes into the pipe takes a pause.</summary>
    public static EtlProcess StartWithOpenInput(byte[] input, params IEnumerable<string> arguments) => StartAs(Program, arguments, input, open: true);

    /// <summary>Starts; the caller waits for it.</summary>
    public static EtlProcess Start(params IEnumerable<string> arguments) => StartAs(Program, arguments);

    /// <summary>Starts the program through another one (<c>setpriv ... etl ...</c>).</summary>
    public static EtlProcess StartAs(string file, IEnumerable<string> arguments, byte[]? input = null, bool open = false)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
            StandardErrorEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
            WorkingDirectory = Path.GetTempPath(),
        };
        // The program finds the runtime that the tests run on, wherever it is installed.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new(Process.Start(start)!, input ?? [], open);
    }

    /// <summary>Waits for the end; a process that outstays the limit is killed, and the test fails.</summary>
    public async Task<EtlResult> WaitAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"still running after {limit}\n--- stdout\n{await output}\n--- stderr\n{await error}");
        }

        var elapsed = clock.Elapsed;
        return new(process.ExitCode, await output, await error, elapsed, await peak);
    }

    /// <summary>Waits, polling, until something is so, or the process is over; false in the latter case.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition)
    {
        while (clock.Elapsed < Limit)
        {
            if (condition()) return true;
            if (process.HasExited) return condition();
            await Task.Delay(Poll);
        }

        throw new TimeoutException("what was waited for did not come");
    }

    /// <summary>Kills as by <c>kill -9</c>.</summary>
    public void Kill() => process.Kill();

    /// <summary>Holds the process where it is (SIGSTOP).</summary>
    public void Pause() => Send(OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>Lets a paused process go on (SIGCONT).</summary>
    public void Continue() => Send(OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>Asks to stop.</summary>
    public void Send(PosixSignal signal) => Send(signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    });

    /// <inheritdoc />
    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private void Send(int signal) => Assert.Equal(0, kill(process.Id, signal));

    private static string FindProgram()
    {
        if (Environment.GetEnvironmentVariable("ETL_TESTS_PROGRAM") is { Length: > 0 } named)
            return File.Exists(named) ? Path.GetFullPath(named) : throw new FileNotFoundException("ETL_TESTS_PROGRAM names no file", named);
        // .../bin/Host.Tests/<configuration>/ and .../bin/Host/<configuration>/ stand side by side.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var file = Path.Combine(own.Parent!.Parent!.FullName, "Host", own.Name, OperatingSystem.IsWindows() ? "etl.exe" : "etl");
        return File.Exists(file) ? file : throw new FileNotFoundException("the program was not built", file);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    // VmHWM only grows, so the last reading before the end is the peak but for its last milliseconds.
    private async Task<long> WatchPeakAsync()
    {
        var highest = 0L;
        while (OperatingSystem.IsLinux() && Peak(process.Id) is { } now)
        {
            highest = Math.Max(highest, now);
            await Task.Delay(Poll);
        }

        return highest;
    }

    private static long? Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
