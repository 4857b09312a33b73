using System.Text.RegularExpressions;
using Akka.Actor;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Architecture;

/// <summary>Where things live, and what they may know.</summary>
public sealed class ArchitectureTests
{
    private const int HardStop = 250;
    private const string Policy = "SupervisionPolicy.cs";

    private static readonly Type[] ActorTypes =
        [.. typeof(EtlSupervisor).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(ActorBase)))];

    [Fact]
    public void Only_the_policy_creates_a_strategy_or_a_back_off()
    {
        const string creation = @"\b((?:OneForOne|AllForOne|Stopping|Default)\w*Strategy\b(?!\.Decider)|BackoffSupervisor|Backoff\.On\w+|SupervisorStrategyConfigurator)";
        var creators = SourceFiles.Of("src").Where(f => SourceFiles.Matches(f, creation).Any()).Select(f => Path.GetFileName(f)).ToArray();
        Assert.Equal([Policy], creators);
    }

    [Theory]
    [InlineData("src/Actors/Extract/Sources")]
    [InlineData("src/Actors/Load/Sinks")]
    [InlineData("src/Domain")]
    public void Sources_sinks_and_the_core_know_no_actors(string folder) =>
        Assert.All(SourceFiles.Of(folder), file => Assert.DoesNotMatch(@"\bAkka\b|\bIActorRef\b|Etl\.Actors\.(Protocol|Jobs|Map|Reduce|Supervision)\b", SourceFiles.Code(file)));

    [Fact]
    public void Dependencies_point_one_way()
    {
        Assert.DoesNotContain(References(typeof(Job)), name => name.StartsWith("Etl.", StringComparison.Ordinal) || name.StartsWith("Akka", StringComparison.Ordinal));
        Assert.Equal(["Etl.Domain"], References(typeof(EtlSupervisor)).Where(name => name.StartsWith("Etl.", StringComparison.Ordinal)));
        Assert.Contains("Akka", References(typeof(EtlSupervisor)));
    }

    [Fact]
    public void No_cluster_no_web_server_and_PostgreSQL_in_files_of_its_own_alone()
    {
        Assert.DoesNotContain(
            References(typeof(EtlSupervisor)),
            name => name.StartsWith("Akka.Cluster", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        var users = SourceFiles.Of("src/Actors").Where(f => Regex.IsMatch(SourceFiles.Code(f), @"\bNpgsql\w*\b")).Select(f => Path.GetFileName(f)).ToArray();
        Assert.NotEmpty(users);
        // That a run on its defaults does not load the driver is shown on the real process (LeanRunTests).
        Assert.All(users, name => Assert.StartsWith("Postgres", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Actors_are_sealed_and_named_as_such()
    {
        Assert.True(ActorTypes.Length >= 12);
        Assert.All(ActorTypes.Where(t => !t.IsAbstract), t => Assert.True(t.IsSealed, t.Name));
        Assert.All(ActorTypes.Where(t => !t.IsAbstract), t => Assert.True(t.Name.EndsWith("Actor", StringComparison.Ordinal) || t == typeof(EtlSupervisor), t.Name));
    }

    [Fact]
    public void Actors_neither_await_nor_ask_nor_block_nor_schedule()
    {
        const string banned = @"\b(ReceiveAsync|CommandAsync|RunTask|PersistAsync|PersistAllAsync|ScheduleTell\w*|Thread\.Sleep|Task\.Delay)\b|\.Ask<|\.Ask\(|\.Wait\(|\.GetAwaiter\(\)|\.Result\b(?=;)";
        Assert.All(
            ActorFiles().Where(f => Path.GetFileName(f) != "RunWatcherActor.cs"),
            file => Assert.Empty(Regex.Matches(SourceFiles.Code(file), banned).Select(m => $"{Path.GetFileName(file)}: {m.Value}")));
    }

    [Fact]
    public void An_actor_fits_on_a_few_screens()
    {
        Assert.NotEmpty(ActorFiles());
        Assert.All(ActorFiles(), file =>
        {
            var lines = File.ReadAllLines(file);
            var length = lines.Length - Array.FindIndex(lines, line => Regex.IsMatch(line, "^public sealed (partial )?class"));
            Assert.True(length < HardStop, $"{Path.GetFileName(file)}: {length} lines");
        });
    }

    [Fact]
    public void Every_message_of_a_protocol_is_for_the_wire_or_local_and_never_both()
    {
        var messages = typeof(IWireMessage).Assembly.GetTypes()
            .Where(t => t is { Namespace: "Etl.Actors.Protocol", DeclaringType: not null, IsInterface: false }).ToArray();
        Assert.True(messages.Length > 20);
        Assert.All(messages, t => Assert.True(
            t.IsAssignableTo(typeof(IWireMessage)) != t.IsAssignableTo(typeof(ILocalMessage)), t.Name));
    }

    [Fact]
    public void What_an_actor_tells_itself_is_a_local_message()
    {
        var own = ActorTypes.Append(typeof(JobCatalogActor).Assembly.GetType("Etl.Actors.Jobs.CoordinatorTicks", throwOnError: true)!)
            .SelectMany(t => t.GetNestedTypes(System.Reflection.BindingFlags.NonPublic))
            .Where(t => t.Name.EndsWith("Tick", StringComparison.Ordinal) || t.Name is "ReadDone" or "TryAgain" or "SinkDone" or "SinkFailed" or "Begin").ToArray();
        Assert.True(own.Length >= 8);
        Assert.All(own, t => Assert.True(t.IsAssignableTo(typeof(ILocalMessage)), $"{t.DeclaringType?.Name}.{t.Name}"));
    }

    private static IEnumerable<string> ActorFiles() =>
        SourceFiles.Of("src/Actors").Where(f => ActorTypes.Any(t => Path.GetFileNameWithoutExtension(f) == t.Name));

    private static IEnumerable<string> References(Type of) => of.Assembly.GetReferencedAssemblies().Select(a => a.Name!);
}
