using System.Runtime.InteropServices;

namespace Etl.Host;

/// <summary>
/// A wish to stop: the first SIGINT or SIGTERM cancels <see cref="Token"/> and lets the run end in order, a second one ends the process
/// at once. Ending at once is safe: what is journalled is resumed.
/// </summary>
public sealed class Interruption : IDisposable
{
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private int exitCode;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>130 after SIGINT, 143 after SIGTERM; null when there was no signal.</summary>
    public int? ExitCode => exitCode == 0 ? null : exitCode;

    /// <summary>Told on the first signal.</summary>
    public Action? OnFirst { get; set; }

    /// <summary>Listens to the signals of this process.</summary>
    public static Interruption OfProcess()
    {
        var interruption = new Interruption();
        interruption.Listen(PosixSignal.SIGINT, Interrupted);
        interruption.Listen(PosixSignal.SIGTERM, Terminated);
        return interruption;
    }

    /// <summary>What a signal does; false when it is not the first.</summary>
    public bool Signal(int code)
    {
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0) return false;
        OnFirst?.Invoke();
        source.Cancel();
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Listen(PosixSignal signal, int code) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (!Signal(code)) ExitNow(code);
    }));

    // Environment.Exit would wait for the actor system's own shutdown hook: just what a second signal is meant to cut short.
    private static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(code);
        else ExitWithoutHooks(code);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitWithoutHooks(int code);
}
