using System.Net.Sockets;
using Etl.Actors.Hosting;
using Etl.Dashboard;
using Etl.Dashboard.Security;
using Etl.Host.Commands;
using Etl.Host.Telemetry;

namespace Etl.Host.Service;

/// <summary>A host from its start to its end. Everything of the web is loaded here, and nowhere else.</summary>
internal static class HostService
{
    private const int Disk = 74;

    /// <summary>Runs until a signal, or until it cannot go on; the exit code.</summary>
    /// <exception cref="RunException">It cannot start.</exception>
    public static async Task<int> RunAsync(HostArguments arguments, Terminal terminal, Interruption interruption)
    {
        Directory.CreateDirectory(arguments.OutputRoot);
        var report = new HostReport(terminal);
        await using var host = await JobHost.OpenAsync(arguments.Request).ConfigureAwait(false);
        // Inputs are named from here, as a person who stands here would name them.
        Directory.SetCurrentDirectory(arguments.InputRoot);
        var (token, isNew) = arguments.AsksForToken ? TokenOf(arguments.TokenFile) : (null, false);
        var options = new WebOptions(
            arguments.Address, arguments.Port, arguments.Names, token, arguments.Certificate, arguments.Key, arguments.BehindProxy, arguments.InputRoot,
            arguments.OutputRoot, arguments.AllowChaos);
        using var telemetry = HostMetrics.Start(report);
        var app = WebHost.Build(
            host, options, report, new JobDesk(host, arguments, report), new CallersLifetime(), "etl", more: web => HostMetrics.Map(web, telemetry));
        await using var _ = app.ConfigureAwait(false);
        try
        {
            await app.StartAsync(interruption.Token).ConfigureAwait(false);
        }
        catch (IOException taken) when (taken.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new RunException(2, $"{arguments.Address}:{arguments.Port} is in use by another program; choose another with --port", taken);
        }
        catch (SocketException refused)
        {
            throw new RunException(2, $"{arguments.Address}:{arguments.Port} cannot be listened at: {refused.Message}; choose another with --bind and --port", refused);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return 0;
        }

        await host.System.WaitAsync(interruption.Token).ConfigureAwait(false);
        var address = WebHost.AddressOf(app);
        host.Announce(address);
        if (!arguments.Quiet) Greet(terminal, arguments, address);
        // Printed once, and asked for by everybody else: even a quiet host has to tell it.
        if (token is not null && isNew) terminal.Error.WriteLine($"token {token}");
        interruption.OnFirst = () => terminal.Error.WriteLine("stopping in order; once more to stop at once");
        var stopped = Task.Delay(Timeout.Infinite, interruption.Token);
        using var over = new CancellationTokenSource();
        var memory = IdleMemory.KeepAsync(host, over.Token);
        var first = await Task.WhenAny(host.Lost, stopped).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await memory.ConfigureAwait(false);
        await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (first == stopped)
        {
            if (!arguments.Quiet) terminal.Error.WriteLine("stopped; what is unfinished goes on at the next start");
            return 0;
        }

        var (code, reason) = await host.Lost.ConfigureAwait(false);
        return CommandLine.Error(terminal, code, reason);
    }

    private static void Greet(Terminal terminal, HostArguments arguments, Uri address)
    {
        terminal.Out.WriteLine($"etl host ready   {address}");
        terminal.Out.WriteLine($"inputs below     {arguments.InputRoot}");
        terminal.Out.WriteLine($"results below    {arguments.OutputRoot}");
        terminal.Out.WriteLine($"submit           etl run --host {address.ToString().TrimEnd('/')} FILE");
        terminal.Out.Flush();
    }

    private static (string Token, bool IsNew) TokenOf(string? file)
    {
        if (file is null) return (AccessToken.New(), true);
        try
        {
            if (File.Exists(file))
                return File.ReadAllText(file).Trim() is { Length: >= 20 } known ? (known, false)
                    : throw new RunException(2, $"--token-file {file} holds less than 20 characters, which could be guessed; delete it, and a new token is put there");
            var made = AccessToken.New();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, options);
            using var writer = new StreamWriter(stream);
            writer.WriteLine(made);
            return (made, true);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RunException(Disk, $"--token-file {file} cannot be read or written: {unreadable.Message}", unreadable);
        }
    }
}
