using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Domain;

namespace Etl.Host.Commands;

/// <summary>What <c>etl host</c> was asked for. Paths are absolute: the process moves to its input root.</summary>
public sealed record HostArguments(
    HostRequest Request, IPAddress Address, int Port, ImmutableArray<string> Names, string? TokenFile, string? Certificate, string? Key, bool BehindProxy,
    string InputRoot, string OutputRoot, bool AllowPrivateHosts, bool AllowChaos, bool Quiet)
{
    private const int DefaultPort = 5080;

    /// <summary>Reads a parsed command line; the error is what is wrong with the first bad value.</summary>
    internal static Result<HostArguments, string> Read(ParseResult parse, HostOptions options)
    {
        var read = new OptionReader(parse);
        var address = read.Value(options.Bind, IPAddress.Loopback, AddressOf);
        var certificate = read.Value(options.Certificate, null, File);
        var key = read.Value(options.Key, null, File);
        var behindProxy = parse.GetValue(options.BehindProxy);
        var inputRoot = read.Value(options.InputRoot, Directory.GetCurrentDirectory(), Folder)!;
        var outputRoot = Path.GetFullPath(read.Value(options.OutputRoot, "out", Reading<string>.Ok)!);
        var journal = new JournalRequest(
            Path.GetFullPath(read.Value(options.State, Path.Combine(outputRoot, ".etl"), Reading<string>.Ok)!),
            [.. read.Values(options.Config, Values.ConfigFile).Select(Absolute)], read.Values(options.Set, Values.Setting),
            Environment.GetEnvironmentVariable(PostgresSettings.Variable));
        var arguments = new HostArguments(
            new(journal, read.Value(options.Sink, [], Values.Sinks)), address!, read.Value(options.Port, DefaultPort, PortOf), read.Values(options.Name, NameOf),
            read.Value(options.TokenFile, null, text => Reading<string?>.Ok(Path.GetFullPath(text))), certificate, key, behindProxy, inputRoot, outputRoot,
            parse.GetValue(options.AllowPrivateHosts), parse.GetValue(options.AllowChaos), parse.GetValue(options.Quiet));
        if (key is not null && certificate is null) read.Fail("--tls-key goes with --tls-certificate: give both, or neither");
        if (!IPAddress.IsLoopback(address!) && certificate is null && !behindProxy)
            read.Fail($"--bind {address} lets others in, and what they send could be read on the way: give --tls-certificate, or --behind-proxy when a proxy in front ends TLS");
        return read.Problem is { } problem ? new Result<HostArguments, string>.Error(problem) : new Result<HostArguments, string>.Ok(arguments);
    }

    /// <summary>
    /// Others may reach it, by its address or through a proxy or a name in front of it, or a token was asked for: then it lets nobody in who does not
    /// know the token.
    /// </summary>
    public bool AsksForToken => !IPAddress.IsLoopback(Address) || BehindProxy || Names.Length > 0 || TokenFile is not null;

    // One of ours is part of the program, and no file.
    private static string Absolute(string file) => System.IO.File.Exists(file) ? Path.GetFullPath(file) : file;

    private static Reading<IPAddress> AddressOf(string text) =>
        text == "localhost" ? Reading<IPAddress>.Ok(IPAddress.Loopback)
        : IPAddress.TryParse(text, out var address) ? Reading<IPAddress>.Ok(address)
        : Reading<IPAddress>.Bad($"takes an address such as 127.0.0.1, 0.0.0.0 or ::1, not '{text}'");

    private static Reading<int> PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? Reading<int>.Ok(port) : Reading<int>.Bad($"takes a number from 0 to 65535, not '{text}'");

    private static Reading<string> NameOf(string text) => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
        ? Reading<string>.Ok(text) : Reading<string>.Bad($"takes a name such as etl.example.org, not '{text}'");

    private static Reading<string?> File(string text) =>
        System.IO.File.Exists(text) ? Reading<string?>.Ok(Path.GetFullPath(text)) : Reading<string?>.Bad($"takes a file, and there is no '{text}'");

    private static Reading<string> Folder(string text) =>
        Directory.Exists(text) ? Reading<string>.Ok(Path.GetFullPath(text)) : Reading<string>.Bad($"takes a directory, and there is no '{text}'");
}
