using System.CommandLine;

namespace Etl.Host.Commands;

/// <summary>The options of <c>etl host</c>.</summary>
internal sealed class HostOptions
{
    public Option<string?> Bind { get; } = Text("--bind", "ADDRESS", "Where to listen. Default: 127.0.0.1, this machine alone; elsewhere, behind a proxy and under other names a token is asked for");

    public Option<string?> Port { get; } = Text("--port", "N", "Default: 5080; 0 takes one that is free, and tells it");

    public Option<string[]> Name { get; } = Texts("--name", "NAME", "A name that requests may call this host by, beside its address; may be repeated");

    public Option<string?> TokenFile { get; } = Text("--token-file", "FILE", "Asks for the token that it holds, and gets a new one when it is not there. Default: where a token is asked for, a new one at each start");

    public Option<string?> Certificate { get; } = Text("--tls-certificate", "FILE", "PEM with --tls-key, or PKCS #12");

    public Option<string?> Key { get; } = Text("--tls-key", "FILE", "The certificate's key, PEM");

    public Option<bool> BehindProxy { get; } = Flag("--behind-proxy", "A proxy in front ends TLS; without it or a certificate, others are not let in");

    public Option<string?> InputRoot { get; } = Text("--input-root", "DIR", "Jobs read files below it alone. Default: the current directory");

    public Option<string?> OutputRoot { get; } = Text("--output-root", "DIR", "Jobs write below it alone, each into a folder. Default: out");

    public Option<bool> AllowPrivateHosts { get; } = Flag("--allow-private-hosts", "Jobs may fetch also from this machine and its network, and from any port");

    public Option<bool> AllowChaos { get; } = Flag("--allow-chaos", "Faults may be injected, by buttons and by the API");

    public Option<string?> Sink { get; } = Text("--sink", "NAMES", "Where results go unless a job says it. Default: json,sqlite");

    public Option<string?> State { get; } = Text("--state", "DIR", "Where the journal is. Default: .etl inside --output-root");

    public Option<string[]> Config { get; } = Texts("--config", "FILE.conf", "HOCON settings; may be repeated, later ones win");

    public Option<string[]> Set { get; } = Texts("--set", "PATH=VALUE", "One setting; may be repeated, wins over files");

    public Option<bool> Quiet { get; } = Flag("--quiet", "Nothing but warnings and errors");

    public IReadOnlyList<Option> All =>
    [
        Bind, Port, Name, TokenFile, Certificate, Key, BehindProxy, InputRoot, OutputRoot, AllowPrivateHosts, AllowChaos, Sink, State, Config, Set, Quiet,
    ];

    private static Option<string?> Text(string name, string value, string about) => new(name) { HelpName = value, Description = about };

    private static Option<string[]> Texts(string name, string value, string about) => new(name)
    {
        HelpName = value,
        Description = about,
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
    };

    private static Option<bool> Flag(string name, string about) => new(name) { Description = about, Arity = ArgumentArity.Zero };
}
