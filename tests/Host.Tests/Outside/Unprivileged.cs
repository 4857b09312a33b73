using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The program as a user who may not do everything.</summary>
internal static class Unprivileged
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Root may read and write anywhere; without its capabilities it is a user like others.
    public static async Task<EtlResult> RunAsync(IEnumerable<string> arguments)
    {
        var setpriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);
        Skip.If(Environment.IsPrivilegedProcess && setpriv is null, "as root this needs setpriv of util-linux");
        using var process = Environment.IsPrivilegedProcess
            ? EtlProcess.StartAs(setpriv!, ["--bounding-set=-all", "--inh-caps=-all", EtlProcess.Program, .. arguments])
            : EtlProcess.Start(arguments);
        return await process.WaitAsync(Limit);
    }
}
